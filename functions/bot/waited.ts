import type { Done } from './answer.ts'
import type { Counts } from './counts.ts'

/** Hears of every Incoming that is done, and when its webhook had arrived (milliseconds since the epoch). */
export type Waited = (done: Done, arrivedAt: number) => void

/**
 * Counts how long people waited. Clocks of two nodes may differ by some milliseconds, so that a wait is never below 0.
 * A webhook that was there before this process has woken it.
 */
export function makeWaited(counts: Counts, startedAt = performance.timeOrigin, now = Date.now): Waited {
  let isFirst = true
  return ({ outcome }, arrivedAt) => {
    const seconds = Math.max(0, now() - arrivedAt) / 1000
    if (outcome === 'answered') counts.replySeconds.observe(seconds)
    if (isFirst && arrivedAt < startedAt) {
      counts.coldStarts.add()
      counts.coldStartSeconds.observe(seconds)
    }
    isFirst = false
  }
}
