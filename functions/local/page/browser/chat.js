import { askLocation, choosePicture, focusComposer, showComposer, startComposer } from './composer.js'
import { command, face, groupAvatar, h, icon, kubectl, menu } from './dom.js'
import { clearLive, showHappening, showServing, showWhy } from './live.js'
import { append, showAll, showWaiting } from './log.js'
import { pick } from './messages.js'
import { askGroup, askMembers, askPerson, podsWord, showBots, showChats } from './people.js'
import { showResources } from './resources.js'

/** What the page knows, from the news that the server sends, and who is looking at what. */

const world = { bots: [], people: [], groups: [] }
const resources = new Map()
const pods = new Map()
const chats = new Map()
/** Channel and chat by the webhookEventId that waits for its answer. */
const waiting = new Map()
/** Chat of each event that could be answered, by its webhookEventId. */
const asked = new Map()
const unread = new Set()
const chosen = { bot: undefined, chat: undefined, speaker: undefined }

/** As long as a reply token is good for. */
const waitMs = 60_000

const chatKey = (channel, chat) => `${channel} ${chat}`
const bot = () => world.bots.find(({ id }) => id === chosen.bot)
const group = () => world.groups.find(({ groupId }) => groupId === chosen.chat)
const nameOf = (userId) => world.people.find((person) => person.userId === userId)?.displayName ?? `${String(userId).slice(0, 6)}…`
const key = () => chatKey(bot()?.channel, chosen.chat)
const entriesOf = (name) => {
  if (!chats.has(name)) chats.set(name, [])
  return chats.get(name)
}

const toast = document.getElementById('toast')
let toastTimer
const tell = (text) => {
  toast.textContent = text
  toast.hidden = false
  clearTimeout(toastTimer)
  toastTimer = setTimeout(() => {
    toast.hidden = true
  }, 6000)
}

const post = async (url, body, type) => {
  try {
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': type }, body })
    const answer = await response.json()
    if (response.ok) return answer
    tell(answer.message)
  } catch {
    tell('The page’s server does not answer. Is npm start still running?')
  }
  return undefined
}

const perform = (act) => post('/do', JSON.stringify(act), 'application/json')

/** Gives the chat as a file for linebot test. */
const saveAsTest = async () => {
  const response = await fetch(`/conversation?${new URLSearchParams({ channel: bot().channel, chat: chosen.chat })}`).catch(() => undefined)
  if (!response) return tell('The page’s server does not answer. Is npm start still running?')
  if (!response.ok) return tell((await response.json()).message)
  const link = h('a', { href: URL.createObjectURL(await response.blob()), download: `${bot().name}-conversation.yaml` })
  link.click()
  URL.revokeObjectURL(link.href)
  return undefined
}

const place = () => ({ channel: bot()?.channel, user: chosen.speaker, ...(group() ? { group: chosen.chat } : {}) })
const send = (message) => perform({ do: 'say', ...place(), message })
const postback = (given) => perform({ do: 'postback', ...place(), ...given })
const sendPicture = (file) => post(`/image?${new URLSearchParams(place())}`, file, file.type)

const pickAndSend = async (action) => {
  const params = await pick(action)
  if (params) postback({ data: action.data, params })
}

/** What a template's button or a quick reply does when it is pressed. */
const acts = {
  message: ({ text }) => send({ type: 'text', text }),
  postback: ({ data, displayText, text }) => postback({ data, displayText: displayText ?? text }),
  datetimepicker: pickAndSend,
  location: () => askLocation(send),
  camera: choosePicture,
  cameraRoll: choosePicture,
  clipboard: async ({ clipboardText }) => {
    await navigator.clipboard?.writeText(clipboardText)
    tell('Copied')
  },
}
const act = (action) => acts[action.type]?.(action)

const view = () => ({
  speaker: chosen.speaker,
  bot: bot(),
  chat: chosen.chat,
  botName: bot()?.displayName ?? bot()?.name ?? 'bot',
  nameOf,
  act,
  choose,
  podsOf: (id) => pods.get(id),
  isUnread: (chat) => unread.has(chatKey(bot()?.channel, chat)),
})

const liveView = {
  nameOf,
  botNameOf: (channel) => world.bots.find((one) => one.channel === channel)?.name,
  botIdOf: (channel) => world.bots.find((one) => one.channel === channel)?.id,
  redeliver: (channel, webhookEventIds) => perform({ do: 'redeliver', channel, webhookEventIds }),
}

