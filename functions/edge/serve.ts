import http from 'node:http'
import type { Socket } from 'node:net'
import { stopBy } from './stop.ts'

export interface ServeOptions {
  /** 0 = any free one; see the server's address. */
  readonly port: number
  readonly host?: string
  /** Runs when the last request has ended, before the process exits. */
  readonly onStop?: () => Promise<void> | void
}

/**
 * Listens, and resolves with the server once it does. At SIGTERM or SIGINT it stops accepting, lets requests in
 * flight end, runs `onStop` and exits with 0 (1 when `onStop` throws). A second signal ends it at once.
 */
export async function serve(handler: http.RequestListener, options: ServeOptions): Promise<http.Server> {
  const server = http.createServer(handler)
  // Go's HTTP clients (queue-proxy, the Broker) drop idle connections after 90 s. Whoever drops first must be the
  // client, or a request meets a closing connection.
  server.keepAliveTimeout = 120_000
  const connections = watch(server)
  await listening(server, options)
  stopBy(() => void stop(server, connections, options))
  return server
}

/** Where it listens, which is news when any free port was asked for. */
export function portOf(server: http.Server): number | undefined {
  const address = server.address()
  return typeof address === 'object' ? address?.port : undefined
}

function listening(server: http.Server, { port, host }: ServeOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, ...(host === undefined ? {} : { host }) }, resolve)
  })
}

/** The open connections, each with the request that is being answered on it. */
type Connections = ReadonlyMap<Socket, http.IncomingMessage | undefined>

function watch(server: http.Server): Connections {
  const connections = new Map<Socket, http.IncomingMessage | undefined>()
  server.on('connection', (socket) => {
    connections.set(socket, undefined)
    socket.once('close', () => connections.delete(socket))
  })
  server.on('request', (request, response) => {
    connections.set(request.socket, request)
    response.once('close', () => connections.has(request.socket) && connections.set(request.socket, undefined))
  })
  return connections
}

async function stop(server: http.Server, connections: Connections, { onStop }: ServeOptions): Promise<never> {
  try {
    await closed(server, connections)
    await onStop?.()
  } catch (error) {
    process.stderr.write(`${String(error)}\n`)
    process.exit(1)
  }
  process.exit(0)
}

/** How long a request may still arrive, once we are told to stop. */
const arrivalMs = 5000

/**
 * Node closes the connections that are idle now, but neither those that become idle later nor those that never sent
 * a whole request, and it stops its own timers for the latter: any open connection would keep us here.
 */
async function closed(server: http.Server, connections: Connections): Promise<void> {
  const until = performance.now() + arrivalMs
  const sweep = setInterval(() => {
    for (const [socket, request] of connections) {
      if (!request || (!request.complete && performance.now() > until)) socket.destroy()
    }
  }, 50)
  await new Promise((resolve) => server.close(resolve))
  clearInterval(sweep)
}
