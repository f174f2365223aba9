import type { LinearRegex } from '../core/linear.ts'
import type { Plan } from '../core/plan.ts'
import { shadowed } from '../core/shadow.ts'
import { alive, bind, compileOne } from './bind.ts'
import { current, leftovers, manager } from './configmaps.ts'
import type { RulesSeen } from './see.ts'
import { bindingStatus, eventStatus } from './status.ts'

/** The namespace's rules and statuses as they should be. Pure and synchronous; a settled namespace gives no steps. */
export function reconcile(seen: RulesSeen, linear: LinearRegex, now: Date): Plan {
  const compiled = seen.events.filter(alive).map((event) => compileOne(event, seen, linear))
  const bound = seen.bindings.filter(alive).map((binding) => bind(binding, compiled, seen))
  const shadows = shadowed(bound.flatMap(({ files }) => files))
  const steps = [
    // Rules before the status that names them, so that nobody mounts what is not there.
    ...bound.flatMap((one) => current(one, seen)),
    ...leftovers(bound, seen),
    ...bound.flatMap((one) => bindingStatus(one, now)),
    ...compiled.flatMap((one) => eventStatus(one, bound, shadows, now)),
  ]
  return { steps, outcome: { ended: 'settled' } }
}

/** Whether the plan would put other rules in force: then it is worth waiting for the rest of a burst. */
export const changesRules = ({ steps }: Plan): boolean =>
  steps.some((step) => step.do === 'apply' && step.manager === manager)
