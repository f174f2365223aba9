/** Counts calls per key in a sliding window. `take` is false when the window is full; such a call is not counted. */
export interface Rate {
  take(key: string): boolean
}

export const makeRate = (limit: number, windowMs: number, now: () => number): Rate => {
  const taken = new Map<string, number[]>()
  return {
    take: (key) => {
      const recent = taken.get(key) ?? []
      taken.set(key, recent)
      const expired = recent.findIndex((at) => at + windowMs > now())
      recent.splice(0, expired === -1 ? recent.length : expired)
      const fits = recent.length < limit
      if (fits) recent.push(now())
      return fits
    },
  }
}
