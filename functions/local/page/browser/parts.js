import { h, icon, langOf } from './dom.js'

/** What messages of several kinds are made of. `act(action)` does what an action says, for whoever is writing. */

export const isOpenable = (uri) => /^(?:(?:https?|tel|line):|\/content\/)/i.test(uri ?? '')

const isLoadable = (url) => /^https:|^\//.test(url ?? '')

export const link = (uri, props, ...children) =>
  isOpenable(uri)
    ? h('a', { href: uri, target: '_blank', rel: 'noopener noreferrer', ...props }, ...children)
    : h('span', props, ...children)

/** What could not be loaded is still there to see. */
const missing = (alt, words, kind) => h('span', { class: 'missing', role: 'img', 'aria-label': alt }, icon(kind), h('small', {}, words))

export const picture = (url, alt) => {
  const lost = () => missing(alt, 'picture not loaded', 'image')
  if (!isLoadable(url)) return lost()
  const image = h('img', { src: url, alt, referrerpolicy: 'no-referrer', onerror: () => image.replaceWith(lost()) })
  return image
}

/** Loaded when it is played. */
export const film = (url, poster) => {
  const lost = () => missing('Video', 'video not loaded', 'play')
  if (!isLoadable(url)) return lost()
  const player = h('video', { src: url, poster: isLoadable(poster) ? poster : undefined, controls: true, preload: 'none', playsinline: true, 'aria-label': 'Video', onerror: () => player.replaceWith(lost()) })
  return player
}

export const sound = (url) =>
  isLoadable(url) ? h('audio', { src: url, controls: true, preload: 'none', 'aria-label': 'Audio' }) : h('span', {}, 'Audio')

/** A button for an action, or a link where it opens one. */
export const actionButton = (action, act, ...inside) => {
  const label = inside.length > 0 ? inside : [action.label ?? action.text ?? action.uri ?? action.type]
  if (action.type === 'uri') return link(action.uri, { class: 'action' }, ...label)
  return h('button', { type: 'button', class: 'action', lang: langOf(action.label ?? ''), onclick: () => act(action) }, ...label)
}

/** Makes an element that holds others do what the action says; the innermost wins. */
export const pressable = (element, action, act) => {
  if (!action) return element
  const press = (event) => {
    event.stopPropagation()
    if (action.type !== 'uri') act(action)
    else if (isOpenable(action.uri)) open(action.uri, '_blank', 'noopener,noreferrer')
  }
  element.classList.add('pressable')
  element.setAttribute('role', action.type === 'uri' ? 'link' : 'button')
  element.setAttribute('tabindex', '0')
  if (action.label) element.setAttribute('aria-label', action.label)
  element.addEventListener('click', press)
  element.addEventListener('keydown', (event) => event.target === element && event.key === 'Enter' && press(event))
  return element
}

const colour = /^#(?:[0-9a-f]{6}|[0-9a-f]{8})$/i

/** Sets styles; a colour that is none, and what is undefined, is left out. */
export const styled = (element, styles) => {
  for (const [name, value] of Object.entries(styles)) {
    if (value === undefined || (name.endsWith('color') && !colour.test(value))) continue
    element.style.setProperty(name, value)
  }
  return element
}