/** What stands in the way of the bot's answering, for a person. */
const obstacle = () => {
  const one = bot()
  if (!one) return undefined
  const ready = resources.get(`Bot ${one.namespace}/${one.name}`)?.conditions.find(({ type }) => type === 'Ready')
  const describe = kubectl(`describe lbot ${one.name}${one.namespace === 'default' ? '' : ` -n ${one.namespace}`}`)
  if (one.channel === undefined) return [ready?.message || 'LINE does not know this bot yet.', describe]
  if (!one.active) return ['“Use webhook” is off at LINE: turn it on under Resources.']
  if (one.endpoint === undefined) return [ready?.message || 'LINE has no webhook URL for this bot yet.', describe]
  return ready && ready.status !== 'True' ? [ready.message, describe] : undefined
}

const state = () => {
  const word = podsWord(pods.get(chosen.bot))
  return { asleep: 'asleep, wakes when you write', waking: 'waking up', awake: 'awake' }[word] ?? ''
}

const friendship = () => {
  const blocked = bot()?.blockedBy.includes(chosen.chat)
  const about = { channel: bot()?.channel, user: chosen.chat }
  return blocked
    ? [{ text: 'Follow again', onclick: () => perform({ do: 'follow', ...about }) }]
    : [
        { text: 'Follow (add as friend)', onclick: () => perform({ do: 'follow', ...about }) },
        { text: 'Unfollow (block)', onclick: () => perform({ do: 'unfollow', ...about }) },
      ]
}

const membership = () => {
  const about = { channel: bot()?.channel, group: chosen.chat }
  const isIn = group().bot === about.channel
  return [
    { text: 'Members…', onclick: () => askMembers(world.people, group(), about.channel, perform) },
    isIn ? { text: 'Take the bot out', onclick: () => perform({ do: 'leave', ...about }) } : { text: 'Let the bot join', onclick: () => perform({ do: 'join', ...about }) },
  ]
}

const showHead = () => {
  const one = bot()
  const head = document.getElementById('chat-head')
  if (!one) {
    const title = h('div', { class: 'head-text' }, h('h2', { id: 'chat-name' }, 'Chat'), h('p', { role: 'status' }, 'no bot to talk to'))
    return void head.replaceChildren(h('div', { class: 'head-line', 'data-pods': 'asleep' }, face('linebot', 0), title))
  }
  const inTheWay = obstacle()
  const title = group() ? group().name : view().botName
  const about = [group() ? `with ${view().botName}` : `as ${nameOf(chosen.chat)}`, state()].filter(Boolean).join(' · ')
  const options = h('button', { type: 'button', class: 'tool', 'aria-label': 'Friend and group', title: 'Friend and group', onclick: ({ currentTarget }) => menu(currentTarget, group() ? membership() : friendship()) }, icon('more'))
  const save = h('button', { type: 'button', class: 'tool', 'aria-label': 'Save this chat as a test', title: 'Save this chat as a test', onclick: saveAsTest }, icon('save'))
  head.replaceChildren(
    h(
      'div',
      { class: 'head-line', 'data-pods': podsWord(pods.get(one.id)) },
      group() ? groupAvatar() : face(one.name),
      h('div', { class: 'head-text' }, h('h2', { id: 'chat-name' }, title), h('p', { role: 'status' }, about)),
      one.channel !== undefined && save,
      one.channel !== undefined && options,
    ),
    inTheWay ? h('p', { class: 'obstacle' }, inTheWay[0], ' ', inTheWay[1] && h('code', {}, inTheWay[1])) : '',
  )
  document.getElementById('log').dataset.pods = podsWord(pods.get(one.id)) ?? ''
}

const why = () => {
  if (!bot()) return 'No bot yet'
  if (bot().channel === undefined) return 'Not connected to LINE yet'
  if (group()) return group().bot === bot().channel ? undefined : 'The bot is not in this group'
  return bot().blockedBy.includes(chosen.chat) ? 'Blocked: follow again to write' : undefined
}

const suggestions = () => {
  const around = [...resources.values()].filter(({ namespace }) => namespace === bot()?.namespace)
  const used = new Set(around.filter(({ bots = [] }) => bots.includes(bot()?.name)).map(({ name }) => name))
  const words = around.filter(({ bindings = [] }) => bindings.some((name) => used.has(name))).flatMap(({ keywords = [] }) => keywords)
  return [...new Set(words)].slice(0, 6)
}

const emptyChat = () => {
  if (!bot())
    return h('div', { class: 'empty', 'data-pods': 'asleep' }, face('linebot', 0), h('h2', {}, 'No bot yet'), h('p', {}, 'Apply one, and it appears here:'), command(kubectl('apply -f config/samples/')))
  const words = suggestions()
  return h(
    'div',
    { class: 'empty' },
    face(bot().name),
    h('h2', {}, group() ? `${group().name}, with ${view().botName}` : `Say something to ${view().botName}`),
    h('p', {}, words.length > 0 ? 'It has rules for these:' : 'What it answers, its Events say. It sleeps until you write.'),
    words.length > 0 ? h('p', { class: 'try' }, words.map((word) => h('button', { type: 'button', onclick: () => send({ type: 'text', text: word }) }, word))) : command(kubectl('get lbe')),
  )
}

