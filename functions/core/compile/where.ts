import { anyPlace, pathsOf } from '../events.ts'
import type { Problem } from '../problem.ts'
import type { EventRule } from '../resources/event.ts'
import { nearest } from '../schema/nearest.ts'

type Requirement = NonNullable<EventRule['where']>[number]

export const whereProblems = ({ where = [] }: EventRule, type: string, path: string): Problem[] =>
  where.flatMap((one, i) => [
    ...keyProblems(one, type, `${path}.where[${i}].key`),
    ...valuesProblems(one, `${path}.where[${i}].values`),
  ])

function keyProblems({ key, operator }: Requirement, type: string, path: string): Problem[] {
  const known = pathsOf(type)
  if (known && key.startsWith('data.')) return dataProblems(type, path)
  const general = anyPlace(key)
  if (!known || known.includes(general)) return []
  const inside = known.find((one) => one.startsWith(`${general}.`))
  if (inside === undefined) return [{ path, message: `${type} has no ${key}${meant(general, known)}` }]
  if (operator === 'Exists' || operator === 'DoesNotExist') return []
  return [{ path, message: `${key} holds more than one value: name one, as in ${inside}` }]
}

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
