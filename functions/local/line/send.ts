import http from 'node:http'
import https from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'

/** LINE's words for why a webhook failed (check-webhook-error-statistics). */
export type Reason = 'ok' | 'could_not_connect' | 'request_timeout' | 'error_status_code' | 'unclassified'

export interface Answer {
  readonly reason: Reason
  /** LINE's detail: the status, or what happened. */
  readonly detail: string
  readonly status?: number
  /** From sending to the answer's head, or to giving up. */
  readonly ms: number
}

export interface Sent {
  /** What LINE learns, within its time limit. */
  readonly answer: Promise<Answer>
  /** What it would have learnt with more patience. */
  readonly finalAnswer: Promise<Answer>
}

/** A list sends the header that many times. */
export type Headers = Readonly<Record<string, string | readonly string[]>>

export interface Sender {
  send(url: string, body: Buffer, headers: Headers): Sent
  /** Cuts what is under way. */
  close(): void
}

/** LINE wants its 2xx within 2 s (check-webhook-error-statistics). */
export const webhookLimitMs = 2000
/** How long a late answer is waited for, to know it. */
const patienceMs = 60_000

const unknownHost = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL'])
const notConnected = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'ETIMEDOUT'])

const codeOf = (error: Error): string => ('code' in error ? String(error.code) : '')

/** LINE's reason and detail for an error that node:http gives. */
export const failureOf = (error: Error, url: string): Pick<Answer, 'reason' | 'detail'> => {
  const code = codeOf(error)
  if (unknownHost.has(code)) return { reason: 'could_not_connect', detail: `Unknown host: ${url}` }
  if (notConnected.has(code)) return { reason: 'could_not_connect', detail: `Connection failed: ${url}` }
  if (/^(ERR_TLS|ERR_SSL|EPROTO|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(code)) {
    return { reason: 'could_not_connect', detail: `TLS handshake failure: ${url}` }
  }
  if (code === 'ECONNRESET' || code === 'EPIPE')
    return { reason: 'unclassified', detail: 'Session closed unexpectedly' }
  return { reason: 'unclassified', detail: 'Unclassified webhook dispatch error' }
}

const isTaken = (status: number): boolean => status >= 200 && status < 300

/** The request for a URL: sent to the gateway, if there is one, with the URL's own host in the Host header. */
const requestFor = (url: string, gateway: string | undefined, headers: Headers, length: number): http.ClientRequest => {
  const { host, pathname, search } = new URL(url)
  const target = new URL(`${pathname}${search}`, gateway ?? url)
  const { request } = target.protocol === 'https:' ? https : http
  return request(target, { method: 'POST', agent: false, headers: { ...headers, host, 'content-length': length } })
}

/** The answer, or after LINE's time limit that there was none. */
const withinLimit = (from: number, limitMs: number, finalAnswer: Promise<Answer>): Promise<Answer> => {
  const limit = new AbortController()
  const late = async (): Promise<Answer> => {
    await sleep(limitMs, undefined, { signal: limit.signal }).catch(() => {})
    return { reason: 'request_timeout', detail: 'Request timeout', ms: performance.now() - from }
  }
  return Promise.race([finalAnswer, late()]).finally(() => limit.abort())
}

/** Sends webhooks as LINE does: one POST, no redirects, never again. */
export const makeSender = (gateway: string | undefined, limitMs: number): Sender => {
  const underWay = new Set<http.ClientRequest>()

  const exchange = (url: string, body: Buffer, headers: Headers, from: number) =>
    new Promise<Answer>((resolve) => {
      const request = requestFor(url, gateway, headers, body.length)
      underWay.add(request)
      const end = (answer: Omit<Answer, 'ms'>): void => resolve({ ...answer, ms: performance.now() - from })
      request.setTimeout(patienceMs, () => request.destroy(new Error('no answer')))
      request.on('response', (response) => {
        const status = response.statusCode ?? 0
        response.on('error', () => {}).resume()
        end({ reason: isTaken(status) ? 'ok' : 'error_status_code', detail: String(status), status })
      })
      request.on('error', (error) => end(failureOf(error, url)))
      request.on('close', () => underWay.delete(request))
      request.end(body)
    })

  return {
    send: (url, body, headers) => {
      const from = performance.now()
      const finalAnswer = exchange(url, body, headers, from)
      return { answer: withinLimit(from, limitMs, finalAnswer), finalAnswer }
    },
    close: () => {
      for (const request of underWay) request.destroy()
    },
  }
}
