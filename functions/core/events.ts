import type { Incoming } from './incoming.ts'
import { type ChatType, type ContentType, contentTypes } from './rule.ts'
import { parseJson } from './shape.ts'

/** What LINE says of one type of webhook event. */
interface About {
  /** Whether it brings a reply token. */
  readonly repliable: boolean
  /** The chats it comes from; none = it belongs to no chat. */
  readonly chats: readonly ChatType[]
  /** Paths of what only this type carries; `0` stands for any place in a list, and `?` is after what may be absent. */
  readonly members?: readonly string[]
  /** The kinds of content of its message. */
  readonly contents?: readonly ContentType[]
}

const everywhere = ['user', 'group', 'room'] as const
const groups = ['group', 'room'] as const
const alone = ['user'] as const

const inside = (name: string, members: string): string[] => members.split(' ').map((member) => `${name}.${member}`)

/** What each kind of message content brings. */
const contents: Readonly<Record<ContentType, readonly string[]>> = {
  text: inside('message', 'text quoteToken? markAsReadToken? quotedMessageId?').concat(
    inside('message.emojis.0', 'index? length? productId? emojiId?'),
    inside('message.mention.mentionees.0', 'index? length? type? userId? isSelf?'),
  ),
  image: inside('message', 'contentProvider.type quoteToken? markAsReadToken?').concat(
    inside('message.contentProvider', 'originalContentUrl? previewImageUrl?'),
    inside('message.imageSet', 'id? index? total?'),
  ),
  video: inside('message', 'contentProvider.type duration? quoteToken? markAsReadToken?').concat(
    inside('message.contentProvider', 'originalContentUrl? previewImageUrl?'),
  ),
  audio: inside('message', 'contentProvider.type duration? markAsReadToken?').concat(
    inside('message.contentProvider', 'originalContentUrl? previewImageUrl?'),
  ),
  file: inside('message', 'fileName fileSize markAsReadToken?'),
  location: inside('message', 'latitude longitude title? address? markAsReadToken?'),
  sticker: inside('message', 'packageId stickerId stickerResourceType text? keywords.0?').concat(
    inside('message', 'quoteToken? markAsReadToken? quotedMessageId?'),
  ),
}

/**
 * LINE's webhook event types (LINE Developers, "Webhook Event Objects", and its OpenAPI document webhook.yml). LINE adds
 * types and members without notice: a type that is not here still passes through.
 */
const table = {
  message: { repliable: true, chats: everywhere, members: inside('message', 'id type'), contents: contentTypes },
  messageEdited: { repliable: true, chats: ['group'], members: inside('message', 'id type'), contents: ['text'] },
  unsend: { repliable: false, chats: everywhere, members: ['unsend.messageId'] },
  follow: { repliable: true, chats: alone, members: ['follow.isUnblocked'] },
  unfollow: { repliable: false, chats: alone },
  join: { repliable: true, chats: groups },
  leave: { repliable: false, chats: groups },
  memberJoined: { repliable: true, chats: groups, members: inside('joined.members.0', 'type userId') },
  memberLeft: { repliable: false, chats: groups, members: inside('left.members.0', 'type userId') },
  postback: {
    repliable: true,
    chats: everywhere,
    members: inside('postback', 'data').concat(
      inside('postback.params', 'date? time? datetime? newRichMenuAliasId? status?'),
    ),
  },
  videoPlayComplete: { repliable: true, chats: alone, members: ['videoPlayComplete.trackingId'] },
  beacon: { repliable: true, chats: alone, members: inside('beacon', 'hwid type dm?') },
  accountLink: { repliable: true, chats: alone, members: inside('link', 'result nonce') },
  membership: { repliable: true, chats: alone, members: inside('membership', 'type membershipId') },
  module: { repliable: false, chats: [], members: inside('module', 'type botId scopes.0? reason?') },
  activated: { repliable: false, chats: alone, members: ['chatControl.expireAt'] },
  deactivated: { repliable: false, chats: alone },
  botSuspended: { repliable: false, chats: [] },
  botResumed: { repliable: false, chats: [] },
  delivery: { repliable: false, chats: [], members: ['delivery.data'] },
} as const satisfies Readonly<Record<string, About>>

