import type http from 'node:http'
import type { Incoming, Webhook } from '../core/incoming.ts'
import { parseWebhook } from '../core/webhook.ts'
import { LineError } from '../edge/line.ts'
import type { Log } from '../edge/log.ts'
import type { Done } from './answer.ts'
import { readBody } from './body.ts'
import type { Counts } from './counts.ts'
import type { Once } from './dedupe.ts'
import type { SignedByLine } from './verify.ts'
import { makeWaited, type Waited } from './waited.ts'

export interface AppOptions {
  readonly namespace: string
  readonly name: string
  readonly signedByLine: SignedByLine
  readonly answer: (incoming: Incoming) => Promise<Done>
  readonly once: Once
  readonly counts: Counts
  readonly log: Log
}

export interface App {
  readonly listener: http.RequestListener
  /** Resolves when what was acknowledged is done. */
  readonly drain: () => Promise<void>
}

/** LINE says nothing about size; its webhooks are a few KiB. */
const maxBodyBytes = 1024 * 1024

/**
 * `POST /` takes the CloudEvent of one webhook and answers when all of it is done: 204, or 503 when trying again may
 * help. `POST /webhook/NAMESPACE/BOT` takes a webhook from LINE itself, which waits 2 s at most: 200 at once.
 * Both: 401 not signed by LINE, 400 signed but no webhook, 413 above 1 MiB; else 404 and 405.
 */
export function makeApp(options: AppOptions): App {
  const { namespace, name, counts, log } = options
  const signatureHeader = new Map([
    ['/', 'ce-linesignature'],
    [`/webhook/${namespace}/${name}`, 'x-line-signature'],
  ])
  const acknowledged = new Set<Promise<number>>()
  const doing = { ...options, waited: makeWaited(counts) }

  const refused = seldom(() => log.warn('a request was refused: it is not signed with the Secret’s channelSecret'))

  async function statusFor(request: http.IncomingMessage): Promise<number> {
    const header = signatureHeader.get(request.url ?? '')
    if (header === undefined) return 404
    if (request.method !== 'POST') return 405
    const arrivedAt = arrivalOf(request.headers['ce-time'])
    const body = await readBody(request, maxBodyBytes)
    const webhook = readWebhook(body, request.headers[header], { signedByLine: options.signedByLine, refused })
    if (typeof webhook === 'number') return webhook
    if (request.url === '/') return await work(webhook, arrivedAt, doing)
    const working = nextTurn().then(() => work(webhook, arrivedAt, doing))
    acknowledged.add(working)
    void working.finally(() => acknowledged.delete(working))
    return 200
  }

  async function respond(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const status = await statusFor(request)
    counts.webhooks.add({ code: String(status) })
    response.writeHead(status, { 'content-length': 0, ...(status === 405 ? { allow: 'POST' } : {}) }).end()
  }

  return {
    listener: (request, response) => {
      respond(request, response).catch((error: unknown) => {
        log.error('a request failed', { error })
        response.writeHead(500, { 'content-length': 0 }).end()
      })
    },
    drain: async () => void (await Promise.all(acknowledged)),
  }
}

type Header = string | string[] | undefined

interface Verifying {
  readonly signedByLine: SignedByLine
  readonly refused: () => void
}

/** The webhook, or the status that says why there is none. */
function readWebhook(body: Buffer | undefined, signature: Header, options: Verifying): Webhook | number {
  if (!body) return 413
  // A header sent twice arrives as `a, a`, which is no signature.
  if (Array.isArray(signature) || !options.signedByLine(body, signature)) {
    options.refused()
    return 401
  }
  return parseWebhook(body) ?? 400
}

/** LINE's details name the member of the message that it did not like. */
const reasonOf = (error: unknown) =>
  error instanceof LineError
    ? { error: error.message, kind: error.kind, details: error.details, requestId: error.requestId }
    : { error }

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

/** At the front door, which says so in the CloudEvent; at our own, where LINE calls us itself. */
function arrivalOf(time: Header): number {
  const arrivedAt = Date.parse(String(time))
  return Number.isNaN(arrivedAt) ? Date.now() : arrivedAt
}

interface Doing extends AppOptions {
  readonly waited: Waited
}

/** Each Incoming alone, all at once: one that fails stops no other. */
async function work({ events }: Webhook, arrivedAt: number, doing: Doing): Promise<number> {
  const all = await Promise.all(events.map((incoming) => workOne(incoming, arrivedAt, doing)))
  return all.some(({ again }) => again) ? 503 : 204
}

async function workOne(incoming: Incoming, arrivedAt: number, doing: Doing): Promise<Done> {
  const { once, answer, counts, waited, log } = doing
  const started = performance.now()
  const done = await once(incoming.webhookEventId, () => answer(incoming))
  const ms = performance.now() - started
  const { type, webhookEventId, deliveryContext } = incoming
  const { outcome, match, error, again } = done
  counts.incomings.add({ type, outcome })
  counts.seconds.observe(ms / 1000)
  waited(done, arrivedAt)
  log[outcome === 'failed' ? 'error' : 'info'](`Incoming was ${outcome}`, {
    type,
    webhookEventId,
    redelivery: deliveryContext?.isRedelivery,
    rule: match && `${match.rule.event}/${match.rule.index}`,
    binding: match?.binding,
    keyword: match?.keyword,
    ...reasonOf(error),
    again,
    ms: Math.round(ms),
  })
  return done
}
