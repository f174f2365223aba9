import { once } from 'node:events'
import http from 'node:http'
import { portOf } from '../../edge/serve.ts'
import { isOwn } from '../line/origin.ts'
import { type Clock, makeClock } from './clock.ts'
import { type Delivery, deliver } from './deliver.ts'
import type { Resolve } from './destination.ts'
import { attributesOf, passedOn } from './event.ts'
import { passes } from './filter.ts'
import { broker, type Trigger, trigger } from './manifest.ts'

export interface BrokerOptions {
  /** Brokers and Triggers. Throws where one asks for what is not played. */
  readonly manifests: readonly { readonly kind: string }[]
  readonly resolve: Resolve
  /** 0 = any free one. */
  readonly port?: number
  readonly clock?: Clock
}

/** The ingress of all Brokers: `POST /NAMESPACE/BROKER`. State is in memory. */
export interface Brokers {
  readonly url: string
  /** Dies: what is under way is lost. */
  close(): Promise<void>
}

const asyncHandler = 'messaging.knative.dev/async-handler'

export async function startBrokers({
  manifests,
  resolve,
  port = 0,
  clock = makeClock(),
}: BrokerOptions): Promise<Brokers> {
  const triggers = manifests.filter(({ kind }) => kind === 'Trigger').map((one) => trigger.parse(one))
  const brokers = new Map(
    manifests
      .filter(({ kind }) => kind === 'Broker')
      .map((one) => broker.parse(one).metadata)
      .map((metadata) => [`/${metadata.namespace}/${metadata.name}`, metadata]),
  )
  const life = new AbortController()

  /** Whether all who wanted it took it. */
  const offer = async (wanted: readonly Trigger[], event: Delivery, signal: AbortSignal) => {
    const taken = await Promise.all(wanted.map((one) => deliver(one, event, { resolve, clock, signal })))
    return taken.every(Boolean)
  }

  const take = async (request: http.IncomingMessage, hungUp: AbortSignal): Promise<number> => {
    const path = brokers.get(request.url ?? '')
    if (!isOwn(request.headers.host, request.headers.origin)) return 403
    if (request.method !== 'POST') return 405
    if (!path) return 404
    const body: Buffer[] = await request.toArray()
    const attributes = attributesOf(request.headers)
    if (!attributes) return 400
    const { namespace, name, annotations } = path
    const wanted = triggers.filter(
      ({ metadata, spec }) =>
        metadata.namespace === namespace &&
        spec.broker === name &&
        spec.filters.every((filter) => passes(filter, attributes)),
    )
    const event = { headers: passedOn(request.headers, namespace, new Date()), body: Buffer.concat(body) }
    if (annotations?.[asyncHandler] !== 'true') {
      return (await offer(wanted, event, AbortSignal.any([hungUp, life.signal]))) ? 202 : 500
    }
    // Rejects only at the end of its life, and then nobody waits for it.
    offer(wanted, event, life.signal).catch(() => {})
    return 202
  }

  const server = http.createServer((request, response) => {
    const hangUp = new AbortController()
    response.once('close', () => hangUp.abort())
    take(request, hangUp.signal).then(
      (status) => response.writeHead(status).end(),
      () => response.destroy(),
    )
  })
  server.keepAliveTimeout = 120_000
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    close: async () => {
      life.abort()
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
