import type { Problem } from './problem.ts'
import { item, member } from './schema/path.ts'
import { isObject, type Json } from './shape.ts'
import { beginsWithValue, fill } from './template/fill.ts'
import type { Names } from './template/names.ts'
import { parse, type Tag } from './template/parse.ts'
import { isUri, type Place, placeOf, uriProblem } from './template/place.ts'

export { type Scope, templateProblems } from './template/judge.ts'
export { type Names, namesFor, personIn, profileNames, type Telling } from './template/names.ts'

/** The names that the strings of a value use, so that nothing is asked of LINE in vain. */
export function needs(value: unknown): ReadonlySet<string> {
  const found = new Set<string>()
  visit(value, (text) => {
    for (const part of parse(text)) if ('tag' in part) for (const name of namesIn(part.tag)) found.add(name)
  })
  return found
}

/** What is left of the string when every name stands for nothing: the least that it can become in that place. */
export const leastOf = (text: string, place: Place = 'text'): string =>
  text.includes('{{') ? fill(text, () => undefined, place).text : text

/**
 * Copies of the messages with their templates filled in, once: a value that looks like a template stays as it is, and
 * is data wherever it stands (a URI, the text of a textV2). A message that LINE would refuse because of a value, or
 * that would open what it should not, is left out, and `refused` hears why. Never throws.
 */
export function render<T>(
  messages: readonly T[],
  names: Names,
  refused: (problem: Problem) => void = () => undefined,
): T[] {
  return messages.flatMap((message, index) => {
    const problems: Problem[] = []
    const rendered = filled(message, { names, place: 'text', path: `[${index}]`, problems })
    problems.forEach(refused)
    return problems.length === 0 ? [rendered] : []
  })
}

interface Filling {
  readonly names: Names
  readonly place: Place
  readonly path: string
  readonly problems: Problem[]
}

function filled<T>(value: T, filling: Filling): T
function filled(value: unknown, filling: Filling): unknown {
  const { path } = filling
  if (typeof value === 'string') return value.includes('{{') ? textFor(value, filling) : value
  if (Array.isArray(value)) return value.map((one, i) => filled(one, { ...filling, path: item(path, i) }))
  if (!isObject(value)) return value
  const members = Object.entries(value).map(([name, one]) => {
    return [name, filled(one, { ...filling, place: placeOf(value, name), path: member(path, name) })] as const
  })
  const rendered = Object.fromEntries(members.filter(([, one]) => one !== undefined))
  return value['type'] === 'text' ? withEmojisMoved(value, rendered, filling.names) : rendered
}

/** The string, or undefined for a member that is to be left out. */
function textFor(written: string, { names, place, path, problems }: Filling): string | undefined {
  const { text } = fill(written, names, place)
  const blank = text.trim() === ''
  if (blank && place === 'token') return undefined
  if (blank)
    problems.push({ path, message: `nothing is left of ${JSON.stringify(written)}, and LINE refuses an empty text` })
  else if (isUri(place) && beginsWithValue(written)) {
    const message = uriProblem(text, place)
    if (message !== undefined) problems.push({ path, message })
  }
  return text
}

/** An emoji's index points at a `$` of the written text, which moves when a name before it is filled in. */
function withEmojisMoved({ text, emojis }: Json, rendered: Json, names: Names): Json {
  if (typeof text !== 'string' || !text.includes('{{') || !Array.isArray(emojis)) return rendered
  const { moved } = fill(text, names, 'text')
  const move = (emoji: unknown) =>
    isObject(emoji) && typeof emoji['index'] === 'number' ? { ...emoji, index: moved(emoji['index']) } : emoji
  return { ...rendered, emojis: emojis.map(move) }
}

function namesIn({ subject, filters }: Tag): string[] {
  const terms = [subject, ...filters.flatMap(({ args }) => args)]
  return terms.flatMap((term) => ('name' in term ? [term.name] : []))
}

function visit(value: unknown, seen: (text: string) => void): void {
  if (typeof value === 'string') {
    if (value.includes('{{')) seen(value)
  } else if (typeof value === 'object' && value !== null) {
    for (const one of Object.values(value)) visit(one, seen)
  }
}
