/** How the next calls of a path go wrong. */
export interface Fault {
  /** An exact path, or a prefix ending in `*`. */
  readonly path: string
  readonly method?: string | undefined
  readonly channel?: string | undefined
  /** Answered instead of carrying the call out. */
  readonly status?: number | undefined
  /** The answer's message; LINE's own for the status when absent. */
  readonly message?: string | undefined
  /** The answer is held back this long; without `status` the call has been carried out before. */
  readonly delayMs?: number | undefined
  /** The connection is cut instead of an answer; without `status` the call has been carried out before. */
  readonly drop?: boolean | undefined
  /** How many calls. */
  readonly times: number
}

export interface Faults {
  add(fault: Fault): void
  list(): readonly Fault[]
  clear(): void
  /** The fault for this call, counted as used. The first added that fits is taken. */
  take(call: {
    readonly method: string
    readonly path: string
    readonly channel?: string | undefined
  }): Fault | undefined
}

const isPath = (pattern: string, path: string): boolean =>
  pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : pattern === path

export const makeFaults = (): Faults => {
  let faults: Fault[] = []
  return {
    add: (fault) => void faults.push(fault),
    list: () => faults,
    clear: () => {
      faults = []
    },
    take: ({ method, path, channel }) => {
      const index = faults.findIndex(
        (fault) =>
          isPath(fault.path, path) &&
          (fault.method ?? method) === method &&
          (fault.channel === undefined || fault.channel === channel),
      )
      const fault = faults[index]
      if (fault) faults = faults.toSpliced(index, 1, ...(fault.times > 1 ? [{ ...fault, times: fault.times - 1 }] : []))
      return fault
    },
  }
}

/** What the simulator did, for the record of calls. */
export const faultName = (fault: Fault): string =>
  [
    fault.status === undefined ? '' : 'failed',
    fault.delayMs === undefined ? '' : 'delayed',
    fault.drop ? 'dropped' : '',
  ]
    .filter((word) => word !== '')
    .join(', ')

/** The three causes of a 429 (error-messages); LINE documents no text for the third, so that one is ours. */
export const tooMany = {
  rate: 'The API rate limit has been exceeded. Try again later.',
  monthly: 'You have reached your monthly limit.',
  sameUser: 'Too many messages were sent to the same user.',
} as const

export const messageFor = (status: number): string => {
  if (status === 429) return tooMany.rate
  if (status === 401) return 'Authentication failed due to the following reason: invalid token.'
  if (status === 404) return 'Not found'
  return status >= 500 ? 'The server encountered an internal error' : 'Bad request'
}
