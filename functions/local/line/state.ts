import { type Call, type Memory, makeMemory } from './calls.ts'
import { type ChannelConfig, type Channels, makeChannels } from './channels.ts'
import { type Delivery, makeDelivery, type Outcome } from './delivery.ts'
import { type Faults, makeFaults } from './faults.ts'
import { makePeople, type People } from './people.ts'
import { makeRate, type Rate } from './rate.ts'
import { makeReplyTokens, type ReplyTokens } from './reply-tokens.ts'
import { makeRetryKeys, type RetryKeys } from './retry-keys.ts'
import { makeSender, type Sender, webhookLimitMs } from './send.ts'

export interface PlatformOptions {
  readonly channels?: readonly ChannelConfig[] | undefined
  /** Where webhooks are sent, whatever their URL's host: `http://HOST:PORT`. */
  readonly gateway?: string | undefined
  /** Takes `http:` webhook URLs too. */
  readonly httpWebhooks?: boolean | undefined
  /** How long a webhook may take; LINE's 2 s when absent. */
  readonly limitMs?: number | undefined
  /** ms since the epoch. */
  readonly now?: (() => number) | undefined
}

/** All that the platform knows, in memory. */
export interface State {
  readonly channels: Channels
  readonly people: People
  readonly replyTokens: ReplyTokens
  readonly retryKeys: RetryKeys
  /** The webhook test: 60 calls an hour and channel (rate-limits). */
  readonly webhookTests: Rate
  readonly calls: Memory<Call>
  readonly outcomes: Memory<Outcome>
  readonly faults: Faults
  readonly sender: Sender
  readonly delivery: Delivery
  readonly httpWebhooks: boolean
  readonly now: () => number
}

export const makeState = (options: PlatformOptions): State => {
  const now = options.now ?? Date.now
  const people = makePeople()
  const replyTokens = makeReplyTokens(now)
  const sender = makeSender(options.gateway, options.limitMs ?? webhookLimitMs)
  const outcomes = makeMemory<Outcome>()
  return {
    channels: makeChannels(options.channels ?? [], now),
    people,
    replyTokens,
    retryKeys: makeRetryKeys(now),
    webhookTests: makeRate(60, 60 * 60_000, now),
    calls: makeMemory<Call>(),
    outcomes,
    faults: makeFaults(),
    sender,
    delivery: makeDelivery({ sender, replyTokens, people, outcomes, now }),
    httpWebhooks: options.httpWebhooks ?? false,
    now,
  }
}
