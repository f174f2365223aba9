import { avatar, clock, face, h } from './dom.js'
import { renderMessage } from './messages.js'
import { actionButton } from './parts.js'

/** The messages of one chat. An entry: `{ by: 'bot'|'user'|'note', … }`. */

const log = document.getElementById('log')
const quick = document.getElementById('quick')

const isAtEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 80
const toEnd = () => {
  log.scrollTop = log.scrollHeight
}
// Pictures and quick replies change heights: who was at the end stays there.
let follows = true
log.addEventListener('scroll', () => {
  follows = isAtEnd()
})
new ResizeObserver(() => follows && toEnd()).observe(log)
log.addEventListener('load', () => follows && toEnd(), true)

const note = ({ text, tone }) => h('p', { class: 'note', 'data-tone': tone }, h('span', {}, text))

const row = (entry, view, message, isFirst) => {
  const mine = entry.by === 'user' && entry.user === view.speaker
  const name = entry.by === 'bot' ? view.botName : view.nameOf(entry.user)
  const side = mine ? 'me' : entry.by === 'bot' ? 'bot' : 'other'
  return h(
    'div',
    { class: `message ${side}`, 'data-first': isFirst },
    !mine && h('span', { class: 'who' }, isFirst && (entry.by === 'bot' ? face(view.bot?.name ?? name) : avatar(name))),
    h(
      'div',
      { class: 'said' },
      h('span', { class: mine || !isFirst ? 'hidden' : 'name' }, mine ? 'You' : name, h('span', { class: 'hidden' }, ': ')),
      h('div', { class: 'line' }, renderMessage(message, view), h('time', {}, clock(entry.time))),
    ),
  )
}

const rowsOf = (entry, view, before) => {
  if (entry.by === 'note') return [note(entry)]
  const continues = before?.by === entry.by && before?.user === entry.user && entry.time - before.time < 60_000
  return entry.messages.map((message, at) => row(entry, view, message, at === 0 && !continues))
}

let lastEntry
let dots

const dotsRow = (view, waking) =>
  h(
    'div',
    { class: 'message bot waiting', 'data-first': true },
    h('span', { class: 'who' }, face(view.bot?.name ?? 'bot')),
    h('div', { class: 'said' }, h('div', { class: 'line' }, h('div', { class: 'bubble dots', 'aria-label': waking ? 'The bot is waking up' : 'The bot is answering' }, h('i'), h('i'), h('i')), waking && h('small', { class: 'waking' }, 'waking up'))),
  )

/** Shows, or takes away, that an answer is awaited. */
export const showWaiting = (view, isWaiting, waking) => {
  dots?.remove()
  dots = isWaiting ? dotsRow(view, waking) : undefined
  if (dots) log.append(dots)
  if (follows) toEnd()
}

/** Only the last message's quick reply shows, until somebody says something. */
const showQuick = (entry, view) => {
  const items = entry?.by === 'bot' ? (entry.messages.at(-1)?.quickReply?.items ?? []) : []
  quick.replaceChildren(...items.map(({ action }) => actionButton(action, view.act)))
  quick.hidden = items.length === 0
}

export const append = (entry, view) => {
  const wasFollowing = follows
  log.querySelector('.empty')?.remove()
  log.append(...rowsOf(entry, view, lastEntry))
  if (dots) log.append(dots)
  lastEntry = entry
  if (entry.by !== 'note') showQuick(entry, view)
  // Who has scrolled up reads on, unless they wrote it themselves.
  if (wasFollowing || entry.user === view.speaker) toEnd()
}

export const showAll = (entries, view, empty) => {
  log.replaceChildren()
  dots = undefined
  lastEntry = undefined
  follows = true
  showQuick(undefined, view)
  if (entries.length === 0) log.append(empty)
  for (const entry of entries) append(entry, view)
  toEnd()
}
