import { once } from 'node:events'
import http from 'node:http'
import { portOf } from '../../edge/serve.ts'
import type { ServiceHandle } from './service.ts'

/** Where a Service is to those in the cluster; preload.ts leads them here. */
const inCluster = /^([a-z0-9-]+)\.([a-z0-9-]+)\.svc\.cluster\.local$/

/** The Services by their names in the cluster, as Knative's own gateway has them. */
export async function openInside(serviceOf: (namespace: string, name: string) => ServiceHandle | undefined) {
  const server = http.createServer((request, response) => {
    const [, name = '', namespace = ''] = inCluster.exec(request.headers.host ?? '') ?? []
    const service = serviceOf(namespace, name)
    const because = service ? service.unable() : `no Knative Service ${name} in namespace ${namespace}`
    // Not 503: nobody should try it again, and whoever asked is told why in the one place that he logs.
    if (because !== undefined) return void response.writeHead(501, phraseOf(because)).end()
    service?.serve(request, response)
  })
  server.keepAliveTimeout = 120_000
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: portOf(server) ?? 0,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

/** A reason phrase is one line of ASCII. */
const phraseOf = (because: string) => because.replace(/[^ -~]+/g, ' ').slice(0, 200)
