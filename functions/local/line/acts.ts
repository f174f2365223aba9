import type { Json } from '../../core/shape.ts'
import { type Channel, type Channels, channelNamed } from './channels.ts'
import type { Content, Contents } from './contents.ts'
import type { Delivery, Outcome } from './delivery.ts'
import { eventFor, newMessageId } from './events.ts'
import type { Group, Groups } from './groups.ts'
import type { Happenings } from './happenings.ts'
import { chatOf, type People } from './people.ts'
import { Refused } from './refused.ts'
import type { Escape } from './webhooks.ts'

/** Who does something, and where. All are IDs. */
export interface Sending {
  readonly channel: string
  readonly user?: string | undefined
  readonly group?: string | undefined
  readonly room?: string | undefined
  readonly escape?: Escape | undefined
}

export interface Postback {
  readonly data: string
  /** What a picker chose, as in `{ date: '2026-11-21' }`. */
  readonly params?: Readonly<Record<string, string>> | undefined
  /** Shown in the chat as said by the user; the bot does not get it. */
  readonly displayText?: string | undefined
}

/**
 * What people do in LINE's app. What they do is so, and is in the chat, even where the bot cannot be told:
 * then the promise rejects with a `Refused` that says why.
 */
export interface Acts {
  /** Sends events as they are given, whoever could have done that. */
  send(sending: Sending, events: readonly Json[]): Promise<Outcome>
  say(sending: Sending, message: Json): Promise<Outcome>
  sendImage(sending: Sending, content: Content): Promise<Outcome>
  postback(sending: Sending, postback: Postback): Promise<Outcome>
  follow(channel: string, user: string): Promise<Outcome>
  unfollow(channel: string, user: string): Promise<Outcome>
  /** The bot is put into a group. */
  join(channel: string, group: string): Promise<Outcome>
  leave(channel: string, group: string): Promise<Outcome>
  enter(channel: string, group: string, users: readonly string[]): Promise<Outcome>
  exit(channel: string, group: string, users: readonly string[]): Promise<Outcome>
  /** Sends events that were sent before once more, as LINE does after a failure. */
  redeliver(channel: string, webhookEventIds: readonly string[]): Promise<Outcome>
}

export interface ActsNeeds {
  readonly channels: Channels
  readonly people: People
  readonly groups: Groups
  readonly contents: Contents
  readonly delivery: Delivery
  readonly happenings: Happenings
  readonly now: () => number
}

export const endpointOf = ({ id, endpoint }: Channel): string => {
  if (endpoint === undefined) throw new Refused(409, `channel ${id} has no webhook endpoint yet`)
  return endpoint
}

/** LINE sends users' events only where “Use webhook” is on. */
const openEndpointOf = (channel: Channel): string => {
  if (!channel.active) throw new Refused(409, `channel ${channel.id} does not use its webhook (active is false)`)
  return endpointOf(channel)
}

/** Writing `@` and the bot's name in a group mentions it (wh-text). */
const withMention = (message: Json, { name, destination }: Channel): Json => {
  const { type, text, mention } = message
  const index = type === 'text' && typeof text === 'string' ? text.indexOf(`@${name}`) : -1
  if (index === -1 || mention !== undefined) return message
  const mentionee = { index, length: name.length + 1, type: 'user', userId: destination, isSelf: true }
  return { ...message, mention: { mentionees: [mentionee] } }
}

