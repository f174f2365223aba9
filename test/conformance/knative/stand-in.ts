import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Kind, Obj } from '../../../functions/core/object.ts'
import { connect } from '../../../functions/edge/cluster.ts'
import { startApiServer } from '../../../functions/local/apiserver/start.ts'
import { makeClock } from '../../../functions/local/broker/clock.ts'
import { makeResolve } from '../../../functions/local/broker/destination.ts'
import { type Brokers, startBrokers } from '../../../functions/local/broker/start.ts'
import { startServing } from '../../../functions/local/serving/start.ts'
import { type Ping, startPing } from '../../../functions/local/source/ping.ts'
import { makeSource } from '../../../functions/local/source/start.ts'
import { startReceiver } from './receiver.ts'
import type { Thing, World } from './world.ts'

/** A tenth of a cluster's time, where time can be told to hurry. */
const pace = 0.1
const clock = makeClock(1000 * pace)

const kinds: Readonly<Record<string, Kind>> = Object.fromEntries(
  [
    { apiVersion: 'v1', kind: 'Namespace', plural: 'namespaces', clusterScoped: true as const },
    { apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps' },
    { apiVersion: 'v1', kind: 'Secret', plural: 'secrets' },
    { apiVersion: 'serving.knative.dev/v1', kind: 'Service', plural: 'services' },
    { apiVersion: 'serving.knative.dev/v1', kind: 'Revision', plural: 'revisions' },
  ].map((kind) => [kind.kind, kind]),
)
function kindOf(name: string): Kind {
  const kind = kinds[name]
  if (!kind) throw new Error(`not a kind of these contracts: ${name}`)
  return kind
}

export async function startWorld(name: string): Promise<World> {
  const namespace = `conf-${name}`
  const api = await startApiServer({ port: 0, objects: [] })
  const { objects } = api
  const cluster = connect({ server: api.url, token: () => '' })
  const directory = await mkdtemp(join(tmpdir(), 'linebot-conformance-'))
  let brokers: Brokers | undefined
  const resolve = makeResolve(objects, () => brokers?.url ?? '')
  const ends: (() => unknown)[] = []
  const pings = new Map<string, Ping>()
  const bindings: Thing[] = []
  const serving = await startServing({
    objects,
    cluster,
    resolve,
    bindings,
    directory,
    functions: directory,
    apiServer: api.url,
    tokenFor: () => 'token',
    clock,
  })
  const apply = (thing: Thing) => cluster.apply(kindOf(thing.kind), thing as Obj, 'conformance') as Promise<Thing>
  await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: { conf: namespace } } })

  const wireOne = async (thing: Thing) => {
    const { kind } = thing
    if (kind === 'SinkBinding') bindings.push(thing)
    if (kind === 'PingSource') pings.set(thing.metadata.name, startPing({ manifest: thing, resolve, clock }))
    if (kind !== 'ApiServerSource') return
    const source = makeSource({ manifest: thing, objects, cluster, server: api.url, resolve, clock })
    await source.start()
    ends.push(source.stop)
  }
  return {
    real: false,
    namespace,
    pace,
    receiver: () => startReceiver('127.0.0.1', '127.0.0.1'),
    apply,
    // What is stored of a kind is that kind.
    get: async (kind, one) => objects.get({ ...kindOf(kind), namespace, name: one }) as Thing | undefined,
    list: async (kind) => objects.list(kindOf(kind), namespace) as Thing[],
    async remove(kind, one) {
      const found = objects.get({ ...kindOf(kind), namespace, name: one })
      if (found) await cluster.remove({ ...kindOf(kind), namespace, name: one }, found.metadata.uid ?? '')
    },
    async wire(...things) {
      const manifests = things.filter(({ kind }) => kind === 'Broker' || kind === 'Trigger')
      if (manifests.length > 0) brokers = await startBrokers({ manifests, resolve, clock })
      for (const thing of things) await wireOne(thing)
    },
    broker: async (broker) => `${brokers?.url}/${namespace}/${broker}`,
    ping: async (ping) => void (await pings.get(ping)?.ring()),
    reach: ({ status }) => ({ url: status.url, host: new URL(status.url).host }),
    running: async (service) =>
      serving.running().filter((one) => one.service === service && one.namespace === namespace).length,
    close: async () => {
      for (const end of ends) end()
      for (const ping of pings.values()) ping.stop()
      await serving.close()
      await brokers?.close()
      await api.close()
      await rm(directory, { recursive: true })
    },
  }
}
