import type { BotSeen } from '../see.ts'
import type { Checked } from './checked.ts'

/** Reasons that are tried again, and tell in another's words what failed: a port or a time differs at every try. */
const passing: ReadonlySet<string> = new Set(['NotApplied', 'NotAllowed', 'LineUnavailable', 'FrontDoorBehind'])

/**
 * The finding in the words that the status has already, where only those differ. Every status that is written rings at
 * once: it would be tried again before the Broker's pause is over, and fail in other words again. What is not allowed for
 * another cause is news: somebody has changed the first one, and is to know of the second.
 */
export function retold(found: Checked, { bot: { metadata, status } }: Pick<BotSeen, 'bot'>): Checked {
  if (!passing.has(found.reason)) return found
  const before = status?.conditions?.find(({ type }) => type === found.type)
  if (before?.status !== found.status || before.reason !== found.reason) return found
  if (before.observedGeneration !== metadata.generation) return found
  if (found.reason === 'NotAllowed' && causeIn(before.message) !== causeIn(found.message)) return found
  return { ...found, message: before.message }
}

/** Who does not allow it, and what: without numbers, quantities and IDs, which differ at every try for one cause. */
const causeIn = (message: string): string =>
  message
    .split(/[^\w.-]+/)
    .filter((word) => !/\d/.test(word))
    .join(' ')
