import { compile } from '../../core/compile.ts'
import { apiVersion } from '../../core/names.ts'
import type { Problem } from '../../core/problem.ts'
import { typeRules } from '../../core/resources/event.ts'
import { scheduleProblems } from '../../core/schedule/problems.ts'
import { brokenInside } from '../../core/schema/cel.ts'
import { type Checked, check, type Resources } from '../../core/schema/check.ts'
import { kindNames, schemaFor } from '../../core/schema/crd.ts'
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
  if (kind === 'Bot') return botProblems(check(kind, value))
  if (kind !== 'Event') return checkedProblems(check(kind, value))
  const checked = check(kind, value)
  if (checked.ok) return compile(checked.value, linearRegex).problems
  return inRules([...checked.problems, ...besides(value, checked.problems)])
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
  if (!isObject(value) || value.kind !== 'Event' || !isObject(value.spec) || !Array.isArray(value.spec.rules)) return []
  return value.spec.rules.flatMap((rule: unknown, i) =>
    ['keywords', 'data']
      .filter((member) => isObject(rule) && rule[member] === null)
      .map((member) => ({
        path: `spec.rules[${i}].${member}`,
        message: `nothing is written under it: write what to listen for, or leave ${member} out, and the rule answers whatever no other does`,
      })),
  )
}

/** What would be said of the Event when its shape is mended: who mends one thing should not be told the next then. */
function besides(event: unknown, known: readonly Problem[]): Problem[] {
  const schema = schemaFor('Event')
  const { value, lost } = mend(event, schema)
  const { value: whole } = settle(value, schema)
  // Its shape is right now; where it is not as written, nothing is told of it.
  const { problems } = compile(whole as Resources['Event'], linearRegex)
  const isToldBy = (one: Problem) => (other: Problem) => other.path === one.path && !isWider(other, one)
  return [...brokenInside(whole, schema), ...problems].filter(
    (one) => !known.some(isToldBy(one)) && !lost.some((path) => isIn(one.path, path)),
  )
}

const isIn = (path: string, parent: string) =>
  path === parent || (path.startsWith(parent) && /^[.[]/.test(path.slice(parent.length)))

/** The schema's limits are guards, wider than LINE's own: who has kept to one would hear of the other. */
const isWider = (one: Problem, other: Problem) => most(one) > most(other)
const most = ({ message }: Problem) => Number(/at most (\d+)/.exec(message)?.[1])

const botProblems = (checked: Checked<Resources['Bot']>): Problem[] => {
  if (!checked.ok) return checked.problems
  const { quietHours } = checked.value.spec
  return quietHours ? scheduleProblems(quietHours, 'spec.quietHours') : []
}

const checkedProblems = (checked: { ok: true } | { ok: false; problems: Problem[] }) =>
  checked.ok ? [] : checked.problems
