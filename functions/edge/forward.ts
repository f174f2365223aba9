import { randomUUID } from 'node:crypto'
import http from 'node:http'
import type { RawAnswer } from '../core/forward/answer.ts'
import { headersFor } from '../core/forward/event.ts'
import type { Incoming } from '../core/incoming.ts'
import { handOverHeadersFor } from '../core/webhook/event.ts'
import { type Answered, type Exchange, makeExchange, Unanswered } from './exchange.ts'
import type { Log } from './log.ts'

/** What a rule forwards, and where to. */
export interface Question {
  readonly url: string
  readonly incoming: Incoming
  /** `EVENT/INDEX`. */
  readonly rule: string
}

/**
 * Resolves with what a 2xx brought. Rejects with a ForwardError. `retryMs`: how long a try that found nobody is
 * repeated, always with the same ID; a try that is under way then goes on.
 */
export type Forward = (question: Question, retryMs: number) => Promise<RawAnswer>

/** Gives the webhook's own bytes to another Bot, which answers LINE itself. Resolves when that is done. */
export type HandOver = (question: Question, retryMs: number) => Promise<void>

/** The one who was asked gave no answer; the message says what to look at. */
export class ForwardError extends Error {
  override readonly name = 'ForwardError'
  /** Nobody was there, so another time may go better. */
  readonly again: boolean

  constructor(message: string, again: boolean) {
    super(message)
    this.again = again
  }
}

export interface ForwardOptions {
  readonly namespace: string
  /** The Bot's name. */
  readonly name: string
  readonly log: Log
  /** Of one try, to its last byte. */
  readonly limitMs?: number
  /** Before each further try; the last one again and again. */
  readonly waitsMs?: readonly number[]
}

/** LINE's bytes and signature, as the front door brought them. */
export interface Letter {
  readonly body: Buffer
  readonly signature: string
  /** When they arrived there, in milliseconds since the epoch. */
  readonly arrivedAt: number
}

export interface Forwarding {
  readonly forward: Forward
  readonly handOver: (letter: Letter) => HandOver
}

/** Five messages of LINE's largest kind, Flex, are 250 KiB. */
const maxAnswerBytes = 1024 * 1024
const connectMs = 3000

/** CloudEvents over node:http and node:https. Nothing is loaded or opened before the first is forwarded. */
export function makeForwarding(options: ForwardOptions): Forwarding {
  const { namespace, name: bot, log, limitMs = 300_000, waitsMs = [200, 500, 1000, 2000] } = options
  const exchange = persistent(makeExchange(), waitsMs)
  const ask = async (question: Question, headers: Record<string, string>, body: Buffer, retryMs: number) => {
    const url = new URL(question.url)
    const asked = { method: 'POST', url, body, timeoutMs: limitMs, connectMs, maxAnswerBytes }
    const started = performance.now()
    // Without the query, which may hold a key.
    const about = {
      to: url.origin + url.pathname,
      rule: question.rule,
      webhookEventId: question.incoming.webhookEventId,
    }
    const told = (fields: object) =>
      log.info('a forward was tried', { ...about, ...fields, ms: Math.round(performance.now() - started) })
    const length = { 'content-length': body.length, 'user-agent': 'linebot' }
    return await exchange({ ...asked, headers: { ...headers, ...length } }, retryMs, told)
  }
  return {
    async forward(question, retryMs) {
      const { incoming, rule } = question
      const headers = headersFor(incoming, { namespace, bot, rule, id: randomUUID() })
      const body = Buffer.from(JSON.stringify(incoming.raw ?? incoming))
      const answered = await ask(question, { ...headers, accept: accepted }, body, retryMs)
      if (isFine(answered)) return { contentType: answered.headers['content-type'], body: textOf(answered) }
      throw refusedWith(answered)
    },
    handOver: (letter) => async (question, retryMs) => {
      const headers = letterHeaders(question, letter, namespace)
      const answered = await ask(question, headers, letter.body, retryMs)
      if (answered.status === 401) throw new ForwardError(otherChannel, false)
      if (!isFine(answered)) throw refusedWith(answered)
    },
  }
}

const accepted = 'application/json, application/cloudevents+json, text/plain'

const otherChannel =
  'the other Bot did not take LINE’s signature: both Bots must name the Secret of one channel (spec.channel.secretName)'

/** A text in the charset that it names. JSON is UTF-8, whatever its sender's framework writes there (RFC 8259). */
function textOf({ headers, body }: Answered): string {
  const [, charset = 'utf-8'] = /^text\/[^]*charset="?([^";\s]+)/i.exec(headers['content-type'] ?? '') ?? []
  try {
    return new TextDecoder(charset).decode(body)
  } catch {
    throw new ForwardError(`it answered in ${charset}, which is no known charset; UTF-8 is best`, false)
  }
}

const isFine = ({ status }: Answered) => status >= 200 && status < 300

function refusedWith({ status, reason, headers }: Answered): ForwardError {
  // Without the query, which may hold a key.
  const to = headers.location?.split('?', 1)[0]?.slice(0, 200)
  const where = status >= 300 && status < 400 ? `, to ${to ?? 'nowhere'}; redirects are not followed` : ''
  const words = reason === '' || reason === http.STATUS_CODES[status] ? '' : ` ${reason.slice(0, 200)}`
  return new ForwardError(`it answered ${status}${words}${where}`, isAway(status))
}

/** As the front door's CloudEvent, but naming one event of the webhook, and never forwarded to a Bot again. */
function letterHeaders({ url, incoming }: Question, { signature, arrivedAt }: Letter, namespace: string) {
  const id = incoming.webhookEventId ?? ''
  const [bot = ''] = new URL(url).hostname.split('.')
  const contentType = 'application/json'
  return handOverHeadersFor({ namespace, bot, id: id || randomUUID(), arrivedAt, signature, contentType }, id)
}

/** What proxies answer when who is behind them cannot be reached. */
const isAway = (status: number) => [502, 503, 504].includes(status)

type Tell = (fields: object) => void
type Asked = Parameters<Exchange>[0]

function persistent(exchange: Exchange, waitsMs: readonly number[]) {
  return async (asked: Asked, retryMs: number, told: Tell): Promise<Answered> => {
    const until = performance.now() + retryMs
    for (let tried = 0; ; tried += 1) {
      const answered = await answeredOr(exchange(asked))
      told(answered instanceof Unanswered ? { error: answered.message } : { status: answered.status })
      const waitMs = waitsMs[Math.min(tried, waitsMs.length - 1)] ?? retryMs
      const mayGoBetter = answered instanceof Unanswered ? !answered.tooLarge : isAway(answered.status)
      if (!mayGoBetter || performance.now() + waitMs > until) return answeredIn(answered)
      await new Promise((resolve) => setTimeout(resolve, waitMs))
    }
  }
}

async function answeredOr(answering: Promise<Answered>): Promise<Answered | Unanswered> {
  try {
    return await answering
  } catch (error) {
    if (error instanceof Unanswered) return error
    throw error
  }
}

function answeredIn(answered: Answered | Unanswered): Answered {
  if (!(answered instanceof Unanswered)) return answered
  throw new ForwardError(`it gave no answer: ${answered.message}`, !answered.tooLarge)
}
