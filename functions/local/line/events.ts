import { randomBytes, randomInt } from 'node:crypto'
import { isObject, type Json } from '../../core/shape.ts'
import { newReplyToken } from './reply-tokens.ts'

/** Webhook events as LINE makes them (webhook-event-objects). */

/** The event types that come with a reply token. */
const repliable: ReadonlySet<string> = new Set([
  'message',
  'messageEdited',
  'follow',
  'join',
  'memberJoined',
  'postback',
  'videoPlayComplete',
  'beacon',
  'accountLink',
  'membership',
])

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** A ULID: 10 characters of time, 16 of chance. */
export const newUlid = (now: number): string => {
  const time = Array.from({ length: 10 }, (_, at) => crockford[Math.floor(now / 32 ** (9 - at)) % 32])
  const chance = Array.from(randomBytes(16), (byte) => crockford[byte % 32])
  return [...time, ...chance].join('')
}

/** 18 digits, as message IDs have. */
export const newMessageId = (): string =>
  `4${String(randomInt(10 ** 8)).padStart(8, '0')}${String(randomInt(10 ** 9)).padStart(9, '0')}`

export const newQuoteToken = (): string => randomBytes(48).toString('base64url')

export interface From {
  readonly user?: string | undefined
  readonly group?: string | undefined
  readonly room?: string | undefined
}

const sourceFor = ({ user, group, room }: From): Json | undefined => {
  const userId = user === undefined ? {} : { userId: user }
  if (group !== undefined) return { type: 'group', groupId: group, ...userId }
  if (room !== undefined) return { type: 'room', roomId: room, ...userId }
  return user === undefined ? undefined : { type: 'user', ...userId }
}

const contentFor = (type: unknown): Json => {
  if (type === 'text') return { quoteToken: newQuoteToken(), markAsReadToken: newQuoteToken() }
  if (type === 'sticker') return { quoteToken: newQuoteToken(), stickerResourceType: 'STATIC' }
  if (type === 'image') return { quoteToken: newQuoteToken(), contentProvider: { type: 'line' } }
  if (type === 'video') return { quoteToken: newQuoteToken(), contentProvider: { type: 'line' } }
  return type === 'audio' ? { contentProvider: { type: 'line' } } : {}
}

const withoutNulls = (event: Json): Json =>
  Object.fromEntries(Object.entries(event).filter(([, value]) => value !== null))

/**
 * Fills in what LINE would: id, time, source, mode, delivery context and, where LINE gives one, a reply token.
 * What is given wins; a member given as null is left out.
 */
export const eventFor = (given: Json, from: From, now: number): Json => {
  const mode = given['mode'] ?? 'active'
  const hasToken = mode === 'active' && repliable.has(String(given['type']))
  const source = sourceFor(from)
  const message = given['message']
  return withoutNulls({
    mode,
    timestamp: now,
    ...(source ? { source } : {}),
    webhookEventId: newUlid(now),
    deliveryContext: { isRedelivery: false },
    ...(hasToken ? { replyToken: newReplyToken() } : {}),
    ...given,
    ...(isObject(message) ? { message: { id: newMessageId(), ...contentFor(message['type']), ...message } } : {}),
  })
}

/** The event as LINE sends it again: it differs in `isRedelivery` alone. */
export const redelivered = (event: Json): Json => ({ ...event, deliveryContext: { isRedelivery: true } })
