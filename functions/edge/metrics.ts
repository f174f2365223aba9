import http from 'node:http'

export interface MetricsDoor {
  /** In Prometheus' text format. */
  readonly scrape: () => string
  /** Takes what was pushed, and says the status for it. */
  readonly push: (body: string) => number
  readonly maxPushBytes: number
}

/**
 * Answers `GET /metrics` and `POST /push` on a port of its own, so that the public one never does. Resolves once it
 * listens; it never keeps the process alive.
 */
export function serveMetrics({ scrape, push, maxPushBytes }: MetricsDoor, port: number): Promise<http.Server> {
  const server = http.createServer((request, response) => {
    const asked = `${request.method} ${request.url}`
    if (asked === 'GET /metrics') {
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(scrape())
    } else if (asked === 'POST /push') {
      read(request, maxPushBytes, (body) => {
        const status = body === undefined ? 413 : push(body)
        response.writeHead(status, body === undefined ? { connection: 'close' } : {}).end()
      })
    } else response.writeHead(404).end()
  })
  // Whoever reaches this port may be a tenant's pod: it gets neither much time nor many connections.
  server.requestTimeout = 5_000
  server.maxConnections = 500
  server.unref()
  return new Promise((resolve, reject) => server.once('error', reject).listen(port, () => resolve(server)))
}

/** Calls back with the body, or with undefined as soon as it is larger; never when the sender goes away. */
function read(request: http.IncomingMessage, maxBytes: number, done: (body: string | undefined) => void): void {
  const parts: Buffer[] = []
  let bytes = 0
  const take = (part: Buffer) => {
    bytes += part.length
    if (bytes <= maxBytes) return void parts.push(part)
    request.off('data', take).off('end', end).resume()
    done(undefined)
  }
  const end = () => done(Buffer.concat(parts).toString())
  request
    .on('data', take)
    .on('end', end)
    .on('error', () => {})
}