const showPods = () => {
  showBots(world.bots, view())
  showHead()
}

const showSide = () => {
  showPods()
  showChats(world, view())
  const members = group() ? world.people.filter(({ userId }) => group().members.includes(userId)) : []
  showComposer({ members, speaker: chosen.speaker, why: why(), name: group() && bot()?.displayName })
  document.getElementById('new-group').disabled = bot()?.channel === undefined
}

const showWaits = () => {
  const waits = [...waiting.values()].includes(key())
  showWaiting(view(), waits, waits && (pods.get(chosen.bot)?.pods ?? 1) === 0)
}

const showChat = () => {
  unread.delete(key())
  showSide()
  showAll(entriesOf(key()), view(), emptyChat())
  showWaits()
}

const change = (console) => perform({ do: 'console', channel: bot().channel, ...console })
const showStatuses = () => showResources([...resources.values()].toSorted((a, b) => (`${a.namespace}/${a.name}` < `${b.namespace}/${b.name}` ? -1 : 1)), bot(), change)

/** Keeps to what there is. */
const settle = () => {
  if (!bot()) chosen.bot = world.bots.find(({ channel }) => channel !== undefined)?.id ?? world.bots[0]?.id
  const isThere = group() || world.people.some(({ userId }) => userId === chosen.chat)
  if (!isThere) chosen.chat = world.people[0]?.userId
  const members = group()?.members ?? [chosen.chat]
  if (!members.includes(chosen.speaker)) [chosen.speaker] = members
}

function choose(given) {
  Object.assign(chosen, given)
  settle()
  history.replaceState(null, '', `#${new URLSearchParams({ bot: chosen.bot ?? '', chat: chosen.chat ?? '' })}`)
  showChat()
  showStatuses()
  focusComposer()
}

const enter = (name, entry) => {
  entriesOf(name).push(entry)
  if (loading) return undefined
  if (name === key()) return append(entry, view())
  if (entry.by !== 'bot') return undefined
  unread.add(name)
  return showChats(world, view())
}

const names = (members = []) => members.map(({ userId }) => nameOf(userId)).join(', ')

const notes = {
  follow: ({ source, follow }) => `${nameOf(source.userId)} ${follow?.isUnblocked ? 'follows again' : 'is a friend now'}`,
  unfollow: ({ source }) => `${nameOf(source.userId)} has blocked the bot`,
  join: () => 'The bot has joined the group',
  leave: () => 'The bot has left the group',
  memberJoined: ({ joined }) => `${names(joined?.members)} joined`,
  memberLeft: ({ left }) => `${names(left?.members)} left`,
}

const entryOf = ({ event, displayText, time }) => {
  const user = event.source?.userId
  if (event.type === 'message') return { by: 'user', user, time, messages: [event.message] }
  if (event.type !== 'postback') return { by: 'note', time, text: notes[event.type]?.(event) ?? event.type }
  if (displayText !== undefined) return { by: 'user', user, time, messages: [{ type: 'text', text: displayText }] }
  const { data, params } = event.postback
  return { by: 'note', time, text: `postback ${data}${params ? ` · ${Object.values(params).join(' ')}` : ''}` }
}

const stopWaiting = (ids) => {
  for (const id of ids) waiting.delete(id)
  if (!loading) showWaits()
}

/** Says in the chat why there is no answer. */
const explain = (id, time, text) => {
  if (asked.has(id)) enter(asked.get(id), { by: 'note', time, text, tone: 'bad' })
}

/** After these there is an answer in the chat, or one on its way. */
const spoken = new Set(['answered', 'duplicate', 'late', 'fetched', 'expired', 'pushed', 'kept'])

const lastWebhooks = new Map()

const inChat = {
  event: (happening) => {
    const name = chatKey(happening.channel, happening.chat)
    const { type, webhookEventId } = happening.event
    if (type === 'message' || type === 'postback') asked.set(webhookEventId, name)
    enter(name, entryOf(happening))
  },
  webhook: ({ id, channel, body, webhookEventIds, time }) => {
    lastWebhooks.set(id, webhookEventIds)
    if (Date.now() - time > waitMs) return
    for (const { type, source, webhookEventId } of JSON.parse(body).events ?? []) {
      if (type !== 'message' && type !== 'postback') continue
      waiting.set(webhookEventId, chatKey(channel, source?.groupId ?? source?.roomId ?? source?.userId))
      setTimeout(() => stopWaiting([webhookEventId]), waitMs)
    }
    if (!loading) showWaits()
  },
  outcome: ({ id, error, detail, time }) => {
    if (error === undefined || error === 'request_timeout') return
    const ids = lastWebhooks.get(id) ?? []
    stopWaiting(ids)
    for (const one of ids) explain(one, time, error === 'error_status_code' ? `the webhook failed with status ${detail}` : `the webhook failed: ${detail}`)
  },
  call: ({ call }) => call.webhookEventId && call.status < 500 && stopWaiting([call.webhookEventId]),
  answer: ({ channel, chat, messages, time, webhookEventId }) => {
    waiting.delete(webhookEventId)
    enter(chatKey(channel, chat), { by: 'bot', time, messages })
    if (!loading) showWaits()
  },
}

