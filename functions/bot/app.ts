import type http from 'node:http'
import type { Webhook } from '../core/incoming.ts'
import { pathFor } from '../core/webhook/address.ts'
import { header } from '../core/webhook/event.ts'
import { parseWebhook } from '../core/webhook.ts'
import type { Letter } from '../edge/forward.ts'
import { readBody } from './body.ts'
import type { SignedByLine } from './verify.ts'
import { makeWaited } from './waited.ts'
import { type Errand, type WorkOptions, work } from './work.ts'

export interface AppOptions extends Omit<WorkOptions, 'waited'> {
  readonly namespace: string
  readonly name: string
  readonly signedByLine: SignedByLine
}

export interface App {
  readonly listener: http.RequestListener
  /** Resolves when what was acknowledged is done, late answers included. */
  readonly drain: () => Promise<void>
}

/** LINE says nothing about size; its webhooks are a few KiB. */
const maxBodyBytes = 1024 * 1024

/**
 * `POST /` takes the CloudEvent of one webhook and answers when all of it is done: 204, or 503 when trying again may
 * help; a late answer is not waited for. With `ce-webhookeventid` it is about that event alone, and with `ce-forwarded`
 * no Bot is forwarded to. `POST /webhook/NAMESPACE/BOT` takes a webhook from LINE itself, which waits 2 s at most: 200 at once.
 * Both: 401 not signed by LINE, 400 signed but no webhook, 413 above 1 MiB; else 404 and 405.
 */
export function makeApp(options: AppOptions): App {
  const { namespace, name, counts, log } = options
  const signatureHeader = new Map<string, string>([
    ['/', header.signature],
    [pathFor({ namespace, bot: name }), 'x-line-signature'],
  ])
  const doing = { ...options, waited: makeWaited(counts) }
  const acknowledged = new Set<Promise<unknown>>()
  const drainable = (working: Promise<unknown>) => {
    acknowledged.add(working)
    void working.finally(() => acknowledged.delete(working))
  }

  const refused = seldom(() => log.warn('a request was refused: it is not signed with the Secret’s channelSecret'))

  const brokenOff = seldom(() => log.warn('a request broke off before it was there'))

  async function statusFor(request: http.IncomingMessage): Promise<number> {
    const signedIn = signatureHeader.get(request.url ?? '')
    if (signedIn === undefined) return 404
    if (request.method !== 'POST') return 405
    const arrivedAt = arrivalOf(request.headers[header.time])
    const body = await readBody(request, maxBodyBytes)
    const signed = readSigned(body, request.headers[signedIn], { signedByLine: options.signedByLine, refused })
    if (typeof signed === 'number') return signed
    const letter = { ...signed, arrivedAt }
    const webhook = parseWebhook(letter.body)
    if (!webhook) return 400
    if (request.url !== '/') {
      const { events } = webhook
      drainable(nextTurn().then(async () => (await work({ events, letter, arrivedAt }, doing)).later))
      return 200
    }
    const { status, later } = await work({ ...errandFor(request, webhook, letter), arrivedAt }, doing)
    drainable(later)
    return status
  }

  async function respond(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const status = await statusFor(request)
    counts.webhooks.add({ code: String(status) })
    response.writeHead(status, { 'content-length': 0, ...(status === 405 ? { allow: 'POST' } : {}) }).end()
  }

  return {
    listener: (request, response) => {
      respond(request, response).catch((error: unknown) => {
        if (!request.complete) return brokenOff()
        log.error('a request failed', { error })
        response.writeHead(500, { 'content-length': 0 }).end()
      })
    },
    drain: async () => void (await Promise.all(acknowledged)),
  }
}

type Header = string | string[] | undefined
type Signed = Pick<Letter, 'body' | 'signature'>

interface Verifying {
  readonly signedByLine: SignedByLine
  readonly refused: () => void
}

/** What LINE signed, or the status that says why it did not. */
function readSigned(body: Buffer | undefined, signature: Header, options: Verifying): Signed | number {
  if (!body) return 413
  // A header sent twice arrives as `a, a`, which is no signature.
  if (typeof signature === 'string' && options.signedByLine(body, signature)) return { body, signature }
  options.refused()
  return 401
}

/** Only what LINE signed counts for what is answered; these headers can but narrow it. */
function errandFor({ headers }: http.IncomingMessage, { events }: Webhook, letter: Letter): Omit<Errand, 'arrivedAt'> {
  const only = headers[header.webhookEventId]
  const named = only === undefined ? events : events.filter(({ webhookEventId }) => webhookEventId === only)
  return headers[header.forwarded] === 'true' ? { events: named } : { events: named, letter }
}

/** At the front door, which says so in the CloudEvent; at our own, where LINE calls us itself. */
function arrivalOf(time: Header): number {
  const arrivedAt = Date.parse(String(time))
  return Number.isNaN(arrivedAt) ? Date.now() : arrivedAt
}

/** When what is already on its way, such as LINE's 200, has been written. */
const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

/** At most every 5 s, because a stranger must not fill the log. */
function seldom(tell: () => void): () => void {
  let last = Number.NEGATIVE_INFINITY
  return () => {
    const now = performance.now()
    if (now - last < 5000) return
    last = now
    tell()
  }
}
