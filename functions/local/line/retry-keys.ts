/** What LINE remembers of an accepted request with an `X-Line-Retry-Key`. */
export interface Accepted {
  readonly requestId: string
  readonly answer: Readonly<Record<string, unknown>>
}

/** retrying-api-request: afterwards the same key is a new request. */
const lifeMs = 24 * 60 * 60_000

export const isRetryKey = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)

const idOf = (channelId: string, key: string): string => `${channelId} ${key.toLowerCase()}`

export interface RetryKeys {
  accepted(channelId: string, key: string): Accepted | undefined
  accept(channelId: string, key: string, accepted: Accepted): void
}

export const makeRetryKeys = (now: () => number): RetryKeys => {
  const keys = new Map<string, Accepted & { readonly at: number }>()

  const forgetOld = (): void => {
    for (const [id, { at }] of keys) {
      if (at + lifeMs > now()) return
      keys.delete(id)
    }
  }

  return {
    accepted: (channelId, key) => {
      forgetOld()
      return keys.get(idOf(channelId, key))
    },
    accept: (channelId, key, accepted) => void keys.set(idOf(channelId, key), { ...accepted, at: now() }),
  }
}