export const makeActs = (needs: ActsNeeds): Acts => {
  const { channels, people, groups, contents, delivery, happenings, now } = needs

  const groupOf = (id: string): Group => {
    const group = groups.byId(id)
    if (!group) throw new Refused(404, `there is no group ${id}`)
    return group
  }

  const send = async (sending: Sending, given: readonly Json[], displayText?: string): Promise<Outcome> => {
    const channel = channelNamed(channels, sending.channel)
    const events = given.map((event) => eventFor(event, sending, now()))
    for (const event of events) {
      const chat = chatOf(event)
      const place = { channel: channel.id, ...(chat === undefined ? {} : { chat }) }
      happenings.tell({ kind: 'event', ...place, event, ...(displayText === undefined ? {} : { displayText }) })
    }
    return delivery.deliver(channel, openEndpointOf(channel), events, sending.escape)
  }

  /** Groups that nobody made here, and rooms, take whoever speaks. */
  const mustBeThere = ({ channel: id, user, group: groupId }: Sending): void => {
    const group = groupId === undefined ? undefined : groups.byId(groupId)
    if (group && group.bot !== id) throw new Refused(409, `the bot is not in the group ${group.name}`)
    if (group && user !== undefined && !group.members.has(user))
      throw new Refused(409, `${user} is not in the group ${group.name}`)
  }

  const mustBeHeard = (sending: Sending): void => {
    mustBeThere(sending)
    const isAlone = sending.group === undefined && sending.room === undefined
    if (isAlone && people.hasBlocked(sending.channel, sending.user ?? ''))
      throw new Refused(409, `${sending.user} has blocked the bot; follow it again first`)
  }

  const say: Acts['say'] = async (sending, message) => {
    const channel = channelNamed(channels, sending.channel)
    mustBeHeard(sending)
    const said = sending.group === undefined ? message : withMention(message, channel)
    return send(sending, [{ type: 'message', message: said }])
  }

  const block = (channel: string, user: string, blocks: boolean): boolean => {
    const before = people.setBlocked(channelNamed(channels, channel).id, user, blocks)
    happenings.tell({ kind: 'people' })
    return before
  }

  const change = (channel: string, groupId: string, work: (group: Group) => void): Group => {
    channelNamed(channels, channel)
    const group = groupOf(groupId)
    work(group)
    happenings.tell({ kind: 'people' })
    return group
  }

  const sources = (users: readonly string[]): readonly Json[] => users.map((userId) => ({ type: 'user', userId }))

  return {
    send: (sending, events) => send(sending, events),
    redeliver: async (id, webhookEventIds) => {
      const channel = channelNamed(channels, id)
      const outcome = delivery.redeliver(channel, openEndpointOf(channel), webhookEventIds)
      if (!outcome) throw new Refused(404, `channel ${id} has not sent all of these events`)
      return outcome
    },
    say,
    sendImage: (sending, content) => {
      const id = newMessageId()
      contents.add(id, content)
      return say(sending, { id, type: 'image' })
    },
    postback: async (sending, { data, params, displayText }) => {
      mustBeHeard(sending)
      return send(sending, [{ type: 'postback', postback: { data, ...(params ? { params } : {}) } }], displayText)
    },
    follow: async (channel, user) => {
      const isUnblocked = block(channel, user, false)
      return send({ channel, user }, [{ type: 'follow', follow: { isUnblocked } }])
    },
    unfollow: async (channel, user) => {
      block(channel, user, true)
      return send({ channel, user }, [{ type: 'unfollow' }])
    },
    join: async (channel, id) => {
      const { groupId } = change(channel, id, (group) => {
        if (group.bot !== undefined) throw new Refused(409, `the group ${group.name} has a bot; LINE lets in only one`)
        group.bot = channel
      })
      return send({ channel, group: groupId }, [{ type: 'join' }])
    },
    leave: async (channel, id) => {
      const { groupId } = change(channel, id, (group) => {
        if (group.bot !== channel) throw new Refused(409, `the bot is not in the group ${group.name}`)
        group.bot = undefined
      })
      return send({ channel, group: groupId }, [{ type: 'leave' }])
    },
    enter: async (channel, id, users) => {
      const { groupId } = change(channel, id, ({ members }) => users.forEach((user) => members.add(user)))
      return send({ channel, group: groupId }, [{ type: 'memberJoined', joined: { members: sources(users) } }])
    },
    exit: async (channel, id, users) => {
      const { groupId } = change(channel, id, ({ members }) => users.forEach((user) => members.delete(user)))
      return send({ channel, group: groupId }, [{ type: 'memberLeft', left: { members: sources(users) } }])
    },
  }
}
