import type { ExpectedMessage } from '../conversation.ts'
import type { Message } from '../rule.ts'
import { item, member } from '../schema/path.ts'
import { isObject, type Json } from '../shape.ts'

/** A place where an answer is not as it should be. */
export interface Difference {
  /** As in `answer[0].template.text`. */
  readonly path: string
  /** Absent: nothing was wanted here. */
  readonly expected?: unknown
  /** Absent: nothing is there. */
  readonly actual?: unknown
}

/**
 * Where the messages are not as expected; none = all is well. There must be as many as expected. Of an object the
 * members that are given must be so, a list must have the same length; `{ contains }` and `{ matches }` take a part
 * of a string, of a whole message its text.
 */
export function compare(expected: readonly ExpectedMessage[], actual: readonly Message[]): Difference[] {
  const length = Math.max(expected.length, actual.length)
  return Array.from({ length }).flatMap((_, i) => {
    const [wanted, said] = [expected[i], actual[i]]
    const path = item('answer', i)
    if (said === undefined) return [{ path, expected: wanted }]
    return wanted === undefined ? [{ path, actual: said }] : compareMessage(wanted, said, path)
  })
}

function compareMessage(wanted: ExpectedMessage, said: Message, path: string): Difference[] {
  const text = said.type === 'text' || said.type === 'textV2' ? said.text : undefined
  if (typeof wanted === 'string') {
    if (text === undefined) return [{ path, expected: wanted, actual: said }]
    return compareValue(wanted, text, path)
  }
  return isPart(wanted) ? compareValue(wanted, text ?? altTextOf(said), path) : compareValue(wanted, said, path)
}

const altTextOf = (said: Message): unknown => ('altText' in said ? said.altText : said)

/** `{ contains: … }` or `{ matches: … }`, which no LINE object has. */
export const isPart = (wanted: unknown): wanted is Json =>
  isObject(wanted) && Object.keys(wanted).length > 0 && Object.keys(wanted).every((key) => partKeys.has(key))

const partKeys = new Set(['contains', 'matches'])

function compareValue(wanted: unknown, said: unknown, path: string): Difference[] {
  if (isPart(wanted)) return hasPart(wanted, said) ? [] : [{ path, expected: wanted, actual: said }]
  if (Array.isArray(wanted) && Array.isArray(said)) return compareLists(wanted, said, path)
  if (isObject(wanted) && isObject(said)) {
    return Object.entries(wanted).flatMap(([key, value]) => compareMember(value, said, key, path))
  }
  return Object.is(wanted, said) ? [] : [{ path, expected: wanted, actual: said }]
}

function compareMember(wanted: unknown, said: Json, key: string, path: string): Difference[] {
  const where = member(path, key)
  return Object.hasOwn(said, key) ? compareValue(wanted, said[key], where) : [{ path: where, expected: wanted }]
}

function compareLists(wanted: readonly unknown[], said: readonly unknown[], path: string): Difference[] {
  return Array.from({ length: Math.max(wanted.length, said.length) }).flatMap((_, i) => {
    const where = item(path, i)
    if (i >= said.length) return [{ path: where, expected: wanted[i] }]
    return i >= wanted.length ? [{ path: where, actual: said[i] }] : compareValue(wanted[i], said[i], where)
  })
}

const hasPart = ({ contains, matches }: Json, said: unknown): boolean =>
  typeof said === 'string' &&
  (contains === undefined || (typeof contains === 'string' && said.includes(contains))) &&
  (matches === undefined || (typeof matches === 'string' && new RegExp(matches, 'u').test(said)))
