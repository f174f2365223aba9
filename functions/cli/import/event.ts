import { isEventType } from '../../core/events.ts'
import { apiVersion } from '../../core/names.ts'
import { hint, nearest } from '../../core/schema/nearest.ts'
import { isObject, type Json } from '../../core/shape.ts'
import { type Found, type Note, textAt, valueAt } from './found.ts'
import { metadataOf } from './metadata.ts'

const members = ['type', 'keywords', 'reply', 'fuzzy']

/** An Event with a rule for each message. */
export function eventFor(found: Found, labels: Readonly<Record<string, string>>, notes: Note[]): object {
  const type = textAt(found.object, 'spec.type') ?? ''
  const messages = valueAt(found.object, 'spec.messages')
  const rules = (Array.isArray(messages) ? messages : []).map((message: unknown, i) => {
    if (!isObject(message)) return {}
    notes.push(
      ...lossesOf(message, type).map((loss) => ({ of: found, ...loss, path: `spec.messages[${i}].${loss.path}` })),
    )
    return ruleFor(message, type)
  })
  return { apiVersion, kind: 'Event', metadata: metadataOf(found, labels), spec: { type, rules } }
}

function ruleFor(message: Json, type: string): Json {
  const { keywords, fuzzy, reply } = message
  const misspelt = misspeltIn(message, type)
  const listens = isGiven(keywords) && hasWords(type)
  return {
    ...(listens && { [type === 'postback' ? 'data' : 'keywords']: keywords }),
    // Judged with the rest: without it the rule would take anything.
    ...(misspelt !== undefined && { [misspelt]: message[misspelt] }),
    ...(listens && fuzzy === true && { match: 'Fuzzy' }),
    reply: [{ type: 'text', text: typeof reply === 'string' ? literal(reply.trimEnd()) : reply }],
  }
}

/** What is no list is judged with the rest, too: without it the rule would take anything. */
const isGiven = (keywords: unknown) =>
  Array.isArray(keywords) ? keywords.length > 0 : keywords !== undefined && keywords !== null

/** What was meant for `keywords`, where the type has any. */
const misspeltIn = (message: Json, type: string): string | undefined =>
  'keywords' in message || !hasWords(type)
    ? undefined
    : Object.keys(message).find((key) => !members.includes(key) && nearest(key, members) === 'keywords')

/** What people write, or tap; a type that nobody knows is judged with the rest. */
const hasWords = (type: string) => ['message', 'messageEdited', 'postback'].includes(type) || !isEventType(type)

/** `{{` begins a template here, which the prototype did not have. */
const literal = (text: string) => text.replaceAll('{{', "{{'{{'}}")

function lossesOf(message: Json, of: string): { path: string; message: string }[] {
  const wordless = isGiven(message.keywords) && !hasWords(of)
  const misspelt = misspeltIn(message, of)
  const unknown = Object.keys(message).filter((key) => !members.includes(key) && key !== misspelt)
  const { type } = message
  return [
    ...(wordless
      ? [{ path: 'keywords', message: `left out: nobody writes anything in a ${of}; the rule is for each` }]
      : []),
    ...unknown.map((key) => ({ path: key, message: `the prototype has no such field${hint(key, members)}` })),
    ...(type === undefined || type === 'text'
      ? []
      : [{ path: 'type', message: `${String(type)}: the prototype could reply text alone, so it is a text` }]),
  ]
}
