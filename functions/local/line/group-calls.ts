import { type Answer, type Ask, ok, refused } from './answers.ts'
import type { State } from './state.ts'

/** What a bot may ask of a group that it is in, and how it goes (group-chat). */

const notIn = refused(404, 'Not found')

const groupOf = ({ channel, param }: Ask, { groups }: State) => {
  const group = groups.byId(param('chatId'))
  return group?.bot === channel.id ? group : undefined
}

export const summary = (ask: Ask, state: State): Answer => {
  const group = groupOf(ask, state)
  return group ? ok({ groupId: group.groupId, groupName: group.name }) : notIn
}

/** The bot itself does not count. */
export const memberCount = (ask: Ask, state: State): Answer => {
  const group = groupOf(ask, state)
  return group ? ok({ count: group.members.size }) : notIn
}

/** LINE tells the bot that it has gone; nobody waits for that. */
export const leave = (ask: Ask, state: State): Answer => {
  const group = groupOf(ask, state)
  if (!group) return notIn
  state.acts.leave(ask.channel.id, group.groupId).catch(() => {})
  return ok({})
}
