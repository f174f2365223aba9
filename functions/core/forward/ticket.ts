import { createHash } from 'node:crypto'
import type { Incoming } from '../incoming.ts'
import type { Match } from '../match.ts'
import type { Rule, RuleFile } from '../rule.ts'
import { isObject, parseJson } from '../shape.ts'
import { readIncoming } from '../webhook.ts'

/** What the button under "this takes longer" remembers, so that any pod can fetch the answer. */
export interface Ticket {
  /** The webhookEventId of the question: whoever gets it again can know it by that. */
  readonly id: string
  /** Which rule forwards, see `keyOf`. */
  readonly rule: string
  /** LINE's event as far as it fits, to be asked again. */
  readonly question?: Readonly<Record<string, unknown>>
}

const prefix = 'linebot.dev/late '

/** Of a postback's `data`. LINE does not say of what; UTF-16 units are the most of all that it counts. */
const maxData = 300

/** Members of LINE's event that the postback brings itself, or that mean nothing any more. */
const notAsked = new Set(['mode', 'source', 'replyToken', 'webhookEventId', 'deliveryContext'])
const spent = new Set(['quoteToken', 'markAsReadToken'])

/** The data of the button's postback: at most 300 characters, with the question in it where there is room. */
export function ticketFor(incoming: Incoming, rule: Rule): string {
  const id = incoming.webhookEventId ?? ''
  const whole = dataOf({ id, rule: keyOf(rule), question: questionOf(incoming) })
  return whole.length <= maxData ? whole : dataOf({ id, rule: keyOf(rule) })
}

const dataOf = ({ id, rule, question }: Ticket) =>
  prefix + JSON.stringify(question === undefined ? [id, rule] : [id, rule, question])

/** The ticket in a postback, if it is one of ours. Never throws. */
export function ticketIn({ type, postback }: Incoming): Ticket | undefined {
  const data = type === 'postback' ? postback?.data : undefined
  if (!data?.startsWith(prefix)) return undefined
  const parts = parseJson(data.slice(prefix.length))
  if (!Array.isArray(parts)) return undefined
  const [id, rule, question]: readonly unknown[] = parts
  if (typeof id !== 'string' || typeof rule !== 'string') return undefined
  return { id, rule, ...(isObject(question) && { question }) }
}

function questionOf(incoming: Incoming): Readonly<Record<string, unknown>> {
  const asked = Object.entries(incoming.raw ?? incoming).filter(([name]) => !notAsked.has(name))
  const { groupId, roomId, userId } = incoming.source ?? {}
  // In a group somebody else may tap the button.
  const asker = (groupId !== undefined || roomId !== undefined) && userId !== undefined ? [['by', userId] as const] : []
  return Object.fromEntries([...asked.map(([name, value]) => [name, withoutSpent(value)] as const), ...asker])
}

const withoutSpent = (value: unknown): unknown =>
  isObject(value) ? Object.fromEntries(Object.entries(value).filter(([name]) => !spent.has(name))) : value

/** The Incoming that the ticket was made of, as far as it remembers, in the chat where the button was tapped. */
export function questionIn({ id, question }: Ticket, tapped: Incoming): Incoming | undefined {
  if (!question) return undefined
  const { by, ...event } = question
  const source = tapped.source && { ...tapped.source, ...(typeof by === 'string' && { userId: by }) }
  return readIncoming({ ...event, webhookEventId: id, ...(source && { source }) })
}

/** Short enough for a ticket, and the same in every pod with the same rules. */
export const keyOf = ({ event, index }: Rule): string =>
  createHash('sha256').update(`${event}/${index}`).digest('base64url').slice(0, 8)

/** The rule of this key that forwards, and the EventBinding that brought it. */
export const ruleFor = (key: string, files: readonly RuleFile[]): Match | undefined =>
  files
    .flatMap(({ binding, rules }) => rules.map((rule): Match => ({ rule, binding })))
    .find(({ rule }) => rule.forward !== undefined && keyOf(rule) === key)
