/** A time that is waited for, and need not be. */
export interface Timer {
  readonly rang: Promise<void>
  stop(): void
}

export type StartTimer = (ms: number) => Timer

export const startTimer: StartTimer = (ms) => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  return { rang: promise, stop: () => clearTimeout(timer) }
}

/** What it resolves with, or undefined when that takes longer. Rejects as it does. */
export async function within<T>(work: Promise<T>, ms: number, start: StartTimer): Promise<T | undefined> {
  const timer = start(ms)
  try {
    return await Promise.race([work, timer.rang.then(() => undefined)])
  } finally {
    timer.stop()
  }
}
