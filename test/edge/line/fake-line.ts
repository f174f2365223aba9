import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** What arrived, as far as LINE reads it. */
export interface Asked {
  readonly method: string | undefined
  readonly path: string | undefined
  readonly authorization: string | undefined
  readonly type: string | undefined
  readonly retryKey: string | string[] | undefined
  readonly body: string
}

/** `hang` never answers, `drop` reads the request and hangs up. */
export type Answer = { status: number; body?: unknown; headers?: Record<string, string> } | 'hang' | 'drop'

/** A server that answers in the given order, and with the last answer from then on; it records what it is asked. */
export async function fakeLine(...answers: Answer[]) {
  const asked: Asked[] = []
  const server = http.createServer(async (request, response) => {
    const { method, url: path, headers } = request
    const body = (await buffer(request)).toString()
    const answer = answers[Math.min(asked.length, answers.length - 1)] ?? { status: 200, body: {} }
    const { authorization, 'content-type': type, 'x-line-retry-key': retryKey } = headers
    asked.push({ method, path, authorization, type, retryKey, body })
    if (answer === 'hang') return
    if (answer === 'drop') return void request.socket.destroy()
    const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? {})
    response.writeHead(answer.status, { 'x-line-request-id': `request-${asked.length}`, ...answer.headers }).end(text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A listening TCP server's address is never a pipe's name.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { url, asked, close, [Symbol.dispose]: close }
}
