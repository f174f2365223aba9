import { setTimeout as pause } from 'node:timers/promises'

/** How the stand-ins wait; a test makes it quick. */
export interface Clock {
  /** Resolves after so many milliseconds; rejects when `signal` says stop. */
  wait(ms: number, signal: AbortSignal): Promise<void>
  /** Says stop after so many milliseconds. */
  limit(ms: number): AbortSignal
}

/** `second`: how many milliseconds a second takes. */
export const makeClock = (second = 1000): Clock => ({
  wait: (ms, signal) => pause((ms * second) / 1000, undefined, { signal }),
  limit: (ms) => AbortSignal.timeout(Math.ceil((ms * second) / 1000)),
})
