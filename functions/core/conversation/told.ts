import { isObject, type Json } from '../shape.ts'

/** One thing that somebody did, and what the bot said to it, as a chat shows them. */
export interface Told {
  /** LINE's webhook event. */
  readonly event: Json
  readonly said: readonly unknown[]
  /** Name of who did it. */
  readonly by: string
  /** Names by user ID. */
  readonly nameOf: (userId: string) => string
  /** The rule that answered, where it says more than the answer alone: it picks at random, or asks somebody else. */
  readonly rule?: { readonly name: string; readonly forwards: boolean }
}

/** The step of a test that does and expects the same. */
export function stepOf({ event, said, by, nameOf, rule }: Told): Json {
  const at = typeof event.timestamp === 'number' ? { at: new Date(event.timestamp).toISOString() } : {}
  const answer = answerOf(said)
  const step = { as: by, ...at, ...actOf(event, nameOf) }
  if (rule && !rule.forwards) return { ...step, rule: rule.name }
  if (answer === undefined) return { ...step, ...(rule && { forward: {} }), silent: true }
  return { ...step, ...(rule && { forward: { answer } }), answer }
}

function answerOf(said: readonly unknown[]): unknown {
  const messages = said.map(short)
  return messages.length > 1 ? messages : messages[0]
}

/** A text alone is written as the text. */
const short = (message: unknown): unknown =>
  isObject(message) && message.type === 'text' && Object.keys(message).length === 2 ? message.text : message

function actOf(event: Json, nameOf: Told['nameOf']): Json {
  const { type, message, postback, follow } = event
  if (type === 'message' && isObject(message)) return message.type === 'text' ? sayOf(message, event) : sendOf(message)
  if (type === 'messageEdited' && isObject(message)) return { edit: message.text }
  if (type === 'postback' && isObject(postback)) {
    const { data, params } = postback
    return { postback: data, ...(params !== undefined && { params }) }
  }
  if (type === 'follow') return { follow: isObject(follow) && follow.isUnblocked === true ? 'again' : true }
  if (type === 'unfollow' || type === 'join' || type === 'leave' || type === 'unsend') return { [type]: true }
  if (type === 'memberJoined') return { memberJoined: namesIn(event.joined, nameOf) }
  if (type === 'memberLeft') return { memberLeft: namesIn(event.left, nameOf) }
  return { event: without(event, filledIn) }
}

/** What a test's step fills in itself. */
const filledIn = ['source', 'timestamp', 'webhookEventId', 'replyToken', 'deliveryContext', 'mode']
const tokens = ['id', 'quoteToken', 'markAsReadToken']

const sendOf = (message: Json): Json => ({ send: without(message, tokens) })

/** A mention of the bot at the beginning is one that a step can say in a word. */
function sayOf(message: Json, event: Json): Json {
  const { text, mention } = message
  if (!isObject(mention)) return { say: text }
  const [first, another]: unknown[] = Array.isArray(mention.mentionees) ? mention.mentionees : []
  const simple = isObject(first) && first.isSelf === true && first.index === 0 && another === undefined
  if (simple && typeof text === 'string' && typeof first.length === 'number')
    return { say: text.slice(first.length).trim(), mention: true }
  return { event: { ...without(event, filledIn), message: without(message, tokens) } }
}

const without = (object: Json, names: readonly string[]): Json =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)))

function namesIn(list: unknown, nameOf: Told['nameOf']): string[] {
  const members: unknown[] = isObject(list) && Array.isArray(list.members) ? list.members : []
  return members.flatMap((one) => (isObject(one) && typeof one.userId === 'string' ? [nameOf(one.userId)] : []))
}
