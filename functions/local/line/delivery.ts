import { setTimeout as sleep } from 'node:timers/promises'
import { isObject, type Json } from '../../core/shape.ts'
import type { Memory } from './calls.ts'
import type { Channel } from './channels.ts'
import { redelivered } from './events.ts'
import type { Happenings } from './happenings.ts'
import { chatOf, type People } from './people.ts'
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

const isRedelivered = ({ deliveryContext }: Json): boolean =>
  isObject(deliveryContext) && deliveryContext['isRedelivery'] === true

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
  /** Sends nothing again from now on. */
  close(): void
}

export interface DeliveryNeeds {
  readonly sender: Sender
  readonly replyTokens: ReplyTokens
  readonly people: People
  readonly outcomes: Memory<Outcome>
  readonly happenings: Happenings
  /** How long after each failure a channel with redelivery is tried again. */
  readonly redeliverAfterMs: readonly number[]
  readonly now: () => number
}

/** How many events at least can be sent again. */
const maxEvents = 20_000

export const makeDelivery = (needs: DeliveryNeeds): Delivery => {
  const { sender, replyTokens, people, outcomes, happenings, redeliverAfterMs, now } = needs
  const sentEvents = new Map<string, Json>()
  const closing = new AbortController()
  let webhooks = 0

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
    if (token !== null) replyTokens.issue({ token, channelId: channel.id, webhookEventId, chat: chatOf(event), sentAt })
  }

  const send = async (
    channel: Channel,
    endpoint: string,
    events: readonly Json[],
    body: Buffer,
    headers: Headers,
  ): Promise<Outcome> => {
    const sentAt = now()
    const id = (webhooks += 1)
    const webhookEventIds = events.flatMap((event) => textOf(event['webhookEventId']) ?? [])
    const redelivery = events.some(isRedelivered)
    const wire = { url: endpoint, headers, body: String(body), webhookEventIds, redelivery }
    happenings.tell({ kind: 'webhook', id, channel: channel.id, ...wire })
    const { answer, finalAnswer } = sender.send(endpoint, body, headers)
    const known = await answer
    const said = { ...statusOf(known), ms: known.ms, ...errorOf(known), detail: known.detail }
    happenings.tell({ kind: 'outcome', id, channel: channel.id, ...said })
    const outcome: Outcome = {
      channel: channel.id,
      sentAt,
      ...said,
      webhookEventIds,
      replyTokens: events.map((event) => textOf(event['replyToken'])),
    }
    outcomes.add(outcome)
    if (known.reason === 'request_timeout') void addLate(outcome, finalAnswer)
    return outcome
  }

  const deliverOnce: Delivery['deliver'] = (channel, endpoint, events, escape) => {
    const body = bodyFor(channel.destination, events, escape)
    // Before sending: a quick bot replies before its webhook is answered.
    for (const event of events) remember(channel, event, now())
    return send(channel, endpoint, events, body, headersFor(signatureFor(body, channel.secret)))
  }

  const deliverAgain = async (channel: Channel, endpoint: string, events: readonly Json[]): Promise<void> => {
    for (const afterMs of redeliverAfterMs) {
      await sleep(afterMs, undefined, { signal: closing.signal, ref: false })
      const outcome = await deliverOnce(channel, channel.endpoint ?? endpoint, events.map(redelivered))
      if (outcome.error === undefined || !channel.redelivery) return
    }
  }

  const deliver: Delivery['deliver'] = async (channel, endpoint, events, escape) => {
    const outcome = await deliverOnce(channel, endpoint, events, escape)
    if (outcome.error !== undefined && channel.redelivery) deliverAgain(channel, endpoint, events).catch(() => {})
    return outcome
  }

  return {
    deliver,
    close: () => closing.abort(),
    deliverBytes: (channel, endpoint, body, headers) => send(channel, endpoint, [], body, headers),
    redeliver: (channel, endpoint, webhookEventIds) => {
      const events = webhookEventIds
        .map((id) => sentEvents.get(`${channel.id} ${id}`))
        .filter((event) => event !== undefined)
      if (events.length < webhookEventIds.length) return undefined
      return deliverOnce(channel, endpoint, events.map(redelivered))
    },
  }
}
