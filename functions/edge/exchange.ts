import http from 'node:http'

export interface Asked {
  readonly method: string
  readonly url: URL
  readonly headers: http.OutgoingHttpHeaders
  readonly body: Buffer
  /** Whose connections are used; `false` = one for this request alone. Absent = those that the exchange keeps alive. */
  readonly agent?: http.Agent | false
  /** From connecting to the answer's last byte. */
  readonly timeoutMs: number
  /** For connecting alone: an address whose pod is gone answers nothing at all. */
  readonly connectMs?: number
  readonly maxAnswerBytes: number
}

export interface Answered {
  readonly status: number
  /** The server's own words for the status. */
  readonly reason: string
  readonly headers: http.IncomingHttpHeaders
  readonly body: Buffer
}

/** There is no answer, or not a whole one. `sent`: the request went out whole, so it may have been heeded. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered'
  readonly sent: boolean
  readonly tooLarge: boolean

  constructor(message: string, { sent, tooLarge = false }: { sent: boolean; tooLarge?: boolean }) {
    super(message)
    this.sent = sent
    this.tooLarge = tooLarge
  }
}

/** Asks once, follows nothing. Resolves with whatever status, rejects with Unanswered. */
export type Exchange = (asked: Asked) => Promise<Answered>

/** Over node:http and node:https with connections kept alive. Never fetch: it would load undici at the first reply. */
export function makeExchange(): Exchange & { readonly prepare: (protocol: string) => Promise<void> } {
  const clients = new Map<string, Promise<Client>>()
  const clientOf = (protocol: string) => {
    const client = clients.get(protocol) ?? clientFor(protocol)
    clients.set(protocol, client)
    return client
  }
  const exchange: Exchange = async (asked) => await once(await clientOf(asked.url.protocol), asked)
  return Object.assign(exchange, { prepare: async (protocol: string) => void (await clientOf(protocol)) })
}

interface Client {
  readonly request: typeof http.request
  readonly agent: http.Agent
}

/** TLS costs about 10 ms to load, so a bot loads it only for an https: URL, and after it listens. */
async function clientFor(protocol: string): Promise<Client> {
  if (protocol !== 'https:') return { request: http.request, agent: new http.Agent({ keepAlive: true }) }
  const { default: https } = await import('node:https')
  return { request: https.request, agent: new https.Agent({ keepAlive: true }) }
}

function once(client: Client, asked: Asked): Promise<Answered> {
  const { method, url, headers, body, agent = client.agent, timeoutMs, connectMs, maxAnswerBytes } = asked
  return new Promise((resolve, reject) => {
    const request = client.request(url, { method, agent, headers })
    const fail = (error: Error) =>
      reject(
        new Unanswered(reasonOf(error), { sent: request.writableFinished, tooLarge: error instanceof AnswerTooLarge }),
      )
    guard(request, { timeoutMs, connectMs }, fail)
    request.on('response', (response) => {
      const { statusCode = 0, statusMessage = '' } = response
      read(response, maxAnswerBytes).then(
        (bytes) => resolve({ status: statusCode, reason: statusMessage, headers: response.headers, body: bytes }),
        fail,
      )
    })
    request.end(body)
  })
}

/** Calls `fail` when no answer will come. One that breaks off after its head tells whoever reads it. */
export function guard(
  request: http.ClientRequest,
  { timeoutMs, connectMs }: { readonly timeoutMs: number; readonly connectMs: number | undefined },
  fail: (error: Error) => void,
): void {
  giveUpAfter(request, timeoutMs, 'answer')
  if (connectMs !== undefined) limitConnecting(request, connectMs)
  request.on('error', fail)
  // Node ends a connection that is switched to another protocol, and says nothing else of it.
  request.on('upgrade', (_, socket) => {
    socket.destroy()
    fail(new Error('it asks for another protocol'))
  })
}

function giveUpAfter(request: http.ClientRequest, ms: number, what: string): NodeJS.Timeout {
  const timer = setTimeout(() => request.destroy(new Error(`no ${what} within ${ms} ms`)), ms)
  request.on('close', () => clearTimeout(timer))
  return timer
}

function limitConnecting(request: http.ClientRequest, ms: number): void {
  request.on('socket', (socket) => {
    if (!socket.connecting) return
    const timer = giveUpAfter(request, ms, 'connection')
    socket.once('connect', () => clearTimeout(timer))
  })
}

class AnswerTooLarge extends Error {}

function read(response: http.IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  return new Promise((resolve, reject) => {
    response.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > maxBytes) response.destroy(new AnswerTooLarge(`an answer above ${maxBytes} bytes`))
      else chunks.push(chunk)
    })
    response.on('error', reject)
    response.on('end', () => resolve(Buffer.concat(chunks)))
  })
}

/** Connecting to a name with several addresses fails with an AggregateError, whose own message is empty. */
const reasonOf = (error: Error & { code?: string }) => error.message || error.code || error.name
