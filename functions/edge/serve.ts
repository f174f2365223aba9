import http from 'node:http'

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
  await listening(server, options)
  // Node as PID 1 has no default action for these.
  process.once('SIGTERM', () => void stop(server, options))
  process.once('SIGINT', () => void stop(server, options))
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

async function stop(server: http.Server, { onStop }: ServeOptions): Promise<never> {
  try {
    await closed(server)
    await onStop?.()
  } catch (error) {
    process.stderr.write(`${String(error)}\n`)
    process.exit(1)
  }
  process.exit(0)
}

async function closed(server: http.Server): Promise<void> {
  // A connection that was busy when the server closed stays open when its response has ended.
  const sweep = setInterval(() => server.closeIdleConnections(), 50)
  await new Promise((resolve) => server.close(resolve))
  clearInterval(sweep)
}
