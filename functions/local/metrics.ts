import http from 'node:http'
import { systemNamespace } from '../core/names.ts'
import { isOwn } from './line/origin.ts'
import { type Listening, onLoopback } from './listen.ts'
import { proxy } from './serving/proxy.ts'
import type { Serving } from './serving/start.ts'

/** Plays the Service `metrics` of knative/330-metrics.yaml: whoever asks is led to a front door. */
export function startMetrics(serving: () => Serving | undefined, port: number): Promise<Listening> {
  const server = http.createServer((request, response) => {
    const door = serving()
      ?.running()
      .find(({ namespace, service }) => namespace === systemNamespace && service === 'front-door')
    if (!isOwn(request.headers.host, request.headers.origin)) return void response.writeHead(403).end()
    if (!door) return void response.writeHead(503).end()
    proxy(request, response, door.metricsPort, AbortSignal.timeout(5_000)).catch(() => response.destroy())
  })
  return onLoopback(server, port)
}
