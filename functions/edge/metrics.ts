import http from 'node:http'

export interface MetricsDoor {
  /** In Prometheus' text format. */
  readonly scrape: () => string
  /** Takes what was pushed, and says the status for it. */
  readonly push: (body: string) => number
  readonly maxPushBytes: number
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** Whoever reaches this port may be a tenant's pod: it gets neither much time, nor memory, nor many connections. */
const bounds = {
  /** What was told is told again for so long: all of it takes tenths of a second to write, in which LINE waits. */
  freshMs: 2_000,
  /** Who has not read all by then does not want it; Prometheus itself gives up after 10 s. */
  answerMs: 10_000,
  /** So many answers at once; for one more, the oldest is broken off. */
  maxAnswers: 8,
}

/**
 * Answers `GET /metrics` and `POST /push` on a port of its own, so that the public one never does. Resolves once it
 * listens; it never keeps the process alive.
 */
export function serveMetrics(door: MetricsDoor, port: number, limits = bounds): Promise<http.Server> {
  const { push, maxPushBytes } = door
  const tell = makeTell(door, limits)
  // Without the interval, Node looks for requests that take too long every 30 s only.
  const server = http.createServer({ connectionsCheckingInterval: 1_000 }, (request, response) => {
    const asked = `${request.method} ${request.url}`
    if (asked === 'GET /metrics') tell(response)
    else if (asked === 'POST /push') {
      read(request, maxPushBytes, (body) => {
        const status = body === undefined ? 413 : push(body)
        response.writeHead(status, body === undefined ? { connection: 'close' } : {}).end()
      })
    } else response.writeHead(404).end()
  })
  server.requestTimeout = 5_000
  server.maxConnections = 500
  server.unref()
  return new Promise((resolve, reject) => server.once('error', reject).listen(port, () => resolve(server)))
}

/** Answers with all numbers. However many do not read theirs, there are few copies of it in memory. */
function makeTell({ scrape, now }: MetricsDoor, { freshMs, answerMs, maxAnswers }: typeof bounds) {
  const open = new Set<http.ServerResponse>()
  let told = Buffer.alloc(0)
  let toldAt = Number.NEGATIVE_INFINITY
  return (response: http.ServerResponse): void => {
    // A clock that is set back must not keep the text of before.
    if (Math.abs(now() - toldAt) >= freshMs) {
      told = Buffer.from(scrape())
      toldAt = now()
    }
    const [oldest] = open
    if (oldest && open.size >= maxAnswers && open.delete(oldest)) oldest.destroy()
    open.add(response)
    const limit = setTimeout(() => response.destroy(), answerMs).unref()
    response.on('close', () => {
      clearTimeout(limit)
      open.delete(response)
    })
    const headers = { 'content-type': 'text/plain; version=0.0.4; charset=utf-8', 'content-length': told.length }
    response.writeHead(200, headers).end(told)
  }
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
