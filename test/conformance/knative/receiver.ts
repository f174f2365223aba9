import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request as it arrived. */
export interface Call {
  readonly method: string
  readonly path: string
  readonly headers: http.IncomingHttpHeaders
  readonly body: Buffer
  /** Milliseconds on this process's clock. */
  readonly at: number
  /** Whether the caller has hung up before it had an answer. */
  readonly gone: () => boolean
}

/** What to answer; `hangUp` closes the connection instead. */
export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly hangUp?: true
}

export interface Receiver {
  readonly url: string
  readonly calls: readonly Call[]
  /** From now on; `nth` counts from 1 what `key` makes one row. */
  answer(reply: (call: Call, nth: number) => Reply | Promise<Reply>, key?: (call: Call) => string): void
  close(): Promise<void>
}

const settled = (): Reply => ({ status: 204 })
export const subject = ({ headers }: Call): string => String(headers['ce-name'] ?? headers['ce-id'])

/** Takes requests on a free port, remembers them, and answers as it is told (204 until then). */
export async function startReceiver(listenOn: string, reachedAs: string): Promise<Receiver> {
  const calls: Call[] = []
  const counts = new Map<string, number>()
  let reply: (call: Call, nth: number) => Reply | Promise<Reply> = settled
  let keyOf = subject
  const server = http.createServer(async (request, response) => {
    const at = performance.now()
    let gone = false
    response.once('close', () => (gone = !response.writableEnded))
    const parts: Buffer[] = await request.toArray().catch(() => [])
    const { method = '', url: path = '', headers } = request
    const call = { method, path, headers, body: Buffer.concat(parts), at, gone: () => gone }
    calls.push(call)
    const nth = (counts.get(keyOf(call)) ?? 0) + 1
    counts.set(keyOf(call), nth)
    const { status, headers: more = {}, body, hangUp } = await reply(call, nth)
    if (hangUp) return void request.socket.destroy()
    response.writeHead(status, more).end(body)
  })
  server.listen(0, listenOn)
  await once(server, 'listening')
  // Listens on TCP, so it has a port.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${reachedAs}:${port}`,
    calls,
    answer: (next, key = subject) => {
      counts.clear()
      reply = next
      keyOf = key
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
