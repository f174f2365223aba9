/** Elements, and the little pictures that the page draws itself. */

const svgSpace = 'http://www.w3.org/2000/svg'

const put = (element, name, value) => {
  if (value === undefined || value === false || value === null) return
  if (typeof value === 'function') element.addEventListener(name.slice(2), value)
  else element.setAttribute(name, value === true ? '' : value)
}

const fill = (element, props, children) => {
  for (const [name, value] of Object.entries(props)) put(element, name, value)
  element.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false))
  return element
}

/** `h('p', { class: 'note', onclick }, 'text', element)`; texts stay texts. */
export const h = (tag, props = {}, ...children) => fill(document.createElement(tag), props, children)

export const svg = (tag, props = {}, ...children) =>
  fill(document.createElementNS(svgSpace, tag), props, children)

const strokes = {
  sticker: 'M12 3a9 9 0 1 0 9 9h-5a4 4 0 0 1-4-4zM12 3l9 9M8.500 14.500q2 2.500 5 1.500M8.500 10v.5',
  image: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.500 9v.01',
  more: 'M5.500 12a.5.5 0 1 0 .01 0M12 12a.5.5 0 1 0 .01 0M18.500 12a.5.5 0 1 0 .01 0',
  send: 'M12 20V5M5.500 11.500 12 5l6.500 6.500',
  pin: 'M12 21s7-6.500 7-12a7 7 0 0 0-14 0c0 5.500 7 12 7 12zM12 9v.01',
  play: 'M8 5l11 7-11 7z',
  save: 'M12 4v11M7.500 10.500 12 15l4.500-4.500M5 19.500h14',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  again: 'M4 12a8 8 0 1 1 2.500 5.800M4 19v-5h5',
}

export const icon = (name) =>
  svg('svg', { viewBox: '0 0 24 24', class: 'icon', 'aria-hidden': 'true' }, svg('path', { d: strokes[name] }))

const hashOf = (text) => [...text].reduce((sum, char) => Math.imul(sum ^ char.codePointAt(0), 16777619) >>> 0, 2166136261) >>> 3

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
const firstOf = (text) => graphemes.segment(text)[Symbol.iterator]().next().value?.segment ?? '?'

/** A person's sign: one of eight colours and the name's first letter. */
export const avatar = (name) =>
  h('span', { class: 'avatar', 'data-tone': String(hashOf(name) % 8), 'aria-hidden': 'true' }, firstOf(name))

export const groupAvatar = () =>
  h(
    'span',
    { class: 'avatar', 'data-tone': 'group', 'aria-hidden': 'true' },
    svg(
      'svg',
      { viewBox: '0 0 24 24', class: 'icon' },
      svg('path', { d: 'M8.500 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM3 19q0-5 5.500-5t5.500 5M15.500 11a2.600 2.600 0 1 0 0-5.200M16.500 14q4.500.5 4.500 5' }),
    ),
  )

/** A bot's face; `data-pods` of an element around it opens and closes the eyes. */
export const face = (name, tone = hashOf(name) % 4) =>
  svg(
    'svg',
    { viewBox: '0 0 40 40', class: 'face', 'data-tone': String(tone), 'aria-hidden': 'true' },
    svg('path', { class: 'head', d: 'M12 4h16a9 9 0 0 1 9 9v10a9 9 0 0 1-9 9h-8.500L12 38v-6a9 9 0 0 1-9-9V13a9 9 0 0 1 9-9z' }),
    svg('path', { class: 'lids', d: 'M10.500 18q3 3 6 0M23.500 18q3 3 6 0' }),
    svg('g', { class: 'eyes' }, svg('circle', { cx: 13.5, cy: 17.5, r: 2.6 }), svg('circle', { cx: 26.5, cy: 17.5, r: 2.6 })),
    svg('path', { class: 'mouth', d: 'M17 24q3 2.500 6 0' }),
  )

const moods = ['M-9-4v.01M9-4v.01M-7 6q7 7 14 0', 'M-12-4q3-4 6 0M6-4q3-4 6 0M-8 5q8 10 16 0z', 'M-11-6l5 3M11-6l-5 3M-6 9q6-6 12 0', 'M-9-4v.01M9-4v.01M0 5a3 3.500 0 1 0 .01 0', 'M-12-3h6M6-3h6M-6 7h12', 'M-9-4v.01M6-4h6M-7 5q8 6 13-1']

/** LINE's own pictures may not be loaded from here: a drawn one, the same for the same sticker. */
export const stickerPicture = (packageId, stickerId) => {
  const hash = hashOf(`${packageId}/${stickerId}`)
  return svg(
    'svg',
    { viewBox: '-50 -50 100 100', class: 'sticker-art', 'data-tone': String(hash % 8), role: 'img', 'aria-label': `Sticker ${packageId}/${stickerId}` },
    svg('path', { class: 'blob', d: 'M-4-40C20-44 42-24 41 2 40 27 20 41-3 41-27 41-42 24-41 0-40-22-26-37-4-40z', transform: `rotate(${(hash % 7) * 9 - 27})` }),
    svg('path', { class: 'mood', d: moods[Math.floor(hash / 8) % moods.length], transform: 'scale(1.500)' }),
  )
}

