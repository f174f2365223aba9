import { type Answered, type Asked, makeExchange, Unanswered } from '../exchange.ts'
import type { Log } from '../log.ts'
import { LineError, type LineErrorKind, lineErrorFrom } from './error.ts'

export interface LineRequest {
  readonly method: 'GET' | 'POST' | 'PUT'
  /** From the origin on. */
  readonly path: string
  readonly token?: string
  readonly json?: unknown
  /** A UUID; for pushes alone, LINE refuses it elsewhere. */
  readonly retryKey?: string
  readonly form?: Readonly<Record<string, string>>
}

export interface LineAnswer {
  readonly status: number
  readonly requestId: string | undefined
  readonly body: string
}

/** Asks once. Resolves with a 2xx, rejects with a LineError. */
export type Call = (request: LineRequest) => Promise<LineAnswer>

export interface CallOptions {
  /** An origin; a path in it is dropped, as LINE's SDK does. */
  readonly baseUrl: string
  /** Of one try, from connecting to the last byte. */
  readonly timeoutMs: number
  readonly log: Log
  readonly count?: ((call: CountedCall) => void) | undefined
}

/** One try, without what tells whom it was about. */
export interface CountedCall {
  readonly method: string
  /** IDs in it are `{id}`. */
  readonly path: string
  readonly outcome: 'ok' | LineErrorKind
}

/** LINE's largest answer we read is a few hundred bytes. */
const maxAnswerBytes = 1024 * 1024

export function makeCall({
  baseUrl,
  timeoutMs,
  log,
  count,
}: CallOptions): Call & { readonly prepare: () => Promise<void> } {
  const exchange = makeExchange()
  const call: Call = async (request) => {
    const started = performance.now()
    const about = { method: request.method, path: request.path }
    const told = (fields: object) => log.info('LINE was called', { ...about, ...fields, ms: msSince(started) })
    const counted = (outcome: CountedCall['outcome']) =>
      count?.({ method: request.method, path: templateOf(request.path), outcome })
    try {
      const answer = answerFrom(await exchange(askedFor(request, baseUrl, timeoutMs)))
      told({ status: answer.status, requestId: answer.requestId })
      if (answer.status < 200 || answer.status >= 300) throw lineErrorFrom(answer)
      counted('ok')
      return answer
    } catch (error) {
      if (error instanceof LineError) counted(error.kind)
      if (!(error instanceof Unanswered)) throw error
      const failure = unavailable(error, request.method)
      counted(failure.kind)
      told({ error: failure.message })
      throw failure
    }
  }
  return Object.assign(call, { prepare: () => exchange.prepare(new URL(baseUrl).protocol) })
}

/** LINE's own words are letters, versions and `oauth2`; whatever else is in a path is an ID. */
const templateOf = (path: string) =>
  (path.split('?', 1)[0] ?? '').replace(/[^/]+/g, (part) =>
    /^([a-zA-Z]{1,20}|v\d|oauth2)$/.test(part) ? part : '{id}',
  )

const msSince = (started: number) => Math.round(performance.now() - started)

function askedFor(request: LineRequest, baseUrl: string, timeoutMs: number): Asked {
  const { type, bytes } = bodyOf(request)
  const headers = {
    'user-agent': 'linebot',
    ...(request.token === undefined ? {} : { authorization: `Bearer ${request.token}` }),
    ...(request.retryKey === undefined ? {} : { 'x-line-retry-key': request.retryKey }),
    ...(type === undefined ? {} : { 'content-type': type, 'content-length': bytes.length }),
  }
  const url = new URL(request.path, baseUrl)
  return { method: request.method, url, headers, body: bytes, timeoutMs, maxAnswerBytes }
}

function bodyOf({ json, form }: LineRequest): { type?: string; bytes: Buffer } {
  if (form) return { type: 'application/x-www-form-urlencoded', bytes: Buffer.from(`${new URLSearchParams(form)}`) }
  if (json !== undefined) return { type: 'application/json', bytes: Buffer.from(JSON.stringify(json)) }
  return { bytes: Buffer.alloc(0) }
}

function answerFrom({ status, headers, body }: Answered): LineAnswer {
  const requestId = headers['x-line-request-id']
  return { status, requestId: Array.isArray(requestId) ? requestId[0] : requestId, body: body.toString() }
}

const unavailable = ({ message, sent }: Unanswered, method: string) =>
  new LineError({
    kind: 'unavailable',
    message: `LINE could not be asked: ${message}`,
    ambiguous: sent && method !== 'GET',
  })
