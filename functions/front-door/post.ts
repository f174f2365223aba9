import http from 'node:http'
import { guard } from '../edge/exchange.ts'

interface Post {
  readonly url: URL
  readonly headers: http.OutgoingHttpHeaders
  readonly body: Buffer
  /** From now to the answer's head. */
  readonly timeoutMs: number
}

/** Sends and gives the answer's status; its body is thrown away. Throws when there is no answer. */
export type Send = (post: Post) => Promise<number>

/** More of an answer than this is not worth keeping the connection for. */
const maxAnswerBytes = 64 * 1024

/** `connectMs` is for connecting alone: an address whose pod is gone answers nothing at all. */
export function makeSend(connectMs: number): Send {
  const agent = new http.Agent({
    keepAlive: true,
    // TCP's own probes find a peer that vanished without a word while it was to answer.
    keepAliveMsecs: 5_000,
    // Idle connections go before the other side drops them.
    timeout: 30_000,
  })
  return async (post) => {
    try {
      return await once(agent, connectMs, post)
    } catch (error) {
      if (!(error instanceof StaleConnection)) throw error
      return await once(agent, connectMs, post)
    }
  }
}

/** A kept connection was closed by the other side just as we used it, which says nothing about this request. */
class StaleConnection extends Error {}

function once(agent: http.Agent, connectMs: number, { url, headers, body, timeoutMs }: Post): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { agent, method: 'POST', headers: { ...headers, 'content-length': body.length } })
    const fail = (error: Error) => reject(isStale(request, error) ? new StaleConnection(error.message) : error)
    guard(request, { timeoutMs, connectMs }, fail)
    request.on('response', (response) => {
      resolve(response.statusCode ?? 0)
      discard(response)
    })
    request.end(body)
  })
}

const isStale = (request: http.ClientRequest, error: NodeJS.ErrnoException) =>
  request.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE')

/** Reads the rest, so that the connection can be used again. */
function discard(response: http.IncomingMessage): void {
  let bytes = 0
  response.on('error', () => {})
  response.on('data', (part: Buffer) => {
    bytes += part.length
    if (bytes > maxAnswerBytes) response.destroy()
  })
}