export const clock = (time) => new Date(time).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hour12: false })

/** 640 ms, 1.2 s */
export const duration = (ms) => (ms < 1000 ? `${Math.max(0, Math.round(ms))} ms` : `${(ms / 1000).toFixed(1)} s`)

/** As local mode's own API server is reached; a bare kubectl would mean whatever cluster is current. */
export const kubectl = (words) => `kubectl --kubeconfig .local/kubeconfig ${words}`

/** The language whose fonts a text wants, as far as its script tells. */
export const langOf = (text) => {
  if (/[\u3040-\u30ff]/.test(text)) return 'ja'
  if (/[\uac00-\ud7a3]/.test(text)) return 'ko'
  if (/[\u0e01-\u0e5b]/.test(text)) return 'th'
  return /\p{Script=Han}/u.test(text) ? 'zh-Hant' : undefined
}

/** A command to copy. */
export const command = (text) =>
  h(
    'p',
    { class: 'command' },
    h('code', {}, text),
    h(
      'button',
      {
        type: 'button',
        'aria-label': `Copy: ${text}`,
        onclick: ({ currentTarget }) => {
          navigator.clipboard?.writeText(text)
          currentTarget.dataset.done = ''
          setTimeout(() => delete currentTarget.dataset.done, 1200)
        },
      },
      icon('copy'),
    ),
  )

const tokens = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

/** JSON for reading, coloured. */
export const json = (value) => {
  const text = JSON.stringify(value, null, 2)
  const pre = h('pre', { class: 'json', tabindex: '0' })
  let from = 0
  for (const { 0: token, 1: quoted, 2: colon, index } of text.matchAll(tokens)) {
    pre.append(text.slice(from, index), h('span', { class: colon ? 'key' : quoted ? 'string' : 'literal' }, quoted ?? token), colon ?? '')
    from = index + token.length
  }
  pre.append(text.slice(from))
  return pre
}

const field = ({ label, name, options, ...input }) => {
  if (input.type === 'checkboxes')
    return h(
      'fieldset',
      {},
      h('legend', {}, label),
      options.map(({ value, text, checked }) =>
        h('label', { class: 'check' }, h('input', { type: 'checkbox', name, value, checked }), text),
      ),
    )
  return h('label', {}, h('span', {}, label), h('input', { name, required: true, ...input }))
}

/** Asks in a dialog. Resolves with the FormData, or undefined where it was closed. */
export const ask = ({ title, fields, submit }) =>
  new Promise((resolve) => {
    const form = h(
      'form',
      {
        onsubmit: (event) => {
          event.preventDefault()
          resolve(new FormData(form))
          dialog.close()
        },
      },
      h('h2', {}, title),
      fields.map(field),
      h(
        'p',
        { class: 'buttons' },
        h('button', { type: 'button', class: 'quiet', onclick: () => dialog.close() }, 'Cancel'),
        h('button', { class: 'primary' }, submit),
      ),
    )
    const dialog = h(
      'dialog',
      {
        'aria-label': title,
        onclose: () => {
          dialog.remove()
          resolve(undefined)
        },
      },
      form,
    )
    document.body.append(dialog)
    dialog.showModal()
  })

/** A menu that opens at its button. Items: `{ text, onclick }`. */
export const menu = (button, items) => {
  const list = h(
    'div',
    { class: 'menu', popover: 'auto', role: 'menu' },
    items.map(({ text, onclick, element }) =>
      element ?? h('button', { type: 'button', role: 'menuitem', onclick: () => (list.hidePopover(), onclick()) }, text),
    ),
  )
  list.addEventListener('toggle', ({ newState }) => {
    if (newState === 'closed') list.remove()
  })
  list.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1, ArrowRight: 1, ArrowLeft: -1 }[event.key]
    const all = [...list.querySelectorAll('button')]
    if (step === undefined) return
    event.preventDefault()
    all.at((all.indexOf(document.activeElement) + step) % all.length)?.focus()
  })
  document.body.append(list)
  list.showPopover()
  const { left, right, top, bottom } = button.getBoundingClientRect()
  const { offsetWidth: width, offsetHeight: height } = list
  const below = bottom + 8 + height < innerHeight
  list.style.setProperty('top', `${below ? bottom + 6 : Math.max(8, top - height - 6)}px`)
  list.style.setProperty('left', `${Math.max(8, left + width + 8 < innerWidth ? left : right - width)}px`)
  list.querySelector('button')?.focus()
  return list
}
