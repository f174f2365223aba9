export type Gate = <Result>(work: () => Promise<Result>) => Promise<Result>

/** Lets `width` works run at a time; the others wait, first come, first served. */
export function makeGate(width: number): Gate {
  const waiting: (() => void)[] = []
  let inside = 0
  return async (work) => {
    if (inside >= width) await new Promise<void>((resolve) => waiting.push(resolve))
    else inside += 1
    try {
      return await work()
    } finally {
      // Whoever is next takes this place over, so the number inside stays.
      const next = waiting.shift()
      if (next) next()
      else inside -= 1
    }
  }
}
