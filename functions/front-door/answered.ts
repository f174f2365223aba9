import { setRecent } from '../core/recent.ts'

/** IDs of events whose bot has done its work: nothing is won by sending them again. */
export interface Answered {
  add(id: string): void
  has(id: string): boolean
}

/** Remembers the last `size`. */
export function makeAnswered(size = 10_000): Answered {
  const ids = new Map<string, true>()
  return {
    add: (id) => setRecent(ids, id, true, size),
    has: (id) => ids.has(id),
  }
}
