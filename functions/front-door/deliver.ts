import type http from 'node:http'
import { type Delivery, deliveryFrom } from '../core/webhook/event.ts'
import type { Log } from '../edge/log.ts'
import type { Admit, Admitted, Refusal } from './admit.ts'
import { answer, answerUnread } from './answer.ts'
import type { Answered } from './answered.ts'
import type { Bots, KnownBot } from './bots.ts'
import { idsIn } from './ids.ts'
import type { Limits } from './limits.ts'
import type { Counts } from './metrics.ts'
import type { Send } from './post.ts'
import type { Room } from './room.ts'
import { makeWork } from './work.ts'

/** How a delivery ended, and why. */
interface Ending {
  /**
   * What the Broker gets. It tries again after 404, 408, 409, 429 and 5xx, and never after other 4xx (dead letter).
   * A 2xx has no body, or the Broker would take it for a failure.
   */
  readonly status: number
  readonly outcome: Refusal | 'Done' | 'NotAnEvent' | 'Expired' | 'Suspended' | 'Duplicate' | 'Full' | BotEnding
  /** What the bot answered, or why it did not. */
  readonly answered?: number | string
  readonly delivery?: Delivery
  /** Present when LINE signed it. */
  readonly body?: Buffer
}

type BotEnding = 'NoAddress' | 'AddressIsTLS' | 'BotBusy' | 'BotRefused'

export interface DeliverParts {
  readonly bots: Bots
  readonly admit: Admit
  readonly answered: Answered
  readonly send: Send
  readonly room: Room
  readonly log: Log
  readonly counts: Pick<Counts, 'delivers' | 'deliverSeconds' | 'expired'>
  readonly limits: Limits
  readonly now: () => number
}

export interface Deliver {
  /** `POST /deliver`, from the Broker's Trigger or whoever says so: the port is public. */
  handle(request: http.IncomingMessage, response: http.ServerResponse): Promise<void>
  /** When no call of a bot is under way, those included whose caller has gone. */
  drain(): Promise<void>
}

export function makeDeliver({ bots, admit, answered, send, room, log, counts, limits, now }: DeliverParts): Deliver {
  const work = makeWork()

  const callBot = async (url: string, { id, headers, arrivedAt }: Delivery, body: Buffer): Promise<Ending> => {
    const beganAt = now()
    const timeoutMs = Math.min(limits.deliverMs, arrivedAt + limits.expiresMs - beganAt)
    const said = await callIt(send, { url, headers, body, timeoutMs })
    counts.deliverSeconds.observe((now() - beganAt) / 1000)
    const ending = endingFor(said)
    if (ending.outcome === 'Done') answered.add(id)
    return { ...ending, answered: said }
  }

  /** The Broker's few tries must not all meet the old copy. */
  const addressOf = async (bot: KnownBot): Promise<string | undefined> => {
    if (bot.url !== undefined) return bot.url
    const again = await bots.findAgain(bot)
    return typeof again === 'string' ? undefined : again.url
  }

  const decide = async (delivery: Delivery, { bot, body }: Admitted): Promise<Ending> => {
    if (delivery.arrivedAt + limits.expiresMs <= now()) {
      counts.expired.add({ at: 'Deliver', namespace: bot.namespace, bot: bot.bot })
      return { status: 410, outcome: 'Expired' }
    }
    if (bot.suspended) return { status: 204, outcome: 'Suspended' }
    if (answered.has(delivery.id)) return { status: 204, outcome: 'Duplicate' }
    const share = room()
    if (!share.take(limits.requestBytes + body.length)) return { status: 503, outcome: 'Full' }
    try {
      const url = await addressOf(bot)
      if (url === undefined) return { status: 503, outcome: 'NoAddress' }
      // It would need the cluster's own CA, which we are not given.
      if (url.startsWith('https:')) return { status: 503, outcome: 'AddressIsTLS' }
      return await callBot(url, delivery, body)
    } finally {
      share.free()
    }
  }

  const end = async (request: http.IncomingMessage): Promise<Ending> => {
    const delivery = deliveryFrom(request.headers)
    if (!delivery) return { status: 400, outcome: 'NotAnEvent' }
    const admitted = await admit(request, delivery, delivery.signature)
    if (typeof admitted === 'string') return { status: statuses[admitted], outcome: admitted, delivery }
    return { ...(await decide(delivery, admitted)), delivery, body: admitted.body }
  }

  const tell = ({ status, outcome, delivery, body, answered: said }: Ending, beganAt: number) => {
    if (outcome !== 'Cut') counts.delivers.add({ code: String(status) })
    const { namespace, bot, id } = delivery ?? {}
    const fields = { namespace, bot, id, outcome, status, answered: said, ms: now() - beganAt }
    // What nobody signed is a stranger's to repeat.
    if (!body) return log.debug('deliver', fields)
    const say = status === 204 ? log.info : log.warn
    say('deliver', { ...fields, ...idsIn(body) })
  }

  const handle = async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    const beganAt = now()
    const ending = await end(request)
    if (ending.outcome === 'Cut') request.destroy()
    else if (ending.body) answer(response, ending.status)
    else answerUnread(response, ending.status)
    tell(ending, beganAt)
  }

  return { handle: (request, response) => work.add(handle(request, response)), drain: () => work.done() }
}

interface BotCall {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  readonly timeoutMs: number
}

/** The bot's status, or why there is none. */
async function callIt(send: Send, { url, ...rest }: BotCall): Promise<number | string> {
  try {
    return await send({ ...rest, url: new URL('/', url) })
  } catch (error) {
    return String(error)
  }
}

const statuses = {
  NotFound: 410,
  Unreachable: 503,
  NoSecret: 503,
  BadSignature: 401,
  TooLarge: 413,
  Crowded: 503,
  Cut: 408,
} as const

/**
 * What the bot refuses for good it will refuse again; everything else may be mended by another try. So may a 401:
 * LINE's signature was good a moment ago, so the bot's pod holds an older Secret than we do and will be replaced.
 */
function endingFor(answered: number | string): Pick<Ending, 'status' | 'outcome'> {
  if (typeof answered === 'string') return { status: 503, outcome: 'BotBusy' }
  if (answered >= 200 && answered < 300) return { status: 204, outcome: 'Done' }
  const forGood = answered >= 400 && answered < 500 && ![401, 404, 408, 409, 429].includes(answered)
  return forGood ? { status: answered, outcome: 'BotRefused' } : { status: 503, outcome: 'BotBusy' }
}
