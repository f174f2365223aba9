import { anyPlace, pathsOf } from '../events.ts'
import type { Problem } from '../problem.ts'
import type { EventRule } from '../resources/event.ts'
import type { ChatType } from '../rule.ts'
import { nearest } from '../schema/nearest.ts'
import type { Scope } from '../template.ts'

type Requirement = NonNullable<EventRule['where']>[number]

export const whereProblems = ({ where = [] }: EventRule, scope: Scope, path: string): Problem[] =>
  where.flatMap((one, i) => [
    ...keyProblems(one, scope, `${path}.where[${i}].key`),
    ...valuesProblems(one, `${path}.where[${i}].values`),
  ])

function keyProblems(one: Requirement, scope: Scope, path: string): Problem[] {
  const { key, operator } = one
  const { type } = scope
  const known = pathsOf(type)
  if (known && key.startsWith('data.')) return dataProblems(type, path)
  const general = anyPlace(key)
  if (!known) return []
  const inside = known.find((other) => other.startsWith(`${general}.`))
  const isWhole = known.includes(general)
  if (!isWhole && inside === undefined) return [{ path, message: `${type} has no ${key}${meant(general, known)}` }]
  if (isWhole || operator === 'Exists' || operator === 'DoesNotExist') return neverProblems(one, scope, path)
  return [{ path, message: `${key} holds more than one value: name one, as in ${inside}` }]
}

/** What asks for a value that what the rule takes never has. */
function neverProblems({ key, operator }: Requirement, scope: Scope, path: string): Problem[] {
  if (operator === 'NotIn' || operator === 'DoesNotExist') return []
  const { type, content, chats } = scope
  const problem = (there: string) => [{ path, message: `never holds: there is no ${key} in ${there}` }]
  if (content && !isIn(pathsOf(type, content) ?? [], anyPlace(key))) return problem(`content: ${content.join(', ')}`)
  const chat = Object.hasOwn(chatsWith, key) ? chatsWith[key] : undefined
  return chat && chats && !chats.includes(chat) ? problem(`chats with ${chats.join(', ')}`) : []
}

const isIn = (paths: readonly string[], key: string) => paths.some((one) => one === key || one.startsWith(`${key}.`))

const chatsWith: Readonly<Record<string, ChatType>> = { 'source.groupId': 'group', 'source.roomId': 'room' }

const dataProblems = (type: string, path: string): Problem[] =>
  type === 'postback' ? [] : [{ path, message: `data.NAME is in a postback’s data, and ${type} has none` }]

/** The path that was probably meant: by its last name, or nearly the whole. */
function meant(key: string, known: readonly string[]): string {
  const last = `.${key.split('.').at(-1)}`
  const found = known.find((one) => one.endsWith(last)) ?? nearest(key, known)
  if (found !== undefined) return `; did you mean ${found}?`
  return `; known are: ${known.join(', ')}`
}

function valuesProblems({ operator, values = [] }: Requirement, path: string): Problem[] {
  const wanted = operator === 'In' || operator === 'NotIn'
  if (wanted === values.length > 0) return []
  return [{ path, message: wanted ? `${operator} needs at least one` : `${operator} takes none: leave them out` }]
}
