import { randomUUID } from 'node:crypto'
import type http from 'node:http'
import type { Incoming } from '../core/incoming.ts'
import type { Address } from '../core/webhook/address.ts'
import { parseWebhook } from '../core/webhook.ts'
import type { Log } from '../edge/log.ts'
import type { Admit, Admitted, Refusal } from './admit.ts'
import { answer, answerUnread } from './answer.ts'
import type { Copy } from './copy.ts'
import type { Envelope } from './envelope.ts'
import type { Handover, Ending as HandoverEnding } from './handover.ts'
import { idsOf } from './ids.ts'
import type { Limits } from './limits.ts'
import type { Counts } from './metrics.ts'
import { makeQuiet } from './quiet.ts'
import type { Room } from './room.ts'
import { within } from './within.ts'

/** How a webhook request ended, and why. */
interface Ending {
  /** What LINE gets. */
  readonly status: number
  /** Acknowledged, and not yet taken by the Broker: `Kept` by another front door too, or `Held` by this one alone. */
  readonly outcome: HandoverEnding | Refusal | 'Kept' | 'Held' | 'Full' | 'Empty' | 'Suspended' | 'NotAWebhook'
  /** Present when LINE signed it. */
  readonly events?: readonly Incoming[]
  /** The CloudEvent's, by which the lines about its delivery are found. */
  readonly id?: string
}

export interface WebhookParts {
  readonly admit: Admit
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
export function makeWebhook({ admit, handover, copy, room, log, counts, limits, now }: WebhookParts): Handle {
  const quiet = makeQuiet(limits.againMs, now)

  const handOver = async (request: http.IncomingMessage, { bot, body }: Admitted, arrivedAt: number) => {
    const share = room()
    if (!share.take(limits.requestBytes + body.length)) return { status: 503, outcome: 'Full' } as const
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
    const rest = handover.carry(envelope, { acknowledged: () => acknowledged, verified: true }).finally(share.free)
    const kept = copy.entrust(envelope, rest).then((is) => (is ? ('Kept' as const) : rest))
    const outcome = await within(Promise.race([rest, kept]), arrivedAt + limits.ackMs - now(), 'Held' as const)
    // Refused in time to say so: LINE sends again where its owner switched that on. Once acknowledged, it is lost.
    acknowledged = outcome === 'Taken' || outcome === 'Kept' || outcome === 'Held'
    if (acknowledged) counts.ackSeconds.observe((now() - arrivedAt) / 1000)
    return { status: acknowledged ? 200 : 503, outcome, id: envelope.id } as const
  }

  const decide = async (request: http.IncomingMessage, admitted: Admitted, arrivedAt: number): Promise<Ending> => {
    const { bot } = admitted
    const events = parseWebhook(admitted.body)?.events
    if (!events) return { status: 400, outcome: 'NotAWebhook', events: [] }
    if (events.length === 0) return { status: 200, outcome: 'Empty', events }
    if (bot.suspended) {
      counts.suspended.add({ namespace: bot.namespace, bot: bot.bot })
      return { status: 200, outcome: 'Suspended', events }
    }
    return { ...(await handOver(request, admitted, arrivedAt)), events }
  }

  const tell = ({ status, outcome, events, id }: Ending, { namespace, bot }: Address, arrivedAt: number) => {
    if (outcome !== 'Cut') counts.webhooks.add({ code: String(status), outcome })
    if ((outcome === 'Full' || outcome === 'Crowded') && quiet(outcome)) log.warn(noRoom[outcome])
    const fields = { namespace, bot, id, outcome, status, ms: now() - arrivedAt }
    if (events) log.info('webhook', { ...fields, ...idsOf(events) })
    // What nobody signed is a stranger's to repeat.
    else log.debug('webhook', fields)
  }

  return async (request, response, address) => {
    const arrivedAt = now()
    const admitted = await admit(request, address, signatureOf(request))
    const ending: Ending =
      typeof admitted === 'string'
        ? { status: statuses[admitted], outcome: admitted }
        : await decide(request, admitted, arrivedAt)
    if (ending.outcome === 'Cut') request.destroy()
    else if (typeof admitted === 'string') answerUnread(response, ending.status)
    else answer(response, ending.status)
    tell(ending, address, arrivedAt)
  }
}

/** 503 where it is not the sender's fault: LINE sends again when its owner switched that on. */
const statuses = {
  NotFound: 404,
  Unreachable: 503,
  NoSecret: 503,
  BadSignature: 401,
  TooLarge: 413,
  Crowded: 503,
  Cut: 408,
} as const

const noRoom = {
  Full: 'No room to hold more webhooks; see that the Broker is Ready',
  Crowded: 'No room to read more requests; somebody sends many and ends none',
}

/** Sent twice, the two are joined with a comma, and that is no signature. */
const signatureOf = (request: http.IncomingMessage) => request.headers['x-line-signature']?.toString()

const contentTypeOf = ({ headers }: http.IncomingMessage) =>
  headers['content-type'] === undefined ? {} : { contentType: headers['content-type'] }
