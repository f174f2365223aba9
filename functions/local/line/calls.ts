/** One call that the platform got from a bot or a controller. */
export interface Call {
  /** Arrival, ms since the epoch. */
  readonly time: number
  readonly channel?: string
  readonly method: string
  readonly path: string
  readonly status: number
  readonly requestId: string
  readonly request?: unknown
  readonly response?: unknown
  /** A reply's event, also when its token was refused. */
  readonly webhookEventId?: string
  /** A reply's age: ms from sending its webhook to this call's arrival. */
  readonly replyMs?: number
  /** What the simulator did to it. */
  readonly fault?: string
}

const maxCalls = 20_000

export interface Memory<T> {
  add(item: T): void
  list(): readonly T[]
  clear(): void
}

/** Keeps the last `max` things. */
export const makeMemory = <T>(max: number = maxCalls): Memory<T> => {
  let items: T[] = []
  return {
    add: (item) => {
      items.push(item)
      // Cut in slices: one splice for every item would make each call O(max).
      if (items.length >= max * 2) items = items.slice(-max)
    },
    list: () => items.slice(-max),
    clear: () => {
      items = []
    },
  }
}
