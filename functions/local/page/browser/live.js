import { clock, command, duration, h, icon, json } from './dom.js'

/** The live strip: a card for each webhook with what came of it, and rows for what belongs to none. Newest first. */

const panel = document.getElementById('live')
const kept = 200

const cards = new Map()
const byEvent = new Map()
let openCard

const parse = (body) => {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

const titles = {
  follow: 'follows the bot',
  unfollow: 'blocks the bot',
  join: 'The bot joins',
  leave: 'The bot leaves',
  memberJoined: 'Somebody joins',
  memberLeft: 'Somebody leaves',
}

const titleOf = ({ type, message, postback }) => {
  if (type === 'message') return message.type === 'text' ? `“${message.text}”` : message.type
  return type === 'postback' ? `postback ${postback.data}` : (titles[type] ?? type)
}

const empty = () =>
  h(
    'div',
    { class: 'empty' },
    h('h2', {}, 'Nothing has happened yet'),
    h('p', {}, 'Write to the bot: its webhook, its waking, the rule that matched and its calls appear here as they happen.'),
    h('p', {}, 'Or from a terminal:'),
    command('npx linebot say hello 火龍'),
  )

const add = (element) => {
  panel.querySelector('.empty')?.remove()
  panel.prepend(element)
  while (panel.childElementCount > kept) panel.lastElementChild.remove()
}

const step = ({ tone, title, text, ms, raw }) => {
  const line = [h('span', { class: 'dot' }), h('span', { class: 'step-text' }, h('b', {}, title), text && h('span', {}, ` ${text}`)), h('span', { class: 'ms' }, ms === undefined ? '' : duration(ms))]
  return raw === undefined
    ? h('li', { class: 'step', 'data-tone': tone }, h('div', { class: 'step-line' }, line))
    : h('li', { class: 'step', 'data-tone': tone }, h('details', {}, h('summary', { class: 'step-line' }, line), json(raw)))
}

const cardFor = ({ id, channel, body, headers, url, redelivery, webhookEventIds, time }, { nameOf, botNameOf, redeliver }) => {
  const parsed = parse(body)
  const events = parsed?.events ?? []
  const [event] = events
  const who = event?.source?.userId ? nameOf(event.source.userId) : ''
  const steps = h('ol', { class: 'steps' })
  const total = h('span', { class: 'total' })
  const again = h('button', { type: 'button', class: 'again', title: 'Send this webhook again', 'aria-label': 'Send this webhook again', onclick: () => redeliver(channel, webhookEventIds) }, icon('again'))
  const element = h(
    'article',
    { class: 'trace', 'data-state': 'open' },
    h(
      'header',
      {},
      h('h3', {}, event ? titleOf(event) : 'webhook', events.length > 1 && ` +${events.length - 1}`),
      total,
      webhookEventIds.length > 0 && again,
      h('p', {}, [who, event?.source?.groupId && 'in a group', botNameOf(channel) && `→ ${botNameOf(channel)}`, redelivery && 'sent again', clock(time)].filter(Boolean).join(' · ').replace(' · →', ' →')),
    ),
    steps,
  )
  return { id, channel, time, element, steps, total, ids: webhookEventIds, wire: { url, headers, body: parsed ?? body }, wakes: undefined }
}

const end = (card, state) => {
  card.element.dataset.state = state
  if (openCard === card) openCard = undefined
}

const happened = {
  webhook: (happening, view) => {
    const card = cardFor(happening, view)
    cards.set(happening.id, card)
    for (const id of happening.webhookEventIds) byEvent.set(id, card)
    openCard = card
    add(card.element)
  },
  outcome: ({ id, status, ms, error, detail }) => {
    const card = cards.get(id)
    if (!card) return
    const words = error === undefined ? `acknowledged, ${status}` : `${error.replaceAll('_', ' ')}: ${detail}`
    card.steps.prepend(step({ tone: error === undefined ? 'good' : 'bad', title: 'Webhook', text: words, ms, raw: card.wire }))
    if (error !== undefined && error !== 'request_timeout') end(card, 'bad')
  },
  call: ({ call }) => {
    const { method, path, status, request, response, fault, webhookEventId, replyMs, time } = call
    const good = status < 400
    const raw = { ...(request === undefined ? {} : { request }), response }
    const card = byEvent.get(webhookEventId)
    if (!card) {
      const text = `${status}${fault ? ` · ${fault}` : ''}`
      add(h('ol', { class: 'steps lone' }, step({ tone: good ? 'call' : 'bad', title: `${method} ${path.replace(/U[0-9a-f]{32}/, 'U…')}`, text, raw })))
      return
    }
    const count = request?.messages?.length ?? 0
    const [detail] = response?.details ?? []
    const reason = detail ? `${detail.property}: ${detail.message}` : (response?.message ?? '')
    const text = good ? `${count} ${count === 1 ? 'message' : 'messages'}` : `refused, ${status}: ${reason}`
    card.steps.append(step({ tone: good ? 'good' : 'bad', title: 'Reply', text, ms: replyMs, raw }))
    card.total.textContent = duration(replyMs ?? time - card.time)
    end(card, good ? 'good' : 'bad')
  },
}

export const showHappening = (happening, view) => happened[happening.kind]?.(happening, view)

export const showWhy = ({ why, time, bot }) => {
  const { rule, binding, outcome, because, ms, rules } = why
  const [event, index] = rule?.split('/') ?? []
  const title = rule === undefined ? 'No rule' : `${event} · rule ${Number(index) + 1}`
  const tone = { answered: 'rule', failed: 'bad' }[outcome] ?? 'quiet'
  const one = step({ tone, title, text: because, raw: { bot, outcome, rule, binding, because, ms, rules } })
  const card = byEvent.get(why.webhookEventId)
  if (!card) return add(h('ol', { class: 'steps lone' }, one))
  const reply = [...card.steps.children].find((child) => child.textContent.startsWith('Reply'))
  if (reply) reply.before(one)
  else card.steps.append(one)
  if (outcome !== 'answered') {
    card.total.textContent = duration(time - card.time)
    end(card, outcome === 'failed' ? 'bad' : 'quiet')
  }
  return undefined
}

/** Waking belongs to the card that waits for it; going back to sleep to none. */
export const showServing = ({ bot, pods, starting, time }, before, { botIdOf }) => {
  const name = bot.split('/')[1]
  const was = before?.pods ?? 0
  const card = openCard && botIdOf(openCard.channel) === bot ? openCard : undefined
  if (pods > was && card) return void card.steps.append(step({ tone: 'wake', title: 'Awake', text: `${was} → ${pods}`, ms: time - card.time }))
  if (starting > 0 && pods === 0 && card) return void card.steps.append(step({ tone: 'wake', title: 'Waking', text: 'from zero', ms: time - card.time }))
  if (pods === was && starting === (before?.starting ?? 0)) return undefined
  const title = pods > was ? `${name} is awake` : pods === 0 && starting === 0 ? `${name} sleeps` : `${name} is waking`
  const tone = pods === 0 && starting === 0 ? 'sleep' : 'wake'
  return add(h('ol', { class: 'steps lone' }, step({ tone, title, text: `${was} → ${pods || starting} ${pods + starting === 1 ? 'pod' : 'pods'} · ${clock(time)}` })))
}

export const clearLive = () => {
  cards.clear()
  byEvent.clear()
  openCard = undefined
  panel.replaceChildren(empty())
}
