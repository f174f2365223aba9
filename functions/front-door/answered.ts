/** IDs of events whose bot has done its work: nothing is won by sending them again. */
export interface Answered {
  add(id: string): void
  has(id: string): boolean
}

/** Remembers the last `size`. */
export function makeAnswered(size = 10_000): Answered {
  const ids = new Set<string>()
  return {
    add(id) {
      ids.add(id)
      const [oldest] = ids
      if (ids.size > size && oldest !== undefined) ids.delete(oldest)
    },
    has: (id) => ids.has(id),
  }
}
