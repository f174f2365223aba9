import type { Problem } from './problem.ts'
import type { Message } from './rule.ts'

/** What a template may name. A later name is one more row. */
const names = {
  'user.displayName': 'the name that the user shows at LINE; empty when LINE does not tell',
  'user.id': 'the user ID',
} as const satisfies Record<string, string>

export type TemplateName = keyof typeof names

/** Values by name; an absent one is written as nothing. */
export type TemplateData = Readonly<Partial<Record<TemplateName, string>>>

/** A piece of a string: what it is where it stands in the source, and how it is to be taken. */
type Part = { readonly source: string } & (
  | { readonly literal: string }
  | { readonly name: TemplateName }
  | { readonly problem: string }
)

/** `{{ name }}`, or `{{'text'}}`, which stands for the text itself: so is a literal `{{` written. */
const tag = /\{\{\s*(?:'([^']*)'|([^\s{}']+))\s*\}\}/y

const known = Object.keys(names).join(', ')
const isName = (name: string): name is TemplateName => Object.hasOwn(names, name)

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
export function needs(messages: readonly Message[]): ReadonlySet<TemplateName> {
  const found = new Set<TemplateName>()
  walk(messages, '', (text) => {
    for (const part of partsOf(text)) if ('name' in part) found.add(part.name)
  })
  return found
}

/** Everything wrong with the templates in a value, each with the path of its string. Keys hold no templates. */
export function templateProblems(value: unknown, path: string): Problem[] {
  const problems: Problem[] = []
  walk(value, path, (text, where) => {
    for (const part of partsOf(text)) if ('problem' in part) problems.push({ path: where, message: part.problem })
  })
  return problems
}

/** What is left of the string when every name stands for nothing: the least that it can become. */
export const leastOf = (text: string): string => fill(text, {})

/** Copies of the messages with their templates filled in, once: a value that looks like a template stays as it is. */
export const render = (messages: readonly Message[], data: TemplateData): Message[] =>
  messages.map((message) => {
    const rendered = filled(message, data)
    return message.type === 'text' && rendered.type === 'text' ? withEmojisMoved(message, rendered, data) : rendered
  })

function fill(text: string, data: TemplateData): string {
  if (!text.includes('{{')) return text
  return partsOf(text)
    .map((part) => valueOf(part, data))
    .join('')
}

function valueOf(part: Part, data: TemplateData): string {
  if ('literal' in part) return part.literal
  return 'name' in part ? (data[part.name] ?? '') : part.source
}

function filled<T>(value: T, data: TemplateData): T
function filled(value: unknown, data: TemplateData): unknown {
  if (typeof value === 'string') return fill(value, data)
  if (Array.isArray(value)) return value.map((item) => filled(item, data))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, filled(member, data)]))
}

type TextMessage = Extract<Message, { type: 'text' }>

/** An emoji's index points at a `$` of the written text, which moves when a name before it is filled in. */
function withEmojisMoved(written: TextMessage, rendered: TextMessage, data: TemplateData): TextMessage {
  if (!written.emojis || !written.text.includes('{{')) return rendered
  return {
    ...rendered,
    emojis: written.emojis.map((emoji) => ({ ...emoji, index: moved(emoji.index, written, data) })),
  }
}

function moved(index: number | undefined, { text }: TextMessage, data: TemplateData): number {
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
