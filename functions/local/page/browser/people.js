import { ask, avatar, face, groupAvatar, h } from './dom.js'

/** The lists of bots and chats, and what makes new ones. */

const botList = document.getElementById('bots')
const chatList = document.getElementById('chats')

const item = ({ picture, name, about, current, unread, pods, onclick }) =>
  h(
    'li',
    {},
    h(
      'button',
      { type: 'button', class: 'item', 'aria-current': current ? 'true' : undefined, 'data-pods': pods, onclick },
      picture,
      h('span', { class: 'item-text' }, h('b', {}, name), h('small', {}, about)),
      unread && h('span', { class: 'unread', 'aria-label': 'new messages' }),
    ),
  )

const keepFocus = (list, ...items) => {
  const at = [...list.querySelectorAll('button')].indexOf(document.activeElement)
  list.replaceChildren(...items)
  if (at >= 0) list.querySelectorAll('button')[at]?.focus()
}

export const podsWord = (pods) => {
  if (!pods) return undefined
  if (pods.pods > 0) return 'awake'
  return pods.starting > 0 ? 'waking' : 'asleep'
}

export const showBots = (bots, view) =>
  keepFocus(
    botList,
    ...bots.map((bot) =>
      item({
        picture: face(bot.name),
        name: bot.name,
        about: [bot.namespace, podsWord(view.podsOf(bot.id))].filter(Boolean).join(' · '),
        pods: podsWord(view.podsOf(bot.id)),
        current: bot.id === view.bot?.id,
        onclick: () => view.choose({ bot: bot.id }),
      }),
    ),
    ...(bots.length === 0 ? [h('li', { class: 'none' }, 'none yet')] : []),
  )

export const showChats = ({ people, groups }, view) =>
  keepFocus(
    chatList,
    ...people.map(({ userId, displayName }) =>
      item({
        picture: avatar(displayName),
        name: displayName,
        about: view.bot?.blockedBy.includes(userId) ? 'has blocked the bot' : 'person',
        current: userId === view.chat,
        unread: view.isUnread(userId),
        onclick: () => view.choose({ chat: userId }),
      }),
    ),
    ...groups.map(({ groupId, name, members, bot }) =>
      item({
        picture: groupAvatar(),
        name,
        about: bot === view.bot?.channel && bot !== undefined ? `${members.length} and the bot` : `${members.length}, without the bot`,
        current: groupId === view.chat,
        unread: view.isUnread(groupId),
        onclick: () => view.choose({ chat: groupId }),
      }),
    ),
  )

export const askPerson = async (perform, choose) => {
  const given = await ask({ title: 'New person', fields: [{ label: 'Name', name: 'name', maxlength: '20' }], submit: 'Add' })
  const made = given && (await perform({ do: 'person', name: given.get('name') }))
  if (made) choose({ chat: made.userId })
}

export const askGroup = async (people, channel, perform, choose) => {
  const options = people.map(({ userId, displayName }, at) => ({ value: userId, text: displayName, checked: at < 3 }))
  const given = await ask({
    title: 'New group',
    fields: [
      { label: 'Name', name: 'name', maxlength: '50', value: 'Hunters' },
      { label: 'Members', name: 'users', type: 'checkboxes', options },
    ],
    submit: 'Make it, with the bot',
  })
  const made = given && (await perform({ do: 'group', channel, name: given.get('name'), users: given.getAll('users') }))
  if (made) choose({ chat: made.groupId })
}

export const askMembers = async (people, group, channel, perform) => {
  const options = people.map(({ userId, displayName }) => ({ value: userId, text: displayName, checked: group.members.includes(userId) }))
  const given = await ask({ title: `Members of ${group.name}`, fields: [{ label: 'Members', name: 'users', type: 'checkboxes', options }], submit: 'Change' })
  if (!given) return
  const wanted = given.getAll('users')
  const come = wanted.filter((user) => !group.members.includes(user))
  const go = group.members.filter((user) => !wanted.includes(user))
  if (come.length > 0) await perform({ do: 'enter', channel, group: group.groupId, users: come })
  if (go.length > 0) await perform({ do: 'exit', channel, group: group.groupId, users: go })
}
