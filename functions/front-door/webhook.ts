import { randomUUID } from 'node:crypto'
import type http from 'node:http'
import type { Incoming } from '../core/incoming.ts'
import type { Address } from '../core/webhook/address.ts'
import { parseWebhook } from '../core/webhook.ts'
import type { Log } from '../edge/log.ts'
import { answer, answerUnread } from './answer.ts'
import { type NoBody, readBody } from './body.ts'
import type { KnownBot } from './bots.ts'
import type { Copy } from './copy.ts'
import type { Envelope } from './envelope.ts'
import type { Handover, Ending as HandoverEnding } from './handover.ts'
import { idsOf } from './ids.ts'
import type { Limits } from './limits.ts'
import type { Counts } from './metrics.ts'
import { makeQuiet } from './quiet.ts'
import type { Room } from './room.ts'
import type { Verdict, Verify } from './verify.ts'
import { within } from './within.ts'

/** How a webhook request ended, and why. */
interface Ending {
  /** What LINE gets. */
  readonly status: number
  /** Acknowledged, and not yet taken by the Broker: `Kept` by another front door too, or `Held` by this one alone. */
  readonly outcome:
    | HandoverEnding
    | Exclude<Verdict, KnownBot>
    | NoBody
    | 'Kept'
    | 'Held'
    | 'Empty'
    | 'Suspended'
    | 'NotAWebhook'
  /** Present when LINE signed it. */
  readonly events?: readonly Incoming[]
  /** The CloudEvent's, by which the lines about its delivery are found. */
  readonly id?: string
  /** What goes on after the answer. */
  readonly rest?: Promise<unknown>
}

export interface WebhookParts {
  readonly verify: Verify
  readonly handover: Handover
  readonly copy: Copy
  readonly room: Room
  readonly log: Log
  readonly counts: Pick<Counts, 'webhooks' | 'suspended' | 'ackSeconds'>
  readonly limits: Limits
  readonly now: () => number
}

export type Handle = (request: http.IncomingMessage, response: http.ServerResponse, address: Address) => Promise<void>

/** `POST /webhook/NAMESPACE/BOT`, from LINE or whoever says so. */
export function makeWebhook({ verify, handover, copy, room, log, counts, limits, now }: WebhookParts): Handle {
  const quiet = makeQuiet(limits.againMs, now)

  const handOver = async (request: http.IncomingMessage, body: Buffer, bot: KnownBot, arrivedAt: number) => {
    const envelope: Envelope = {
      namespace: bot.namespace,
      bot: bot.bot,
      id: randomUUID(),
      arrivedAt,
      // It was verified, so it is there.
      signature: signatureOf(request) ?? '',
      ...contentTypeOf(request),
      body,
    }
    let acknowledged = false
    const rest = handover.carry(envelope, () => acknowledged)
    const kept = copy.entrust(envelope, rest).then((is) => (is ? ('Kept' as const) : rest))
    const outcome = await within(Promise.race([rest, kept]), arrivedAt + limits.ackMs - now(), 'Held' as const)
    // Refused in time to say so: LINE sends again where its owner switched that on. Once acknowledged, it is lost.
    acknowledged = outcome === 'Taken' || outcome === 'Kept' || outcome === 'Held'
    if (acknowledged) counts.ackSeconds.observe((now() - arrivedAt) / 1000)
    return { status: acknowledged ? 200 : 503, outcome, rest, id: envelope.id } as const
  }

  const decide = async (
    request: http.IncomingMessage,
    body: Buffer,
    address: Address,
    arrivedAt: number,
  ): Promise<Ending> => {
    const verdict = await verify(address, body, signatureOf(request))
    if (typeof verdict === 'string') return { status: statuses[verdict], outcome: verdict }
    const events = parseWebhook(body)?.events
    if (!events) return { status: 400, outcome: 'NotAWebhook', events: [] }
    if (events.length === 0) return { status: 200, outcome: 'Empty', events }
    if (verdict.suspended) {
      counts.suspended.add({ namespace: verdict.namespace, bot: verdict.bot })
      return { status: 200, outcome: 'Suspended', events }
    }
    return { ...(await handOver(request, body, verdict, arrivedAt)), events }
  }

  const tell = ({ status, outcome, events, id }: Ending, { namespace, bot }: Address, arrivedAt: number) => {
    if (outcome !== 'Cut') counts.webhooks.add({ code: String(status) })
    if (outcome === 'Full' && quiet(outcome)) log.warn('No room to hold more webhooks; see that the Broker is Ready')
    const fields = { namespace, bot, id, outcome, status, ms: now() - arrivedAt }
    if (events) log.info('webhook', { ...fields, ...idsOf(events) })
    // What nobody signed is a stranger's to repeat.
    else log.debug('webhook', fields)
  }

  return async (request, response, address) => {
    const arrivedAt = now()
    const share = room()
    let rest: Promise<unknown> | undefined
    try {
      const body = await readBody(request, share, limits)
      const ending: Ending =
        typeof body === 'string'
          ? { status: statuses[body], outcome: body }
          : await decide(request, body, address, arrivedAt)
      rest = ending.rest
      if (ending.outcome === 'Cut') request.destroy()
      else if (typeof body === 'string') answerUnread(response, ending.status)
      else answer(response, ending.status)
      tell(ending, address, arrivedAt)
    } finally {
      void (rest ?? Promise.resolve()).finally(share.free)
    }
  }
}

/** 503 where it is not the sender's fault: LINE sends again when its owner switched that on. */
const statuses = {
  NotFound: 404,
  Unreachable: 503,
  NoSecret: 503,
  BadSignature: 401,
  TooLarge: 413,
  Full: 503,
  Cut: 408,
} as const

/** Sent twice, the two are joined with a comma, and that is no signature. */
const signatureOf = (request: http.IncomingMessage) => request.headers['x-line-signature']?.toString()

const contentTypeOf = ({ headers }: http.IncomingMessage) =>
  headers['content-type'] === undefined ? {} : { contentType: headers['content-type'] }
