/** Counts calls per key in a sliding window. `take` is false when the window is full; such a call is not counted. */
export interface Rate {
  take(key: string): boolean
}

export const makeRate = (limit: number, windowMs: number, now: () => number): Rate => {
  const taken = new Map<string, readonly number[]>()
  return {
    take: (key) => {
      const recent = (taken.get(key) ?? []).filter((at) => at + windowMs > now())
      const fits = recent.length < limit
      taken.set(key, fits ? [...recent, now()] : recent)
      return fits
    },
  }
}
