import type { Finding } from '../core/condition.ts'
import type { Problem } from '../core/problem.ts'
import type { EventBinding } from '../core/resources/binding.ts'

/** What an Event's `Ready` rests on. */
export function eventReady(accepted: number, problems: readonly Problem[], bindings: readonly string[]): Finding {
  const [first] = problems
  if (first) {
    const rest = problems.length > 1 ? ` (and ${problems.length - 1} more in status.problems)` : ''
    const kept =
      accepted === 0 ? 'no rule is in force' : `the other ${accepted === 1 ? 'one works' : `${accepted} work`}`
    return ready('False', 'Rejected', `${first.path}: ${first.message}${rest}; ${kept}`)
  }
  if (bindings.length === 0) {
    return ready('True', 'Unused', `${rules(accepted)} accepted; no EventBinding selects this Event's labels yet`)
  }
  return ready('True', 'Accepted', `${rules(accepted)} in force through ${bindings.join(', ')}`)
}

/** What an EventBinding's `Ready` rests on. */
export function bindingReady(binding: EventBinding, events: number, count: number, rejected: number): Finding {
  if (events === 0) {
    return ready(
      'False',
      'NoEvents',
      `no Event has the labels that spec.selector asks for (${JSON.stringify(binding.spec.selector)}); label one, or change the selector`,
    )
  }
  if (count === 0) {
    const message = `no rule of ${eventsOf(events)} is in force: ${rules(rejected)} left out, see status.rejected`
    return ready('False', 'NoRules', message)
  }
  const leftOut = rejected > 0 ? `; ${rules(rejected)} left out, see status.rejected` : ''
  return ready('True', rejected > 0 ? 'PartlyRejected' : 'Compiled', `${rules(count)} of ${eventsOf(events)}${leftOut}`)
}

/** What an EventBinding's `Ready` says where the API server refused its rules. */
export const notWritten = (message: string): Finding =>
  ready(
    'False',
    'RulesNotWritten',
    `the API server refused the ConfigMaps of its rules: ${message}; Bots go on with the rules they have, and it is tried again`,
  )

const ready = (status: 'True' | 'False', reason: string, message: string): Finding => ({
  type: 'Ready',
  status,
  reason,
  message,
})
const eventsOf = (n: number) => `${n} ${n === 1 ? 'Event' : 'Events'}`
const rules = (n: number) => `${n} ${n === 1 ? 'rule' : 'rules'}`