const about: Readonly<Record<string, About>> = table
const aboutOf = (type: string): About | undefined => (Object.hasOwn(about, type) ? about[type] : undefined)

/** LINE's webhook event types as known today. */
export const eventTypes: readonly string[] = Object.keys(table)

export const isEventType = (type: string): boolean => aboutOf(type) !== undefined

/** Whether events of this type bring a reply token; of an unknown type nobody can say, so no. */
export const isRepliableType = (type: string): boolean => aboutOf(type)?.repliable ?? false

/** The chats that events of this type come from; undefined for an unknown type. */
export const chatsOf = (type: string): readonly ChatType[] | undefined => aboutOf(type)?.chats

const common = ['type', 'mode?', 'timestamp', 'webhookEventId', 'deliveryContext.isRedelivery']
const source = inside('source', 'type? userId? groupId? roomId?')

/**
 * Paths of all values in events of this type, `0` for any place in a list, with these kinds of message content (absent
 * = all); undefined for an unknown type.
 */
export function pathsOf(type: string, kinds?: readonly ContentType[]): readonly string[] | undefined {
  const known = aboutOf(type)
  if (!known) return undefined
  const held = (known.contents ?? []).filter((kind) => !kinds || kinds.includes(kind))
  const all = [...common, ...source, ...(known.members ?? []), ...held.flatMap((kind) => contents[kind])]
  return [...new Set(all.map((path) => path.replace('?', '')))]
}

/** Whether events of this type, with these kinds of message content (absent = any), always have a value at this path. */
export function hasAlways(type: string, path: string, kinds?: readonly ContentType[]): boolean {
  const known = aboutOf(type)
  if (common.includes(path) || known?.members?.includes(path)) return true
  const held = kinds ?? known?.contents ?? []
  return held.length > 0 && held.every((kind) => contents[kind].includes(path))
}

/** Whether events of this type can have a value at this path; every path for an unknown type. */
export const carries = (type: string, path: string): boolean => pathsOf(type)?.includes(anyPlace(path)) ?? true

/** The path with `0` for each place in a list. */
export const anyPlace = (path: string): string => path.replace(/(?<=\.)\d+(?=\.|$)/g, '0')

/**
 * The value at a dotted path of LINE's event as text; `joined.members.0.userId` looks into a list, and `data.NAME` is
 * a postback's data, read as a JSON object or else as a query string. Undefined for what is absent, and for objects and
 * lists. Reads own members only, so nothing in a path or an event can mislead it.
 */
export function valueAt(incoming: Incoming, path: string): string | undefined {
  const value = memberAt(incoming, path)
  return typeof value === 'object' || value === undefined ? undefined : String(value)
}

/** As `valueAt`, but what stands there itself: an object or a list too. A null counts as absent. */
export function memberAt(incoming: Incoming, path: string): unknown {
  if (path.startsWith('data.')) return dataAt(incoming, path.slice('data.'.length))
  return walk(incoming.raw ?? incoming, path.split('.'))
}

function dataAt(incoming: Incoming, path: string): unknown {
  const data = dataOf(incoming)
  return data instanceof URLSearchParams ? (data.get(path) ?? undefined) : walk(data, path.split('.'))
}

/** Many rules may ask about one event. */
const parsed = new WeakMap<Incoming, object>()

function dataOf(incoming: Incoming): object | undefined {
  const written = incoming.type === 'postback' ? incoming.postback?.data : undefined
  if (typeof written !== 'string') return undefined
  const known = parsed.get(incoming)
  if (known) return known
  const json = /^\s*\{/.test(written) ? parseJson(written) : undefined
  const data = typeof json === 'object' && json !== null ? json : new URLSearchParams(written)
  parsed.set(incoming, data)
  return data
}

function walk(from: unknown, steps: readonly string[]): unknown {
  let value = from
  for (const step of steps) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    // A list has an own `length` too, which is no member.
    if (Array.isArray(value) && !/^\d+$/.test(step)) return undefined
    value = Object.getOwnPropertyDescriptor(value, step)?.value
  }
  return value ?? undefined
}