const resourceKey = ({ kind, namespace, name }) => `${kind} ${namespace}/${name}`

const setWorld = ({ bots, people, groups }) => {
  Object.assign(world, { bots, people, groups })
  const before = { ...chosen }
  settle()
  return before.bot !== chosen.bot || before.chat !== chosen.chat
}

let loading = false

const hear = {
  all: (news) => {
    loading = true
    for (const map of [chats, pods, waiting, resources, unread, asked]) map.clear()
    clearLive()
    const wanted = new URLSearchParams(location.hash.slice(1))
    chosen.bot ??= wanted.get('bot') ?? undefined
    chosen.chat ??= wanted.get('chat') ?? undefined
    for (const resource of news.resources) resources.set(resourceKey(resource), resource)
    setWorld(news)
    for (const one of [...news.past, ...news.serving]) hear[one.type](one)
    loading = false
    showChat()
    showStatuses()
  },
  world: (news) => {
    if (setWorld(news) || entriesOf(key()).length === 0) showChat()
    else showSide()
    showStatuses()
  },
  resource: ({ verb, resource }) => {
    const known = suggestions().join('\n')
    if (verb === 'delete') resources.delete(resourceKey(resource))
    else resources.set(resourceKey(resource), resource)
    showStatuses()
    if (entriesOf(key()).length === 0 && suggestions().join('\n') !== known) showChat()
    else showHead()
  },
  happened: ({ happened }) => {
    inChat[happened.kind]?.(happened)
    showHappening(happened, liveView)
  },
  serving: (news) => {
    const before = pods.get(news.bot)
    pods.set(news.bot, { pods: news.pods, starting: news.starting })
    showServing(news, before, liveView)
    if (loading) return
    showPods()
    showWaits()
  },
  why: (news) => {
    showWhy(news)
    const { outcome, webhookEventId, because } = news.why
    if (spoken.has(outcome)) return
    stopWaiting([webhookEventId])
    explain(webhookEventId, news.time, outcome === 'failed' ? `the answer failed: ${because}` : because)
  },
}

const link = document.getElementById('link')
const setLink = (name, text) => {
  link.dataset.state = name
  link.textContent = text
}

const connect = () => {
  const source = new EventSource('/events')
  source.addEventListener('message', ({ data }) => {
    const news = JSON.parse(data)
    hear[news.type]?.(news)
    if (news.type === 'all') setLink('on', 'live')
  })
  source.addEventListener('error', () => setLink('off', 'reconnecting'))
}

/** On a phone one view at a time; beside the chat, one tab at a time. */
const showView = (name) => {
  document.body.dataset.view = name
  for (const button of document.querySelectorAll('.views button')) button.toggleAttribute('aria-current', button.dataset.view === name)
  if (name !== 'chat') showTab(name)
}

const tabs = [...document.querySelectorAll('[role=tab]')]
const showTab = (name) => {
  for (const tab of tabs) {
    const isShown = tab.getAttribute('aria-controls') === name
    tab.setAttribute('aria-selected', String(isShown))
    tab.tabIndex = isShown ? 0 : -1
    document.getElementById(tab.getAttribute('aria-controls')).hidden = !isShown
  }
}

for (const tab of tabs) {
  tab.addEventListener('click', () => showTab(tab.getAttribute('aria-controls')))
  tab.addEventListener('keydown', ({ key: pressed }) => {
    if (pressed !== 'ArrowLeft' && pressed !== 'ArrowRight') return
    const other = tabs[(tabs.indexOf(tab) + 1) % tabs.length]
    other.focus()
    other.click()
  })
}
for (const button of document.querySelectorAll('.views button')) button.addEventListener('click', () => showView(button.dataset.view))

document.getElementById('brand').prepend(face('linebot', 0))
document.getElementById('new-person').addEventListener('click', () => askPerson(perform, choose))
document.getElementById('new-group').addEventListener('click', () => askGroup(world.people, bot()?.channel, perform, choose))
startComposer({
  send,
  sendPicture,
  postback,
  speak: (speaker) => {
    chosen.speaker = speaker
    showChat()
  },
})
clearLive()
connect()
