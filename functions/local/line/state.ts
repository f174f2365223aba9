import { type Acts, makeActs } from './acts.ts'
import { type Call, type Memory, makeMemory } from './calls.ts'
import { type ChannelConfig, type Channels, makeChannels } from './channels.ts'
import { type Contents, makeContents } from './contents.ts'
import { type Delivery, makeDelivery, type Outcome } from './delivery.ts'
import { type Faults, makeFaults } from './faults.ts'
import { type Groups, makeGroups } from './groups.ts'
import { type Happenings, makeHappenings } from './happenings.ts'
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
  /** How long after each failure a channel with redelivery gets its webhook again; LINE does not tell its own times. */
  readonly redeliverAfterMs?: readonly number[] | undefined
  /** Whether bots are on their way here, so that it is worth waiting for one. */
  readonly starting?: (() => boolean) | undefined
  /** ms since the epoch. */
  readonly now?: (() => number) | undefined
}

/** All that the platform knows, in memory. */
export interface State {
  readonly channels: Channels
  readonly people: People
  readonly groups: Groups
  readonly contents: Contents
  readonly happenings: Happenings
  readonly replyTokens: ReplyTokens
  readonly retryKeys: RetryKeys
  /** The webhook test: 60 calls an hour and channel (rate-limits). */
  readonly webhookTests: Rate
  /** Most calls: 2,000 a second, channel and endpoint (rate-limits). */
  readonly callsASecond: Rate
  /** Reading and setting the webhook endpoint: 1,000 a minute. */
  readonly callsAMinute: Rate
  readonly calls: Memory<Call>
  readonly outcomes: Memory<Outcome>
  readonly faults: Faults
  readonly sender: Sender
  readonly delivery: Delivery
  readonly acts: Acts
  readonly httpWebhooks: boolean
  readonly starting: () => boolean
  readonly now: () => number
}

export const makeState = (options: PlatformOptions): State => {
  const now = options.now ?? Date.now
  const channels = makeChannels(options.channels ?? [], now)
  const people = makePeople()
  const groups = makeGroups()
  const contents = makeContents()
  const happenings = makeHappenings(now)
  const replyTokens = makeReplyTokens(now)
  const sender = makeSender(options.gateway, options.limitMs ?? webhookLimitMs)
  const outcomes = makeMemory<Outcome>()
  const redeliverAfterMs = options.redeliverAfterMs ?? [1000, 10_000, 60_000]
  const delivery = makeDelivery({ sender, replyTokens, people, outcomes, happenings, redeliverAfterMs, now })
  return {
    channels,
    people,
    groups,
    contents,
    happenings,
    replyTokens,
    retryKeys: makeRetryKeys(now),
    webhookTests: makeRate(60, 60 * 60_000, now),
    callsASecond: makeRate(2000, 1000, now),
    callsAMinute: makeRate(1000, 60_000, now),
    calls: makeMemory<Call>(),
    outcomes,
    faults: makeFaults(),
    sender,
    delivery,
    acts: makeActs({ channels, people, groups, contents, delivery, happenings, now }),
    httpWebhooks: options.httpWebhooks ?? false,
    starting: options.starting ?? (() => false),
    now,
  }
}
