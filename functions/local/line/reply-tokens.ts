import { randomBytes } from 'node:crypto'

export interface ReplyToken {
  readonly token: string
  readonly channelId: string
  readonly webhookEventId: string
  /** The group, room or user that a reply goes to. */
  readonly chat?: string | undefined
  /** When its webhook was sent, ms since the epoch. */
  readonly sentAt: number
}

interface Kept extends ReplyToken {
  readonly firstSentAt: number
  used: boolean
}

/** “About one minute” after the webhook (send-reply-message). */
const lifeMs = 60_000
/** Sent again, a token lives a minute more, but never beyond this age of its event. */
const redeliveredLifeMs = 20 * 60_000

export const newReplyToken = (): string => randomBytes(16).toString('hex')

export interface ReplyTokens {
  /** Starts a token's minute; for a token known before (redelivery) it starts anew, unless it was used. */
  issue(token: ReplyToken): void
  /** The token's event, when it is this channel's, fresh and not used. Does not use it. */
  find(token: string, channelId: string): ReplyToken | undefined
  /** The token's event, whatever became of the token: for the record of calls. */
  eventOf(token: string): ReplyToken | undefined
  use(token: string): void
}

export const makeReplyTokens = (now: () => number): ReplyTokens => {
  const tokens = new Map<string, Kept>()
  let forgottenAt = now()

  const forgetOld = (): void => {
    // Not each time: a map's first key is slow to find behind many deleted ones.
    if (now() < forgottenAt + lifeMs) return
    forgottenAt = now()
    for (const [token, { sentAt }] of tokens) {
      if (sentAt + redeliveredLifeMs > now()) return
      tokens.delete(token)
    }
  }

  const isFresh = ({ sentAt, firstSentAt }: Kept): boolean =>
    now() < sentAt + lifeMs && now() < firstSentAt + redeliveredLifeMs

  return {
    issue: (given) => {
      forgetOld()
      const before = tokens.get(given.token)
      // Set anew at the end: forgetting relies on the order of sending.
      tokens.delete(given.token)
      const firstSentAt = before?.firstSentAt ?? given.sentAt
      tokens.set(given.token, { ...given, firstSentAt, used: before?.used ?? false })
    },
    find: (token, channelId) => {
      const kept = tokens.get(token)
      return kept && kept.channelId === channelId && !kept.used && isFresh(kept) ? kept : undefined
    },
    eventOf: (token) => tokens.get(token),
    use: (token) => {
      const kept = tokens.get(token)
      if (kept) kept.used = true
    },
  }
}
