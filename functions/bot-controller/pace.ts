/** Between two failed tests of one webhook. LINE allows 60 tests an hour, and a person wants some of them too. */
const pauseMs = 120_000

export interface Pace {
  /** Whether this webhook's test failed a moment ago, so that LINE is not to be bothered yet. */
  holds(key: string): boolean
  failed(key: string): void
  passed(key: string): void
}

/**
 * Remembers failed tests while the process lives. Rings may come in dozens while a webhook fails; when the process has
 * gone to sleep in between, they were few. Nothing but LINE's budget rests on it.
 */
export function makePace(now: () => Date): Pace {
  const failedAt = new Map<string, number>()
  return {
    holds: (key) => now().getTime() - (failedAt.get(key) ?? Number.NEGATIVE_INFINITY) < pauseMs,
    failed: (key) => void failedAt.set(key, now().getTime()),
    passed: (key) => void failedAt.delete(key),
  }
}
