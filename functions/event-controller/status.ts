import { stamp } from '../core/condition.ts'
import { Event, EventBinding } from '../core/kinds.ts'
import type { Stored } from '../core/object.ts'
import type { Step } from '../core/plan.ts'
import type { EventBinding as EventBindingResource, EventBindingStatus } from '../core/resources/binding.ts'
import type { EventStatus } from '../core/resources/event.ts'
import type { Shadow } from '../core/shadow.ts'
import { statusStep, type Teller } from '../core/status.ts'
import type { Bound, Compiled } from './bind.ts'
import { bindingReady, eventReady, notWritten } from './checks.ts'
import { manager } from './configmaps.ts'

/** A status lists so many of what is wrong, and so many names; the schema's own bounds. */
const listed = 50
const listedNames = 1_000

const teller = (now: Date): Teller => ({ by: 'event-controller', manager, now })

export function bindingStatus({ binding, members, bots, files, hash, configMaps }: Bound, now: Date): Step[] {
  const count = files.reduce((sum, { rules }) => sum + rules.length, 0)
  const rejected = members.flatMap(({ event, problems }) =>
    problems.map((problem) => ({ event: event.metadata.name, ...problem })),
  )
  const leftOut = members.reduce((sum, { event, rules }) => sum + event.spec.rules.length - rules.length, 0)
  const { generation = 0 } = binding.metadata
  const found = bindingReady(binding, members.length, count, leftOut)
  const status: EventBindingStatus = {
    observedGeneration: generation,
    conditions: stamp([found], binding.status?.conditions, generation, now),
    events: members.length,
    rules: { count, hash, configMaps: configMaps.map(({ metadata }) => metadata.name) },
    ...(rejected.length > 0 && { rejected: rejected.slice(0, listed) }),
    ...(bots.length > 0 && { bots: bots.slice(0, listedNames) }),
  }
  return statusStep(EventBinding, binding, status, teller(now))
}

/**
 * Says on the binding that its rules could not be written; all else in its status stays, for those are the rules in
 * force. Nothing where it is said already: a status write rings, and each ring tries again.
 */
export function refusedStatus(binding: Stored<EventBindingResource>, message: string, now: Date): Step[] {
  const { generation = 0 } = binding.metadata
  const { status } = binding
  const found = notWritten([...message].slice(0, 1000).join(''))
  if (status?.conditions?.some(({ reason }) => reason === found.reason)) return []
  const conditions = stamp([found], status?.conditions, generation, now)
  return statusStep(EventBinding, binding, { ...status, conditions }, teller(now))
}

export function eventStatus(
  { event, rules, problems }: Compiled,
  bound: readonly Bound[],
  shadows: readonly Shadow[],
  now: Date,
): Step[] {
  const { name, generation = 0 } = event.metadata
  const bindings = bound
    .filter(({ members }) => members.some((one) => one.event === event))
    .map(({ binding }) => binding.metadata.name)
    .toSorted()
  const shadowed = shadows
    .filter((shadow) => shadow.event === name)
    .map(({ keyword, path, by }) => ({ keyword, path, by }))
  const status: EventStatus = {
    observedGeneration: generation,
    conditions: stamp([eventReady(rules.length, problems, bindings)], event.status?.conditions, generation, now),
    accepted: rules.length,
    ...(problems.length > 0 && { problems: problems.slice(0, listed) }),
    ...(bindings.length > 0 && { bindings: bindings.slice(0, listedNames) }),
    ...(shadowed.length > 0 && { shadowed: shadowed.slice(0, listed) }),
  }
  return statusStep(Event, event, status, teller(now))
}
