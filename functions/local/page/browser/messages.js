import { ask, h, langOf, stickerPicture, svg } from './dom.js'
import { flexible } from './flex.js'
import { actionButton, film, link, picture, pressable, sound, styled } from './parts.js'

/**
 * LINE's message objects as LINE shows them. `act(action)` does what an action says, for whoever is writing;
 * `nameOf(userId)` is for mentions.
 */

/** Text with its links, as LINE makes them. */
const linked = (text) =>
  text.split(/(https?:\/\/[^\s<>"'、。，」）]+)/).map((part, at) => (at % 2 === 1 ? link(part, {}, part) : part))

const lineEmoji = ({ productId, emojiId }) =>
  h('span', { class: 'emoji', role: 'img', 'aria-label': `LINE emoji ${productId}/${emojiId}`, title: `${productId}/${emojiId}` })

/** Each `$` that an emoji stands for is one. */
const withEmojis = (text, emojis = []) => {
  const parts = []
  let from = 0
  for (const emoji of emojis.toSorted((a, b) => a.index - b.index)) {
    parts.push(...linked(text.slice(from, emoji.index)), lineEmoji(emoji))
    from = emoji.index + 1
  }
  return [...parts, ...linked(text.slice(from))]
}

/** A `{key}` is what its substitution says, a doubled brace is one. */
const substituted = (substitution = {}, nameOf) => (text) => {
  const part = /^\{(\w+)\}$/.exec(text)
  const { type, mentionee, ...emoji } = substitution[part?.[1]] ?? {}
  if (type === 'mention') return h('span', { class: 'mention' }, `@${mentionee.type === 'all' ? 'All' : nameOf(mentionee.userId)}`)
  return type === 'emoji' ? lineEmoji(emoji) : linked(text.replace(/^\{\{$/, '{').replace(/^\}\}$/, '}'))
}

const bubble = (text, ...children) => h('div', { class: 'bubble', lang: langOf(text) }, ...children)

const pickerTypes = { date: 'date', time: 'time', datetime: 'datetime-local' }

/** Asks for the date or time of a datetimepicker action, and gives it as the postback's params. */
export const pick = async ({ label, mode, initial, min, max }) => {
  const inInput = (value) => value?.replace('t', 'T')
  const dates = { value: inInput(initial), min: inInput(min), max: inInput(max) }
  const given = await ask({
    title: label ?? 'Choose',
    fields: [{ label: { date: 'Date', time: 'Time', datetime: 'Date and time' }[mode], name: 'when', type: pickerTypes[mode], ...dates }],
    submit: 'Choose',
  })
  return given && { [mode]: given.get('when') }
}

const thumbnail = ({ thumbnailImageUrl, imageBackgroundColor }, { imageAspectRatio, imageSize }) =>
  thumbnailImageUrl &&
  styled(
    h('div', { class: 'thumbnail', 'data-ratio': imageAspectRatio ?? 'rectangle', 'data-fit': imageSize ?? 'cover' }, picture(thumbnailImageUrl, '')),
    { 'background-color': imageBackgroundColor },
  )

const card = (column, whole, act) =>
  h(
    'div',
    { class: 'card', lang: langOf(`${column.title ?? ''}${column.text}`) },
    pressable(
      h('div', { class: 'card-head' }, thumbnail(column, whole), h('div', { class: 'card-text' }, column.title && h('strong', {}, column.title), h('p', {}, column.text))),
      column.defaultAction,
      act,
    ),
    h('div', { class: 'card-actions' }, column.actions.map((action) => actionButton(action, act))),
  )

const rail = (...children) => h('div', { class: 'rail', tabindex: '0', role: 'group', 'aria-label': 'Carousel' }, ...children)

const templates = {
  buttons: (template, act) => card(template, template, act),
  confirm: ({ text, actions }, act) =>
    h(
      'div',
      { class: 'card confirm', lang: langOf(text) },
      h('div', { class: 'card-text' }, h('p', {}, text)),
      h('div', { class: 'card-actions' }, actions.map((action) => actionButton(action, act))),
    ),
  carousel: (template, act) => rail(template.columns.map((column) => card(column, template, act))),
  image_carousel: ({ columns }, act) =>
    rail(
      columns.map(({ imageUrl, action }) =>
        h('div', { class: 'card picture' }, actionButton(action, act, picture(imageUrl, action.label ?? ''), action.label && h('span', {}, action.label))),
      ),
    ),
}

const map = () =>
  svg(
    'svg',
    { viewBox: '0 0 240 96', class: 'map', 'aria-hidden': 'true', preserveAspectRatio: 'xMidYMid slice' },
    svg('path', { class: 'water', d: 'M0 70Q60 52 104 72T240 58V96H0z' }),
    svg('path', { class: 'roads', d: 'M-5 30 245 12M60-5 92 101M170-5 150 101M-5 58 120 44 245 52' }),
    svg('path', { class: 'here', d: 'M120 62s15-15 15-27a15 15 0 0 0-30 0c0 12 15 27 15 27z' }),
    svg('circle', { class: 'hole', cx: 120, cy: 35, r: 5.5 }),
  )

const location = ({ title, address, latitude, longitude }) =>
  h(
    'a',
    {
      class: 'card location',
      href: `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`,
      target: '_blank',
      rel: 'noopener noreferrer',
    },
    map(),
    h('div', { class: 'card-text' }, h('strong', {}, title ?? 'Location'), h('p', {}, address ?? `${latitude}, ${longitude}`)),
  )

const plain = (kind, text) => h('div', { class: 'card plain' }, h('small', {}, kind), h('p', {}, text))

/** What a tap on a part of an imagemap does, as other messages' actions say it. */
const tapped = ({ type, linkUri, label, ...rest }) => ({ type, label: label ?? linkUri ?? rest.text ?? rest.clipboardText, uri: linkUri, ...rest })

const within = (element, { x, y, width, height }, base) =>
  styled(element, {
    left: `${(x / base.width) * 100}%`,
    top: `${(y / base.height) * 100}%`,
    width: `${(width / base.width) * 100}%`,
    height: `${(height / base.height) * 100}%`,
  })

const imagemap = ({ baseUrl, altText, baseSize, video, actions }, { act }) => {
  const parts = actions.map((action) => within(pressable(h('span', { class: 'area', title: tapped(action).label }), tapped(action), act), action.area, baseSize))
  const playing = video && within(h('div', { class: 'area video' }, film(video.originalContentUrl, video.previewImageUrl)), video.area, baseSize)
  const more = video?.externalLink && link(video.externalLink.linkUri, { class: 'action' }, video.externalLink.label)
  const whole = styled(h('div', { class: 'imagemap' }, picture(`${baseUrl}/1040`, altText), parts, playing), {
    'aspect-ratio': `${baseSize.width}/${baseSize.height}`,
  })
  return more ? h('div', { class: 'mapped' }, whole, more) : whole
}

const coupon = ({ couponId, deliveryTag }) =>
  h('div', { class: 'card coupon' }, h('strong', {}, 'Coupon'), h('p', {}, couponId), deliveryTag && h('small', {}, deliveryTag))

const shown = {
  text: ({ text, emojis }) => bubble(text, ...withEmojis(text, emojis)),
  textV2: ({ text, substitution }, { nameOf }) =>
    bubble(text, ...text.split(/(\{\{|\}\}|\{\w+\})/).flatMap(substituted(substitution, nameOf))),
  sticker: ({ packageId, stickerId }) =>
    h('figure', { class: 'sticker' }, stickerPicture(packageId, stickerId), h('figcaption', {}, `${packageId}/${stickerId}`)),
  image: ({ originalContentUrl, previewImageUrl, id }) => {
    const url = id === undefined ? originalContentUrl : `/content/${id}`
    return link(url, { class: 'photo' }, picture(id === undefined ? previewImageUrl : url, 'Picture'))
  },
  video: ({ originalContentUrl, previewImageUrl }) => h('div', { class: 'photo video' }, film(originalContentUrl, previewImageUrl)),
  audio: ({ originalContentUrl, duration = 0 }) =>
    h('div', { class: 'bubble audio' }, sound(originalContentUrl), h('small', {}, `${Math.floor(duration / 60000)}:${String(Math.floor(duration / 1000) % 60).padStart(2, '0')}`)),
  location,
  imagemap,
  template: ({ template, altText }, { act }) => templates[template.type]?.(template, act) ?? plain(template.type, altText),
  flex: ({ contents }, { act }) => flexible(contents, act),
  coupon,
}

/** One message as an element. What this page does not know yet is shown by its type. */
export const renderMessage = (message, doing) => {
  try {
    return shown[message.type]?.(message, doing) ?? plain(message.type, message.altText ?? '')
  } catch {
    return plain(message.type, message.altText ?? 'cannot be shown')
  }
}
