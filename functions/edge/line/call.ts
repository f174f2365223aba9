import http from 'node:http'
import type { Log } from '../log.ts'
import { LineError, type LineErrorKind, lineErrorFrom } from './error.ts'

export interface LineRequest {
  readonly method: 'GET' | 'POST' | 'PUT'
  /** From the origin on. */
  readonly path: string
  readonly token?: string
  readonly json?: unknown
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

/** Over node:http and node:https with connections kept alive. Never fetch: it would load undici at the first reply. */
export function makeCall({
  baseUrl,
  timeoutMs,
  log,
  count,
}: CallOptions): Call & { readonly prepare: () => Promise<void> } {
  let client: Promise<Client> | undefined
  const theClient = () => {
    client ??= clientFor(baseUrl)
    return client
  }
  const call: Call = async (request) => {
    const started = performance.now()
    const about = { method: request.method, path: request.path }
    const told = (fields: object) => log.info('LINE was called', { ...about, ...fields, ms: msSince(started) })
    const counted = (outcome: CountedCall['outcome']) =>
      count?.({ method: request.method, path: templateOf(request.path), outcome })
    try {
      const answer = await exchange(await theClient(), new URL(request.path, baseUrl), request, timeoutMs)
      told({ status: answer.status, requestId: answer.requestId })
      if (answer.status < 200 || answer.status >= 300) throw lineErrorFrom(answer)
      counted('ok')
      return answer
    } catch (error) {
      if (error instanceof LineError) counted(error.kind)
      if (error instanceof LineError && error.status === 0) told({ error: error.message })
      throw error
    }
  }
  return Object.assign(call, { prepare: async () => void (await theClient()) })
}

/** LINE's own words are letters, versions and `oauth2`; whatever else is in a path is an ID. */
const templateOf = (path: string) =>
  (path.split('?', 1)[0] ?? '').replace(/[^/]+/g, (part) =>
    /^([a-zA-Z]{1,20}|v\d|oauth2)$/.test(part) ? part : '{id}',
  )

const msSince = (started: number) => Math.round(performance.now() - started)

interface Client {
  readonly request: typeof http.request
  readonly agent: http.Agent
}

/** TLS costs about 10 ms to load, so a bot loads it only for an https: base URL, and after it listens. */
async function clientFor(baseUrl: string): Promise<Client> {
  if (!baseUrl.startsWith('https:')) return { request: http.request, agent: new http.Agent({ keepAlive: true }) }
  const { default: https } = await import('node:https')
  return { request: https.request, agent: new https.Agent({ keepAlive: true }) }
}

function exchange(client: Client, url: URL, asked: LineRequest, timeoutMs: number): Promise<LineAnswer> {
  const { type, bytes } = bodyOf(asked)
  const headers = {
    'user-agent': 'linebot',
    ...(asked.token === undefined ? {} : { authorization: `Bearer ${asked.token}` }),
    ...(type === undefined ? {} : { 'content-type': type, 'content-length': bytes.length }),
  }
  return new Promise((resolve, reject) => {
    const request = client.request(url, { method: asked.method, agent: client.agent, headers })
    const fail = (message: string) => reject(unavailable(message, request.writableFinished && asked.method !== 'GET'))
    const timer = setTimeout(() => request.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
    request.on('close', () => clearTimeout(timer))
    request.on('error', (error) => fail(reasonOf(error)))
    request.on('response', (response) => void read(response).then(resolve, (error) => fail(reasonOf(error))))
    request.end(bytes)
  })
}

function read(response: http.IncomingMessage): Promise<LineAnswer> {
  const chunks: Buffer[] = []
  let size = 0
  const requestId = response.headers['x-line-request-id']
  return new Promise((resolve, reject) => {
    response.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > maxAnswerBytes) response.destroy(new Error(`an answer above ${maxAnswerBytes} bytes`))
      else chunks.push(chunk)
    })
    response.on('error', reject)
    response.on('end', () => {
      resolve({
        status: response.statusCode ?? 0,
        requestId: Array.isArray(requestId) ? requestId[0] : requestId,
        body: Buffer.concat(chunks).toString(),
      })
    })
  })
}

function bodyOf({ json, form }: LineRequest): { type?: string; bytes: Buffer } {
  if (form) return { type: 'application/x-www-form-urlencoded', bytes: Buffer.from(`${new URLSearchParams(form)}`) }
  if (json !== undefined) return { type: 'application/json', bytes: Buffer.from(JSON.stringify(json)) }
  return { bytes: Buffer.alloc(0) }
}

const unavailable = (reason: string, ambiguous: boolean) =>
  new LineError({ kind: 'unavailable', message: `LINE could not be asked: ${reason}`, ambiguous })

/** Connecting to a name with several addresses fails with an AggregateError, whose own message is empty. */
const reasonOf = (error: Error & { code?: string }) => error.message || error.code || error.name
