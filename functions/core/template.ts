import type { Incoming } from './incoming.ts'
import type { Match } from './match.ts'
import type { Problem } from './problem.ts'
import type { Message } from './rule.ts'

/** The value that a name stands for; undefined where there is none, which is written as nothing. */
export type Names = (name: string) => string | undefined

/** What is known of a rule when it is applied, and decides what its templates may name. */
export interface Scope {
  /** LINE's event type. */
  readonly type: string
  /** The named groups of the rule's patterns. */
  readonly groups: readonly string[]
  /** The kinds of message content that the rule is for; absent = any. */
  readonly content?: readonly string[]
}

/** What templates may tell of one Incoming, besides what it carries. */
export interface Telling {
  readonly match?: Match
  /** LINE's profile of `personIn(incoming)`. */
  readonly profile?: Readonly<
    Partial<Record<'displayName' | 'language' | 'pictureUrl' | 'statusMessage', string | undefined>>
  >
  /** LINE's summary of the group. */
  readonly group?: { readonly groupName?: string | undefined }
  /** The Bot's name. */
  readonly bot: string
  readonly now: Date
}

/** What a template may name. A later name is one more row. */
const names = {
  'user.displayName': 'the name that the user shows at LINE; empty when LINE does not tell',
  'user.id': 'the user ID',
} as const satisfies Record<string, string>

/** A piece of a string: what it is where it stands in the source, and how it is to be taken. */
type Part = { readonly source: string } & (
  | { readonly literal: string }
  | { readonly name: string }
  | { readonly problem: string }
)

/** `{{ name }}`, or `{{'text'}}`, which stands for the text itself: so is a literal `{{` written. */
const tag = /\{\{\s*(?:'([^']*)'|([^\s{}']+))\s*\}\}/y

const known = Object.keys(names).join(', ')
const isName = (name: string) => Object.hasOwn(names, name)

/** Whose name and ID `user.…` means: who did it, or the first of those who joined. */
export const personIn = ({ source }: Incoming): Incoming['source'] => source

/** Names that LINE must be asked the profile of `personIn(incoming)` for. */
export const profileNames: ReadonlySet<string> = new Set([
  'user.displayName',
  'user.language',
  'user.pictureUrl',
  'user.statusMessage',
])

/** What each name stands for in the answer to this Incoming. */
export function namesFor(incoming: Incoming, { profile }: Telling): Names {
  const values = new Map([
    ['user.displayName', profile?.displayName],
    ['user.id', personIn(incoming)?.userId],
  ])
  return (name) => values.get(name)
}

/** Cut at its tags. A part that is a problem stands in the output as it is written. */
function partsOf(text: string): Part[] {
  const parts: Part[] = []
  let at = 0
  for (let open = text.indexOf('{{'); open >= 0; open = text.indexOf('{{', at)) {
    if (open > at) parts.push({ source: text.slice(at, open), literal: text.slice(at, open) })
    const part = tagAt(text, open)
    parts.push(part)
    at = open + part.source.length
  }
  if (at < text.length) parts.push({ source: text.slice(at), literal: text.slice(at) })
  return parts
}

function tagAt(text: string, open: number): Part {
  tag.lastIndex = open
  const [source, literal, name] = tag.exec(text) ?? []
  if (source !== undefined && literal !== undefined) return { source, literal }
  if (source !== undefined && name !== undefined) {
    return isName(name) ? { source, name } : { source, problem: `${name} is not known; known are: ${known}` }
  }
  return malformed(text, open)
}

function malformed(text: string, open: number): Part {
  const close = text.indexOf('}}', open)
  const source = close < 0 ? text.slice(open) : text.slice(open, close + 2)
  if (source.startsWith('{{{')) return { source: '{{{', problem: `{{{ is not a template; a literal { is {{'{'}}` }
  if (close < 0) return { source, problem: `{{ is never closed by }}; a literal {{ is {{'{{'}}` }
  return { source, problem: `${source} is not a template; known are: ${known}` }
}

/** The names that these messages use, so that nothing is asked of LINE in vain. */
export function needs(value: unknown): ReadonlySet<string> {
  const found = new Set<string>()
  walk(value, '', (text) => {
    for (const part of partsOf(text)) if ('name' in part) found.add(part.name)
  })
  return found
}

/** Everything wrong with the templates in a value, each with the path of its string. Keys hold no templates. */
export function templateProblems(value: unknown, path: string, _scope: Scope): Problem[] {
  const problems: Problem[] = []
  walk(value, path, (text, where) => {
    for (const part of partsOf(text)) if ('problem' in part) problems.push({ path: where, message: part.problem })
  })
  return problems
}

/** What is left of the string when every name stands for nothing: the least that it can become. */
export const leastOf = (text: string): string => fill(text, () => undefined)

/**
 * Copies of the messages with their templates filled in, once: a value that looks like a template stays as it is.
 * A message that a value makes dangerous or void is left out, and `refused` hears of it. Never throws.
 */
export const render = (
  messages: readonly Message[],
  data: Names,
  _refused: (problem: Problem) => void = () => undefined,
): Message[] =>
  messages.map((message) => {
    const rendered = filled(message, data)
    return message.type === 'text' && rendered.type === 'text' ? withEmojisMoved(message, rendered, data) : rendered
  })

function fill(text: string, data: Names): string {
  if (!text.includes('{{')) return text
  return partsOf(text)
    .map((part) => valueOf(part, data))
    .join('')
}

function valueOf(part: Part, data: Names): string {
  if ('literal' in part) return part.literal
  return 'name' in part ? (data(part.name) ?? '') : part.source
}

function filled<T>(value: T, data: Names): T
function filled(value: unknown, data: Names): unknown {
  if (typeof value === 'string') return fill(value, data)
  if (Array.isArray(value)) return value.map((item) => filled(item, data))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, filled(member, data)]))
}

type TextMessage = Extract<Message, { type: 'text' }>

/** An emoji's index points at a `$` of the written text, which moves when a name before it is filled in. */
function withEmojisMoved(written: TextMessage, rendered: TextMessage, data: Names): TextMessage {
  if (!written.emojis || !written.text.includes('{{')) return rendered
  return {
    ...rendered,
    emojis: written.emojis.map((emoji) => ({ ...emoji, index: moved(emoji.index, written, data) })),
  }
}

function moved(index: number | undefined, { text }: TextMessage, data: Names): number {
  return fill(text.slice(0, index), data).length
}

function walk(value: unknown, path: string, visit: (text: string, path: string) => void): void {
  if (typeof value === 'string') {
    if (value.includes('{{')) visit(value, path)
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) walk(item, `${path}[${index}]`, visit)
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) walk(member, `${path}.${key}`, visit)
  }
}
