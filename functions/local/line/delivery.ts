import type { Memory } from './calls.ts'
import type { Channel } from './channels.ts'
import { redelivered } from './events.ts'
import type { Json } from './json.ts'
import type { People } from './people.ts'
import type { ReplyTokens } from './reply-tokens.ts'
import type { Answer, Headers, Sender } from './send.ts'
import { bodyFor, type Escape, headersFor, signatureFor } from './webhooks.ts'

/** What became of one webhook request. */
export interface Outcome {
  readonly channel: string
  /** ms since the epoch. */
  readonly sentAt: number
  readonly status?: number
  /** From sending to LINE's 2xx, or to whatever ended it. */
  readonly ms: number
  /** LINE's reason; absent = taken. */
  readonly error?: string
  readonly detail: string
  /** After a `request_timeout`: how it would have ended. */
  late?: { readonly status?: number; readonly ms: number; readonly error?: string }
  readonly webhookEventIds: readonly string[]
  /** One for each event; null where LINE gives none. */
  readonly replyTokens: readonly (string | null)[]
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)

const errorOf = ({ reason }: Answer): { readonly error?: string } => (reason === 'ok' ? {} : { error: reason })

const statusOf = ({ status }: Answer): { readonly status?: number } => (status === undefined ? {} : { status })

const addLate = async (outcome: Outcome, finalAnswer: Promise<Answer>): Promise<void> => {
  const late = await finalAnswer
  outcome.late = { ...statusOf(late), ms: late.ms, ...errorOf(late) }
}

export interface Delivery {
  /** Sends events in one request to the channel's endpoint. */
  deliver(channel: Channel, endpoint: string, events: readonly Json[], escape?: Escape): Promise<Outcome>
  /** Sends exact bytes, with no event of its own. */
  deliverBytes(channel: Channel, endpoint: string, body: Buffer, headers: Headers): Promise<Outcome>
  /** Sends events that were sent before once more; undefined = one of them is not known. */
  redeliver(channel: Channel, endpoint: string, webhookEventIds: readonly string[]): Promise<Outcome> | undefined
}

export interface DeliveryNeeds {
  readonly sender: Sender
  readonly replyTokens: ReplyTokens
  readonly people: People
  readonly outcomes: Memory<Outcome>
  readonly now: () => number
}

/** How many events at least can be sent again. */
const maxEvents = 20_000

export const makeDelivery = ({ sender, replyTokens, people, outcomes, now }: DeliveryNeeds): Delivery => {
  const sentEvents = new Map<string, Json>()

  // In slices: a map's first key is slow to find behind many deleted ones.
  const forgetOldest = (): void => {
    if (sentEvents.size < maxEvents * 2) return
    for (const key of [...sentEvents.keys()].slice(0, maxEvents)) sentEvents.delete(key)
  }

  const remember = (channel: Channel, event: Json, sentAt: number): void => {
    people.see(channel.id, event)
    const webhookEventId = textOf(event['webhookEventId'])
    const token = textOf(event['replyToken'])
    if (webhookEventId === null) return
    sentEvents.set(`${channel.id} ${webhookEventId}`, event)
    forgetOldest()
    if (token !== null) replyTokens.issue({ token, channelId: channel.id, webhookEventId, sentAt })
  }

  const send = async (
    channel: Channel,
    endpoint: string,
    events: readonly Json[],
    body: Buffer,
    headers: Headers,
  ): Promise<Outcome> => {
    const sentAt = now()
    const { answer, finalAnswer } = sender.send(endpoint, body, headers)
    const known = await answer
    const outcome: Outcome = {
      channel: channel.id,
      sentAt,
      ...statusOf(known),
      ms: known.ms,
      ...errorOf(known),
      detail: known.detail,
      webhookEventIds: events.flatMap((event) => textOf(event['webhookEventId']) ?? []),
      replyTokens: events.map((event) => textOf(event['replyToken'])),
    }
    outcomes.add(outcome)
    if (known.reason === 'request_timeout') void addLate(outcome, finalAnswer)
    return outcome
  }

  const deliver: Delivery['deliver'] = (channel, endpoint, events, escape) => {
    const body = bodyFor(channel.destination, events, escape)
    // Before sending: a quick bot replies before its webhook is answered.
    for (const event of events) remember(channel, event, now())
    return send(channel, endpoint, events, body, headersFor(signatureFor(body, channel.secret)))
  }

  return {
    deliver,
    deliverBytes: (channel, endpoint, body, headers) => send(channel, endpoint, [], body, headers),
    redeliver: (channel, endpoint, webhookEventIds) => {
      const events = webhookEventIds
        .map((id) => sentEvents.get(`${channel.id} ${id}`))
        .filter((event) => event !== undefined)
      if (events.length < webhookEventIds.length) return undefined
      return deliver(channel, endpoint, events.map(redelivered))
    },
  }
}
