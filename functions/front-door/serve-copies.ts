import http from 'node:http'

/** Listens where only other front doors call. It never keeps the process alive. */
export function serveCopies(listener: http.RequestListener, port: number): Promise<http.Server> {
  // TCP's own probes find within 11 s that a node vanished without a word; a process that dies is felt at once.
  const server = http.createServer({ keepAlive: true, keepAliveInitialDelay: 1_000 }, listener)
  // A copy lasts as long as its webhook is held, and its keeper ends it.
  server.requestTimeout = 0
  server.keepAliveTimeout = 120_000
  server.unref()
  return new Promise((resolve, reject) => server.once('error', reject).listen(port, () => resolve(server)))
}
