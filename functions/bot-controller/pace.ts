import { setRecent } from '../core/recent.ts'
import type { WebhookTest } from '../edge/line.ts'

/**
 * Milliseconds from a test of a webhook to the next one, after so many that failed in a row; 0: it succeeded.
 *
 * LINE allows 60 tests an hour and channel, and a person wants some of them too: every two minutes is half. The first
 * failures wait less, for they may be a front door that is just starting, and a Bot is not Ready until a test succeeds:
 * the Broker tries 2, 6, 14, 30, 62, 126 and 254 s after the first, and those after 6, 30, 126 and 254 s test again. A
 * webhook that fails every other time is tested 58 times an hour.
 */
const pauseMs = (failuresInARow: number): number => firstPausesMs[failuresInARow - 1] ?? 120_000
const firstPausesMs = [5_000, 20_000, 90_000] as const

/** Webhooks: more than are tested between two tries of one. */
const maxRemembered = 5_000

export interface Pace {
  /**
   * What is known of a webhook's test, so that LINE is not to be bothered yet: how it succeeded a moment ago, or
   * `failed`. Undefined = it may be tested.
   */
  known(key: string): WebhookTest | 'failed' | undefined
  /** A test of now; undefined = LINE did not carry it out. */
  tested(key: string, test: WebhookTest | undefined): void
}

interface Tested {
  readonly at: number
  readonly failures: number
  readonly success?: WebhookTest
}

/**
 * Remembers tests while the process lives. Rings may come in dozens while a webhook fails, and anybody in the cluster
 * may ring; when the process has gone to sleep in between, they were few. Nothing but LINE's budget rests on it.
 */
export function makePace(now: () => Date): Pace {
  const last = new Map<string, Tested>()
  const remember = (key: string, tested: Tested) => setRecent(last, key, tested, maxRemembered)
  return {
    known(key) {
      const before = last.get(key)
      if (!before || now().getTime() - before.at >= pauseMs(before.failures)) return undefined
      return before.success ?? 'failed'
    },
    tested(key, test) {
      const at = now().getTime()
      if (test?.success) remember(key, { at, failures: 0, success: test })
      else remember(key, { at, failures: (last.get(key)?.failures ?? 0) + 1 })
    },
  }
}
