import { isDeeper } from '../line/depth.ts'
import { fit } from '../line/fit.ts'
import { judgeMessages, type KnownChat } from '../line/messages.ts'
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
  /** Why what came back is no answer, the first few of the reasons; then there are no messages. */
  readonly problems: readonly Problem[]
  /** Messages above the first 5, which are left out. */
  readonly leftOut: number
}

const maxMessages = 5

/**
 * JSON (`{messages: […]}`, `[…]`, one message, a string), text, or a CloudEvent with one of these as its data, in
 * either mode. Texts that are too long become several messages; what else people read is cut, see `fit`; a quick reply
 * goes to the last message, for LINE shows no other.
 */
export function answerIn(answer: RawAnswer, chat: KnownChat = {}): ForwardAnswer {
  const given = messagesIn(answer)
  return typeof given === 'string'
    ? { ...nothing, problems: [bounded({ path: 'answer', message: given })] }
    : packed(given, chat)
}

const nothing: ForwardAnswer = { messages: [], problems: [], leftOut: 0 }

/** As they stand there; or, in words, why there are none to be found. */
type Given = readonly unknown[] | string

function messagesIn({ contentType = '', body }: RawAnswer): Given {
  if (body.trim() === '') return []
  const type = contentType.toLowerCase().split(';')[0]?.trim() ?? ''
  if (type === 'application/cloudevents+json') return inEvent(parseJson(body))
  if (type === 'application/cloudevents-batch+json') return 'one CloudEvent, not a batch of them'
  if (type === 'text/plain') return [{ type: 'text', text: body }]
  const json = parseJson(body)
  if (type === 'application/json' || type.endsWith('+json') || (type === '' && json !== undefined)) return inJson(json)
  return type === '' ? [{ type: 'text', text: body }] : `${type} is neither application/json nor text/plain`
}

function inEvent(event: unknown): Given {
  if (!isObject(event)) return 'not the JSON of a CloudEvent'
  const contentType = typeof event['datacontenttype'] === 'string' ? event['datacontenttype'] : 'application/json'
  const { data, data_base64: encoded } = event
  if (typeof encoded === 'string') return messagesIn({ contentType, body: Buffer.from(encoded, 'base64').toString() })
  return data === undefined ? [] : inJson(data)
}

function inJson(json: unknown): Given {
  if (json === undefined) return 'no JSON, although its content type says so'
  if (json === null) return []
  if (typeof json === 'string') return json.trim() === '' ? [] : [{ type: 'text', text: json }]
  if (Array.isArray(json)) return json
  if (!isObject(json)) return 'neither messages nor text'
  if (Array.isArray(json['messages'])) return json['messages']
  return 'type' in json ? [json] : 'neither `messages` nor a message, which has a `type`'
}

function packed(given: readonly unknown[], chat: KnownChat): ForwardAnswer {
  const all = given.flatMap(pieces)
  const first = fit(all.slice(0, maxMessages))
  if (first.length === 0) return nothing
  const problems = judgeMessages(isDeeper(first) ? first : untemplated(first), 'answer', chat)
  if (problems.length > 0) return { ...nothing, problems: problems.slice(0, maxProblems).map(bounded) }
  // Judged just now, member by member.
  return { messages: first as Message[], problems, leftOut: all.length - first.length }
}

/** They are logged, and whoever was asked may have answered 1 MiB of mistakes. */
const maxProblems = 5
const bounded = ({ path, message }: Problem): Problem => ({ path: path.slice(0, 200), message: message.slice(0, 500) })

/** An answer is said as it is, so that no brace in it may be judged as a template, which could become anything. */
function untemplated(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('{{', '((')
  if (Array.isArray(value)) return value.map(untemplated)
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, untemplated(member)]))
}

/** Emojis point into the text by number, so a text with them is left whole. */
function pieces(message: unknown): unknown[] {
  const isPlain = isObject(message) && message['type'] === 'text' && !('emojis' in message)
  const text = isPlain ? message['text'] : undefined
  return isPlain && typeof text === 'string' && text !== ''
    ? split(text).map((part) => ({ ...message, text: part }))
    : [message]
}
