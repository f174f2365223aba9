import { apiVersion } from '../../core/names.ts'
import { hint } from '../../core/schema/nearest.ts'
import { isObject, type Json } from '../../core/schema/path.ts'
import { type Found, type Note, textAt, valueAt } from './found.ts'
import { metadataOf } from './metadata.ts'

const members = ['type', 'keywords', 'reply', 'fuzzy']

/** An Event with a rule for each message. */
export function eventFor(found: Found, labels: Readonly<Record<string, string>>, notes: Note[]): object {
  const type = textAt(found.object, 'spec.type') ?? ''
  const messages = valueAt(found.object, 'spec.messages')
  const rules = (Array.isArray(messages) ? messages : []).map((message: unknown, i) => {
    if (!isObject(message)) return {}
    notes.push(...lossesOf(message).map((loss) => ({ of: found, ...loss, path: `spec.messages[${i}].${loss.path}` })))
    return ruleFor(message, type)
  })
  return { apiVersion, kind: 'Event', metadata: metadataOf(found, labels), spec: { type, rules } }
}

function ruleFor({ keywords, fuzzy, reply }: Json, type: string): Json {
  const words = Array.isArray(keywords) ? keywords : []
  return {
    ...(words.length > 0 && { [type === 'postback' ? 'data' : 'keywords']: words }),
    ...(words.length > 0 && fuzzy === true && { match: 'Fuzzy' }),
    reply: [{ type: 'text', text: typeof reply === 'string' ? literal(reply.trimEnd()) : reply }],
  }
}

/** `{{` begins a template here, which the prototype did not have. */
const literal = (text: string) => text.replaceAll('{{', "{{'{{'}}")

function lossesOf(message: Json): { path: string; message: string }[] {
  const unknown = Object.keys(message).filter((key) => !members.includes(key))
  const { type } = message
  return [
    ...unknown.map((key) => ({ path: key, message: `the prototype has no such field${hint(key, members)}` })),
    ...(type === undefined || type === 'text'
      ? []
      : [{ path: 'type', message: `${String(type)}: the prototype could reply text alone, so it is a text` }]),
  ]
}
