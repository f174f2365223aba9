import { createHash } from 'node:crypto'
import { isObject, type Json } from '../../core/shape.ts'

export interface User {
  readonly userId: string
  readonly displayName: string
  /** Known to this channel only; absent = to all. */
  readonly channel?: string
}

export interface People {
  add(user: User): void
  list(): readonly User[]
  /** By ID, or else by name, among those that the channel may know. */
  find(channelId: string, idOrName: string): User | undefined
  hasBlocked(channelId: string, userId: string): boolean
  /** Whether the user had blocked the bot before. */
  setBlocked(channelId: string, userId: string, blocked: boolean): boolean
  /** undefined = LINE's 404: unknown, or has blocked the bot. */
  profile(channelId: string, userId: string): User | undefined
  /** A member's profile, once a webhook of this channel has shown the user in the chat. */
  member(channelId: string, chatId: string, userId: string): User | undefined
  /** Takes note of who is where in a webhook event. */
  see(channelId: string, event: Json): void
  /** How many people get a push to this user, group or room; 0 = LINE does not know it in this channel. */
  recipients(channelId: string, to: string): number
}

const isText = (value: unknown): value is string => typeof value === 'string'

const usersOf = ({ source, joined }: Json): readonly string[] => {
  const members = isObject(joined) && Array.isArray(joined['members']) ? joined['members'] : []
  return [source, ...members].map((user: unknown) => (isObject(user) ? user['userId'] : undefined)).filter(isText)
}

/** The chat an event is of: a group, a room, or a user alone. */
export const chatOf = ({ source }: Json): string | undefined =>
  isObject(source) ? [source['groupId'], source['roomId'], source['userId']].find(isText) : undefined

/** The same ID for the same name, so that a chat goes on after a restart. */
export const userIdFor = (displayName: string): string =>
  `U${createHash('sha256').update(`user ${displayName}`).digest('hex').slice(0, 32)}`

const keyOf = (channelId: string | undefined, id: string): string => JSON.stringify([channelId ?? null, id])

export const makePeople = (): People => {
  const users = new Map<string, User>()
  const chats = new Map<string, Set<string>>()
  const blocked = new Set<string>()

  const known = (channelId: string, userId: string): User | undefined =>
    users.get(keyOf(channelId, userId)) ?? users.get(keyOf(undefined, userId))

  const hasBlocked = (channelId: string, userId: string): boolean => blocked.has(keyOf(channelId, userId))

  const profile = (channelId: string, userId: string): User | undefined =>
    hasBlocked(channelId, userId) ? undefined : known(channelId, userId)

  const membersOf = (channelId: string, chatId: string): Set<string> => {
    const key = keyOf(channelId, chatId)
    const members = chats.get(key) ?? new Set<string>()
    chats.set(key, members)
    return members
  }

  return {
    add: (user) => void users.set(keyOf(user.channel, user.userId), user),
    list: () => [...users.values()],
    find: (channelId, idOrName) =>
      known(channelId, idOrName) ??
      [...users.values()].find(
        ({ displayName, channel }) => displayName === idOrName && (channel ?? channelId) === channelId,
      ),
    hasBlocked,
    setBlocked: (channelId, userId, blocks) => {
      const before = hasBlocked(channelId, userId)
      if (blocks) blocked.add(keyOf(channelId, userId))
      else blocked.delete(keyOf(channelId, userId))
      return before
    },
    profile,
    member: (channelId, chatId, userId) =>
      chats.get(keyOf(channelId, chatId))?.has(userId) ? known(channelId, userId) : undefined,
    see: (channelId, event) => {
      const chatId = chatOf(event)
      if (chatId === undefined) return
      const members = membersOf(channelId, chatId)
      for (const userId of usersOf(event)) members.add(userId)
    },
    recipients: (channelId, to) => {
      const members = chats.get(keyOf(channelId, to))
      if (members) return Math.max(1, members.size)
      return known(channelId, to) ? 1 : 0
    },
  }
}
