/** What a run knows of the rings that led to it. */
export interface Turn {
  /** Resolves after `quietMs` without another ring for this key, or `atMostMs` after the call. */
  quiet(quietMs: number, atMostMs: number): Promise<void>
}

export interface Turns<Result, Key extends string = string> {
  /**
   * Runs the key's work, or joins: of one key one run is under way at a time, and a ring that arrives during a run is
   * answered by the next one, together with all others that arrived meanwhile. So an answer always comes from a run
   * that began after its ring.
   */
  ring(key: Key): Promise<Result>
  /** As `ring`, but content with a run that is already under way. */
  join(key: Key): Promise<Result>
}

export function makeTurns<Result, Key extends string = string>(
  work: (key: Key, turn: Turn) => Promise<Result>,
): Turns<Result, Key> {
  const turns = new Map<Key, { rungAt: number; current: Promise<Result>; next?: Promise<Result> }>()

  const begin = (key: Key): Promise<Result> => {
    const quiet: Turn['quiet'] = async (quietMs, atMostMs) => {
      const end = performance.now() + atMostMs
      for (;;) {
        const now = performance.now()
        const left = Math.min((turns.get(key)?.rungAt ?? now) + quietMs, end) - now
        if (left <= 0) return
        await new Promise((resolve) => setTimeout(resolve, left))
      }
    }
    return work(key, { quiet })
  }

  const start = (key: Key): Promise<Result> => {
    const current = begin(key).finally(() => {
      const turn = turns.get(key)
      if (turn?.current === current && !turn.next) turns.delete(key)
    })
    turns.set(key, { rungAt: performance.now(), current })
    return current
  }

  return {
    ring(key) {
      const turn = turns.get(key)
      if (!turn) return start(key)
      turn.rungAt = performance.now()
      turn.next ??= turn.current.then(
        () => start(key),
        () => start(key),
      )
      return turn.next
    },
    join: (key) => turns.get(key)?.current ?? start(key),
  }
}
