import { judgeMessages } from '../line/messages.ts'
import type { Problem } from '../problem.ts'
import type { Message } from '../rule.ts'
import { isObject, parseJson } from '../shape.ts'
import { split } from './split.ts'

/** What came back, status 2xx. */
export interface RawAnswer {
  /** The Content-Type; of a CloudEvent in binary mode it is that of its data. */
  readonly contentType?: string | undefined
  readonly body: string
}

/** What a bot makes of it. */
export interface ForwardAnswer {
  /** At most 5, as LINE takes them; none where there is nothing to say. */
  readonly messages: readonly Message[]
  /** Why what came back is no answer; then there are no messages. */
  readonly problems: readonly Problem[]
  /** Messages above the first 5, which are left out. */
  readonly leftOut: number
}

const maxMessages = 5

/**
 * JSON (`{messages: […]}`, `[…]`, one message, a string), text, or a CloudEvent with one of these as its data, in
 * either mode. Texts that are too long become several messages; a quick reply goes to the last, for LINE shows no other.
 */
export function answerIn({ contentType = '', body }: RawAnswer): ForwardAnswer {
  if (body.trim() === '') return nothing
  const [type = ''] = contentType.toLowerCase().split(';')
  return answerOf(type.trim(), body)
}

const nothing: ForwardAnswer = { messages: [], problems: [], leftOut: 0 }

const refused = (message: string): ForwardAnswer => ({ ...nothing, problems: [{ path: 'answer', message }] })

function answerOf(type: string, body: string): ForwardAnswer {
  if (type === 'application/cloudevents+json') return ofEvent(parseJson(body))
  if (type === 'application/cloudevents-batch+json') return refused('one CloudEvent, not a batch of them')
  if (type === 'text/plain') return packed([{ type: 'text', text: body }])
  const json = parseJson(body)
  if (type === 'application/json' || type.endsWith('+json') || (type === '' && json !== undefined)) return ofJson(json)
  if (type === '') return packed([{ type: 'text', text: body }])
  return refused(`${type} is neither application/json nor text/plain`)
}

function ofEvent(event: unknown): ForwardAnswer {
  if (!isObject(event)) return refused('not the JSON of a CloudEvent')
  const type = typeof event['datacontenttype'] === 'string' ? event['datacontenttype'] : 'application/json'
  const { data, data_base64: encoded } = event
  if (typeof encoded === 'string')
    return answerIn({ contentType: type, body: Buffer.from(encoded, 'base64').toString() })
  return data === undefined ? nothing : ofJson(data)
}

/** A string, and as text, whatever its type says, because it is one. */
function ofJson(json: unknown): ForwardAnswer {
  if (json === undefined) return refused('no JSON, although its content type says so')
  if (json === null) return nothing
  if (typeof json === 'string') return json.trim() === '' ? nothing : packed([{ type: 'text', text: json }])
  if (Array.isArray(json)) return packed(json)
  if (!isObject(json)) return refused('neither messages nor text')
  if (Array.isArray(json['messages'])) return packed(json['messages'])
  return 'type' in json ? packed([json]) : refused('neither `messages` nor a message, which has a `type`')
}

function packed(given: readonly unknown[]): ForwardAnswer {
  const all = given.flatMap(pieces)
  const first = quickReplyLast(all.slice(0, maxMessages))
  if (first.length === 0) return nothing
  const problems = judgeMessages(first, 'answer')
  const leftOut = all.length - first.length
  // Judged just now, member by member.
  return problems.length > 0 ? { ...nothing, problems } : { messages: first as Message[], problems, leftOut }
}

/** Emojis point into the text by number, so a text with them is left whole. */
function pieces(message: unknown): unknown[] {
  const isPlain = isObject(message) && message['type'] === 'text' && !('emojis' in message)
  const text = isPlain ? message['text'] : undefined
  return isPlain && typeof text === 'string' && text !== ''
    ? split(text).map((part) => ({ ...message, text: part }))
    : [message]
}

function quickReplyLast(messages: readonly unknown[]): unknown[] {
  const found = messages.findLast((message) => isObject(message) && 'quickReply' in message)
  if (!isObject(found)) return [...messages]
  return messages.map((message, index) => {
    if (!isObject(message)) return message
    const { quickReply: _, ...rest } = message
    return index === messages.length - 1 ? { ...rest, quickReply: found['quickReply'] } : rest
  })
}
