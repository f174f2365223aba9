import { bindingsOf, eventsOf, type Seen } from '../../core/bound.ts'
import { compile } from '../../core/compile.ts'
import { distinctBy } from '../../core/distinct.ts'
import type { Bot } from '../../core/resources/bot.ts'
import type { EventResource } from '../../core/resources/event.ts'
import { linearRegex } from '../../edge/linear-regex.ts'
import type { Fault } from '../faults.ts'

/** What is wrong with the rules that are left out of the Bot's. */
export function rejectedOf(bot: Bot, seen: Seen): Fault[] {
  const events = new Set(bindingsOf(bot, seen).flatMap((binding) => eventsOf(binding, seen)))
  return [...events].flatMap((event) => {
    const { name } = event.metadata
    const faults = problemsOf(event).map(({ path, message }) => ({
      place: `Event ${name}`,
      event: name,
      path,
      message,
    }))
    return distinctBy(faults, ({ path, message }) => `${path} ${message}`)
  })
}

/** As the Event is now; and what only the event-controller sees, such as a Broker that is not there. */
const problemsOf = (event: EventResource) => [
  ...compile(event, linearRegex).problems,
  ...(isJudged(event) ? (event.status?.problems ?? []) : []),
]

/** Of the Event as it is now, not as it was. The schema of metadata speaks of the name alone. */
const isJudged = ({ metadata, status }: EventResource) =>
  'generation' in metadata && metadata.generation === status?.observedGeneration
