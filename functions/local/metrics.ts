import { once } from 'node:events'
import http from 'node:http'
import { systemNamespace } from '../core/names.ts'
import { portOf } from '../edge/serve.ts'
import { isOwn } from './line/origin.ts'
import { proxy } from './serving/proxy.ts'
import type { Serving } from './serving/start.ts'

/** Plays the Service `metrics` of knative/330-metrics.yaml: whoever asks is led to a front door. */
export async function startMetrics(
  serving: () => Serving | undefined,
  port: number,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = http.createServer((request, response) => {
    const door = serving()
      ?.running()
      .find(({ namespace, service }) => namespace === systemNamespace && service === 'front-door')
    if (!isOwn(request.headers.host, request.headers.origin)) return void response.writeHead(403).end()
    if (!door) return void response.writeHead(503).end()
    proxy(request, response, door.metricsPort, AbortSignal.timeout(5_000)).catch(() => response.destroy())
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
