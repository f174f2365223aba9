import { compile } from '../../core/compile.ts'
import { lateProblems } from '../../core/late.ts'
import { apiVersion } from '../../core/names.ts'
import type { Problem } from '../../core/problem.ts'
import { typeRules } from '../../core/resources/event.ts'
import { quietProblems, quietWhen, usualWhen } from '../../core/schedule/problems.ts'
import { brokenInside } from '../../core/schema/cel.ts'
import { check, type Resources } from '../../core/schema/check.ts'
import { type KindName, kindNames, schemaFor } from '../../core/schema/crd.ts'
import { mend } from '../../core/schema/mend.ts'
import { hint } from '../../core/schema/nearest.ts'
import { settle } from '../../core/schema/settle.ts'
import { isObject } from '../../core/shape.ts'
import { linearRegex } from '../../edge/linear-regex.ts'

/** What the API server would refuse, and what the status would say; of an Event both at once. */
export function problemsOf(value: unknown): Problem[] {
  if (!isObject(value)) return []
  const kind = kindNames.find((known) => known === value.kind)
  if (kind === undefined)
    return [{ path: 'kind', message: `no kind of ${apiVersion}${hint(String(value.kind), kindNames)}` }]
  return problemsAs(kind, value)
}

function problemsAs<K extends KindName>(kind: K, value: object): Problem[] {
  const checked = check(kind, value)
  if (checked.ok) return judges[kind](checked.value)
  return inRules([...checked.problems, ...besides(kind, value, checked.problems)])
}

/** What the status would say of an object that the API server takes. */
const judges: { readonly [K in KindName]: (of: Resources[K]) => Problem[] } = {
  Bot: ({ spec: { lateAnswers, quietHours } }) => [
    ...lateProblems(lateAnswers, 'spec.lateAnswers'),
    ...(quietHours ? quietProblems(quietHours, 'spec.quietHours') : []),
  ],
  Event: (event) => compile(event, linearRegex).problems,
  EventBinding: () => [],
}

/** Without what the API server says of the whole spec where the rules that it means are told too. */
const inRules = (problems: readonly Problem[]): Problem[] =>
  problems.some(({ path }) => /^spec\.(?:type|rules\[\d+\]\.(?:keywords|content|mentioned|data))$/.test(path))
    ? problems.filter(({ path, message }) => path !== 'spec' || !typeRules.some((rule) => rule.message === message))
    : [...problems]

/**
 * Lists of which every item is commented out. They are nulls, which the API server drops, and nobody would hear of the
 * rule that then takes anything.
 */
export function unwritten(value: unknown): Problem[] {
  if (!isObject(value) || !isObject(value.spec)) return []
  const { rules, quietHours } = value.spec
  if (value.kind === 'Bot') return unwrittenQuiet(quietHours)
  return value.kind === 'Event' && Array.isArray(rules) ? rules.flatMap(unwrittenIn) : []
}

/** Without `except`, its status says that the bot would never say a word. */
function unwrittenQuiet(quietHours: unknown): Problem[] {
  if (!isObject(quietHours) || quietHours.times !== null) return []
  if (!Array.isArray(quietHours.except) || quietHours.except.length === 0) return []
  const message = `nothing is written under it: ${quietWhen}`
  return [{ path: 'spec.quietHours.times', message }]
}

function unwrittenIn(rule: unknown, i: number): Problem[] {
  if (!isObject(rule)) return []
  const listening = ['keywords', 'data']
    .filter((member) => rule[member] === null)
    .map((member) => ({
      path: `spec.rules[${i}].${member}`,
      message: `nothing is written under it: write what to listen for, or leave ${member} out, and the rule answers whatever no other does`,
    }))
  if (!isObject(rule.schedule) || rule.schedule.times !== null) return listening
  const message = `nothing is written under it: ${usualWhen}`
  return [...listening, { path: `spec.rules[${i}].schedule.times`, message }]
}

/** What would be said of the object when its shape is mended: who mends one thing should not be told the next then. */
function besides<K extends KindName>(kind: K, object: unknown, known: readonly Problem[]): Problem[] {
  const schema = schemaFor(kind)
  const { value, lost } = mend(object, schema)
  // Its shape is right now; where it is not as written, nothing is told of it.
  const whole = { metadata: {}, ...(settle(value, schema).value as object) }
  const problems = judges[kind](whole as Resources[K])
  const isToldBy = (one: Problem) => (other: Problem) =>
    (other.path === one.path && !isWider(other, one)) || (other.path === 'metadata' && isIn(one.path, other.path))
  return [...brokenInside(whole, schema), ...problems].filter(
    (one) => !known.some(isToldBy(one)) && !lost.some((path) => isIn(one.path, path)),
  )
}

const isIn = (path: string, parent: string) =>
  path === parent || (path.startsWith(parent) && /^[.[]/.test(path.slice(parent.length)))

/** The schema's limits are guards, wider than LINE's own: who has kept to one would hear of the other. */
const isWider = (one: Problem, other: Problem) => most(one) > most(other)
const most = ({ message }: Problem) => Number(/at most (\d+)/.exec(message)?.[1])
