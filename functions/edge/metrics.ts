import http from 'node:http'
import type { Metrics } from '../core/metrics.ts'

/** Answers `GET /metrics` on a port of its own, so that the public one never does. Resolves once it listens. */
export function serveMetrics(metrics: Metrics, port: number): Promise<http.Server> {
  const server = http.createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') return void response.writeHead(404).end()
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(metrics.text())
  })
  // It never keeps the process alive.
  server.unref()
  return new Promise((resolve, reject) => server.once('error', reject).listen(port, () => resolve(server)))
}
