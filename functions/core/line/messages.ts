import type { Problem } from '../problem.ts'
import type { ChatType } from '../rule.ts'
import { isObject, type Json } from '../shape.ts'
import { type Check, isGiven, list, type Shape, typed } from './check.ts'
import { common } from './common.ts'
import { isDeeper, maxDepth } from './depth.ts'
import { flex } from './flex.ts'
import { imagemap } from './imagemap.ts'
import { audio, coupon, image, location, sticker, video } from './media.ts'
import { template } from './template.ts'
import { text } from './text.ts'
import { mentions, textV2 } from './text-v2.ts'

/** LINE's message types. A new one is one entry here, and its name in the schema (core/resources/message.ts). */
const types: Readonly<Record<string, Shape>> = {
  text,
  textV2,
  sticker,
  image,
  video,
  audio,
  location,
  imagemap,
  template,
  flex,
  coupon,
}

const withCommon = (shape: Shape): Shape => ({ ...shape, optional: { ...shape.optional, ...common } })

const message: Check = typed(
  'message',
  Object.fromEntries(Object.entries(types).map(([type, shape]) => [type, withCommon(shape)])),
)

const reply: Check = list({ min: 1, max: 5, what: 'messages' }, message)

/** UTF-8 bytes of a whole request; above them LINE answers 413. */
const maxRequestBytes = 2 * 1024 * 1024

/** Where the messages will be shown, as far as that is known. */
export interface KnownChat {
  /** The kinds of chat; absent = unknown, and nothing is said of them. */
  readonly in?: readonly ChatType[] | undefined
}

/**
 * Everything that LINE would refuse in one reply, as far as its reference says, each with its path; and quick replies
 * that LINE takes but never shows. Counts as LINE counts; a template counts as nothing, the least that it can become.
 */
export function judgeMessages(messages: unknown, path: string, chat: KnownChat = {}): Problem[] {
  if (isDeeper(messages)) return [{ path, message: `more than ${maxDepth} levels deep` }]
  const problems: Problem[] = []
  reply(messages, path, problems)
  if (!Array.isArray(messages)) return problems
  for (const [index, one] of messages.entries()) {
    if (!isObject(one)) continue
    if (isGiven(one['quickReply']) && index < messages.length - 1) {
      problems.push({ path: `${path}[${index}].quickReply`, message: neverShown })
    }
    problems.push(...misplaced(one, `${path}[${index}]`, chat.in ?? []))
  }
  const bytes = Buffer.byteLength(JSON.stringify(messages))
  if (bytes > maxRequestBytes) problems.push({ path, message: `${bytes} bytes of JSON, at most ${maxRequestBytes}` })
  return problems
}

const neverShown = 'LINE shows the quick reply of the last message only: move it there'

/** What LINE takes in some kinds of chat only. */
function misplaced(one: Json, path: string, chats: readonly ChatType[]): Problem[] {
  const { type } = one
  if (type === 'video' && isGiven(one['trackingId']) && chats.some((chat) => chat !== 'user')) {
    return [{ path: `${path}.trackingId`, message: 'not in groups and rooms: leave it out, or write in: [user]' }]
  }
  if (type === 'textV2' && mentions(one) && chats.includes('user')) {
    return [{ path: `${path}.substitution`, message: 'mentions are for groups and rooms: write in: [group, room]' }]
  }
  return []
}
