import { ask, h, icon, menu, stickerPicture } from './dom.js'

/** Where a user writes: text, stickers, pictures, places, and postbacks by hand. */

const form = document.getElementById('composer')

/** A few of the sendable ones (LINE's list of stickers). */
const stickers = ['446/1988', '446/1989', '446/1993', '446/2005', '789/10855', '789/10877', '6325/10979904', '11537/52002734']

const pickSticker = (button, send) => {
  const buttons = stickers.map((name) => {
    const [packageId, stickerId] = name.split('/')
    const choose = () => {
      list.hidePopover()
      send({ type: 'sticker', packageId, stickerId })
    }
    return h('button', { type: 'button', role: 'menuitem', class: 'sticker-choice', onclick: choose }, stickerPicture(packageId, stickerId))
  })
  const list = menu(button, [{ element: h('div', { class: 'sticker-grid' }, buttons) }])
}

export const askLocation = async (send) => {
  const given = await ask({
    title: 'Location',
    fields: [
      { label: 'Title', name: 'title', value: '台北101', maxlength: '100' },
      { label: 'Address', name: 'address', value: '台北市信義區信義路五段7號', maxlength: '100' },
      { label: 'Latitude', name: 'latitude', type: 'number', step: 'any', min: '-90', max: '90', value: '25.0339' },
      { label: 'Longitude', name: 'longitude', type: 'number', step: 'any', min: '-180', max: '180', value: '121.5645' },
    ],
    submit: 'Send',
  })
  if (!given) return
  const [latitude, longitude] = [Number(given.get('latitude')), Number(given.get('longitude'))]
  send({ type: 'location', title: given.get('title'), address: given.get('address'), latitude, longitude })
}

const askPostback = async (postback) => {
  const given = await ask({
    title: 'Postback',
    fields: [
      { label: 'Data', name: 'data', value: 'action=buy&item=1', maxlength: '300' },
      { label: 'Display text, if any', name: 'displayText', required: false, maxlength: '300' },
    ],
    submit: 'Send',
  })
  if (given) postback({ data: given.get('data'), displayText: given.get('displayText') || undefined })
}

const file = h('input', { type: 'file', accept: 'image/png,image/jpeg,image/gif,image/webp', hidden: true, 'aria-label': 'Picture' })
export const choosePicture = () => file.click()

const text = h('textarea', { id: 'text', rows: '1', 'aria-label': 'Message', placeholder: 'Message', maxlength: '5000', enterkeyhint: 'send' })
const speakers = h('select', { id: 'speaker' })
const speaking = h('label', { class: 'speaking', hidden: true }, 'Write as', speakers)
const sendButton = h('button', { class: 'send', 'aria-label': 'Send' }, icon('send'))

/** What mentions the bot; undefined where nobody is mentioned. */
let mention

const insertMention = () => {
  text.setRangeText(`${mention} `, text.selectionStart, text.selectionEnd, 'end')
  text.focus()
  grow()
}

const grow = () => {
  text.style.setProperty('height', 'auto')
  text.style.setProperty('height', `${Math.min(text.scrollHeight, 160)}px`)
}

/** `doing`: send(message), sendPicture(file), postback({ data, displayText }), speak(userId). */
export const startComposer = ({ send, sendPicture, postback, speak }) => {
  const tool = (name, label, onclick) =>
    h('button', { type: 'button', class: 'tool', 'aria-label': label, title: label, onclick: ({ currentTarget }) => onclick(currentTarget) }, icon(name))
  const submit = () => {
    const written = text.value
    if (written.trim() === '') return
    text.value = ''
    grow()
    send({ type: 'text', text: written })
  }
  const more = (button) =>
    menu(button, [
      ...(mention === undefined ? [] : [{ text: 'Mention the bot', onclick: insertMention }]),
      { text: 'Send a location…', onclick: () => askLocation(send) },
      { text: 'Send a postback…', onclick: () => askPostback(postback) },
    ])
  form.append(
    speaking,
    h('div', { class: 'tools' }, tool('sticker', 'Stickers', (button) => pickSticker(button, send)), tool('image', 'Send a picture', choosePicture), tool('more', 'More', more)),
    h('div', { class: 'field' }, text),
    sendButton,
    file,
  )
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    submit()
  })
  text.addEventListener('input', grow)
  text.addEventListener('keydown', (event) => {
    // While an input method composes, Enter chooses characters; 229 is how Safari says so.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return
    event.preventDefault()
    submit()
  })
  file.addEventListener('change', () => {
    for (const one of file.files) sendPicture(one)
    file.value = ''
  })
  speakers.addEventListener('change', () => speak(speakers.value))
}

/** Who may write here; `why` says why nobody may; `name` is the bot's, in a group. */
export const showComposer = ({ members, speaker, why, name }) => {
  mention = name && `@${name}`
  speakers.replaceChildren(...members.map(({ userId, displayName }) => h('option', { value: userId, selected: userId === speaker }, displayName)))
  speaking.hidden = members.length < 2
  text.placeholder = why ?? (mention ? `Message, or ${mention} …` : 'Message')
  for (const element of form.elements) element.disabled = why !== undefined && element !== speakers
  form.toggleAttribute('inert', why !== undefined)
}

export const focusComposer = () => {
  // On a phone the keyboard would come up at once.
  if (matchMedia('(hover: hover)').matches) text.focus()
}
