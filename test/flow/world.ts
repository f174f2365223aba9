import { once } from 'node:events'
import http from 'node:http'
import { botController } from '../../functions/bot-controller/controller.ts'
import { tenantBindings } from '../../functions/core/access.ts'
import type { Change } from '../../functions/core/change.ts'
import {
  Bot,
  ConfigMap,
  Event,
  EventBinding,
  KnativeService,
  Notice,
  Revision,
  Secret,
} from '../../functions/core/kinds.ts'
import { systemNamespace } from '../../functions/core/names.ts'
import { type Kind, type Obj, refTo } from '../../functions/core/object.ts'
import { type Cluster, connect } from '../../functions/edge/cluster.ts'
import type { Controller, Sweep } from '../../functions/edge/controller.ts'
import { knock } from '../../functions/edge/knock.ts'
import { type Line, makeLine } from '../../functions/edge/line.ts'
import { linearRegex } from '../../functions/edge/linear-regex.ts'
import { makeLog } from '../../functions/edge/log.ts'
import { portOf } from '../../functions/edge/serve.ts'
import { signedBy } from '../../functions/edge/signature.ts'
import { eventController } from '../../functions/event-controller/controller.ts'
import { shipped } from '../../functions/local/apiserver/seed.ts'
import { startApiServer } from '../../functions/local/apiserver/start.ts'
import type { Objects } from '../../functions/local/apiserver/store.ts'
import { passes } from '../../functions/local/broker/filter.ts'
import { trigger } from '../../functions/local/broker/manifest.ts'
import { startLine } from '../../functions/local/line/start.ts'
import { documentsIn, put } from '../../functions/local/manifests.ts'
import { writeRevision, writeStatus } from '../../functions/local/serving/status.ts'
import { readTemplate, serviceShape } from '../../functions/local/serving/template.ts'
import { apiServerSource } from '../../functions/local/source/manifest.ts'
import { watch } from '../../functions/local/source/watched.ts'
import { channel, namespace, type Written } from './objects.ts'

/**
 * Both controllers over HTTP against an API server and LINE's platform, with the shipped source's and Triggers' word on
 * what rings whom. Time stands still, nothing runs by itself: a test says when rings are answered, and which.
 */

export type Name = 'event-controller' | 'bot-controller'
export const names: readonly Name[] = ['event-controller', 'bot-controller']
type Account = Name | 'front-door'
export type Controllers = Readonly<Record<Name, Controller>>

/** A change on its way to a controller. `found`: by a sweep. */
export interface Rung {
  readonly change: Change
  readonly found: boolean
}

/** One call of a function to the outside. */
export interface Call {
  readonly by: Account
  readonly verb: 'get' | 'list' | 'apply' | 'remove' | 'line'
  readonly what: string
  readonly writes: boolean
  readonly kind?: Kind
  readonly subresource?: string | undefined
  readonly namespace?: string | undefined
  readonly name?: string | undefined
}

/** Stands between a function and the outside. */
export type Around = <T>(call: Call, go: () => Promise<T>) => Promise<T>
const straight: Around = (_call, go) => go()

export interface Flow {
  readonly cluster: Cluster
  readonly objects: Objects
  /** As new processes; what they remember is their own. */
  controllers(around?: Around): Controllers
  /** The API server as the front door reads it. */
  frontDoor(around: Around): Cluster
  /** As a person does with kubectl. */
  apply(...written: readonly Written[]): Promise<void>
  remove(written: Written): Promise<void>
  /** Rings that wait for an answer. */
  readonly rings: Rung[]
  /** From now on, rings that `lost` picks never come, as when the source is away; the function that it gives ends that. */
  lose(lost: (change: Change) => boolean): () => void
  /** Whether the Trigger of a controller lets the ring through. */
  hears(name: Name, rung: Rung): boolean
  /** Knative's part: brings Services up to their specs. Says whether there was anything to do. */
  serve(): Promise<boolean>
  /** Answers rings, one at a time in their order, until there are none. */
  settle(controllers: Controllers): Promise<void>
  /** What a sweep finds is rung, and counted. */
  sweep(controllers: Controllers, why?: Sweep): Promise<string[]>
  /** Time goes on so far that what was put off is due. */
  later(): void
  /**
   * All of `demo`, and LINE's console, without what differs between two clusters. `counted`: with the generations that
   * say by how many steps it has come there; without, only where it is.
   */
  state(counted?: boolean): Record<string, unknown>
  /** How often each object was created and deleted; without Revisions where these are not `counted`. */
  births(counted?: boolean): Record<string, string>
  /** Throws where, on the way, a bot could not have started again. */
  close(): Promise<void>
}

const cluster = shipped()
const wiring = ['knative/300-event-controller.yaml', 'knative/310-bot-controller.yaml', 'knative/400-source.yaml']
const manifests = wiring.flatMap(documentsIn)
const triggers = manifests.filter(({ kind }) => kind === 'Trigger').map((one) => trigger.parse(one))
const source = apiServerSource.parse(manifests.find(({ kind }) => kind === 'ApiServerSource'))

const lineApi = 'http://line.test'
const doorUrl = 'http://front-door.test'
const quiet = makeLog('Error', {}, () => {})
const calm = { quiet: async () => {} }

export interface FlowOptions {
  /** What the API server begins with; else what is shipped. */
  readonly objects?: readonly object[]
  /** The functions show their ServiceAccounts' tokens. */
  readonly accounts?: boolean
}

export async function startFlow({ objects: begin = cluster, accounts = false }: FlowOptions = {}): Promise<Flow> {
  const api = await startApiServer({ port: 0, objects: begin })
  const { objects } = api
  const admin = connect({ server: api.url, token: () => '' })
  const door = await startDoor(objects)
  const line = await startLine({ port: 0, httpWebhooks: true, gateway: door.url, channels: [channel] })
  let time = Date.parse('2026-11-21T08:00:00Z')
  const now = () => new Date(time)

  await optIn(admin)
  const seen = watch(source, objects)
  const rings: Rung[] = []
  const losing = new Set<(change: Change) => boolean>()
  const births = new Map<string, { adds: number; deletes: number }>()
  const wrongs: string[] = []
  objects.onChange(({ verb, object }) => {
    // Notices tell of what happened on the way, which is not where it leads.
    if (object.metadata.namespace !== namespace || isNotice(object)) return
    wrongs.push(...unmounted(objects))
    const key = `${object.kind}/${object.metadata.name}`
    const born = births.get(key) ?? { adds: 0, deletes: 0 }
    births.set(key, { adds: born.adds + Number(verb === 'add'), deletes: born.deletes + Number(verb === 'delete') })
    const change = changeOf(object)
    if (seen.seen(verb, object) && ![...losing].some((lost) => lost(change))) rings.push({ change, found: false })
  })

  const clusterOf = (by: Account, around: Around): Cluster => {
    const token = accounts ? api.tokenFor(by) : ''
    return guarded(connect({ server: api.url, token: () => token }), by, around)
  }
  const controllers = (around: Around = straight): Controllers => ({
    'event-controller': eventController({
      cluster: clusterOf('event-controller', around),
      linear: linearRegex,
      now,
      log: quiet,
    }),
    'bot-controller': botController({
      cluster: clusterOf('bot-controller', around),
      defaults: { image: 'linebot', lineApi },
      line: (credentials) =>
        guardedLine(
          makeLine({ baseUrl: line.url, credentials: () => credentials, timeoutMs: 10_000, log: quiet, waitsMs: [] }),
          around,
        ),
      knock: (url, by) => knock(url.replace(doorUrl, door.url), by),
      now,
      log: quiet,
    }),
  })

  const hears = (name: Name, { change, found }: Rung): boolean => {
    const { apiVersion: apiversion, ...rest } = change
    const type = found ? 'dev.linebot.sweep.found' : 'dev.knative.apiserver.ref.update'
    const filters = triggers.find(({ metadata }) => metadata.name === name)?.spec.filters ?? []
    return filters.every((one) => passes(one, { ...rest, apiversion, type }))
  }
  const serve = () => serveOne(admin, objects, now)
  const later = () => void (time += 121_000)

  /** Everything that has been rung so far, as one run of each key. */
  const answer = async (name: Name, controller: Controller, rung: readonly Rung[]): Promise<Rung[]> => {
    const keys = new Map<string, { fresh: boolean; rung: Rung }>()
    const heard = new Map(rung.filter((each) => hears(name, each)).map((each) => [JSON.stringify(each), each]))
    for (const one of heard.values()) {
      const fresh = one.found && controller.sweeps(one.change)
      for (const key of await controller.keysOf(one.change))
        keys.set(key, { fresh: fresh || keys.get(key)?.fresh === true, rung: one })
    }
    const again: Rung[] = []
    for (const [key, { fresh, rung: one }] of keys) {
      const { ended } = await controller.reconcile(key, calm, fresh)
      if (ended === 'again') again.push(one)
    }
    return again
  }

  return {
    cluster: admin,
    objects,
    rings,
    lose(lost) {
      losing.add(lost)
      return () => losing.delete(lost)
    },
    controllers,
    frontDoor: (around) => clusterOf('front-door', around),
    hears,
    serve,
    later,
    async apply(...written) {
      for (const { kind, object } of written) await admin.apply(kind, object, 'person')
    },
    async remove({ kind, object }) {
      await admin.remove(refTo(kind, object), objects.get(refTo(kind, object))?.metadata.uid ?? '')
    },
    async settle(running) {
      let tries = 0
      for (let round = 0; round < 60; round++) {
        if (rings.length === 0 && !(await serve())) return
        const rung = rings.splice(0)
        for (const name of names) {
          const again = await answer(name, running[name], rung)
          if (again.length > 0 && tries++ < 10) {
            later()
            rings.push(...again)
          }
        }
      }
      throw new Error('it does not settle')
    },
    async sweep(running, why = 'restart') {
      const found: string[] = []
      for (const name of names) {
        await running[name].unsettled(why, async ({ apiVersion, kind, namespace: where = '', name: called }) => {
          found.push(`${name}: ${kind}/${called}`)
          rings.push({ change: { apiVersion, kind, namespace: where, name: called }, found: true })
        })
      }
      return found.toSorted()
    },
    state: (counted = true) => ({
      ...stateOf(objects, counted),
      LINE: line.platform.channels.byId(channel.id)?.endpoint,
    }),
    births: (counted = true) =>
      Object.fromEntries(
        [...births]
          .filter(([key]) => counted || !key.startsWith(Revision.kind))
          .map(([key, { adds, deletes }]) => [key, `${adds} created, ${deletes} deleted`] as const)
          .toSorted(([a], [b]) => (a < b ? -1 : 1)),
      ),
    async close() {
      await line.close()
      await door.close()
      await api.close()
      if (wrongs.length > 0) throw new Error(`for a while: ${wrongs[0]}`)
    },
  }
}

/** A server keeps them as core's. */
const isNotice = ({ apiVersion, kind }: Obj): boolean => apiVersion === 'v1' && kind === Notice.kind

/** Rules that a bot mounts and that are not there: it would not start again, while all that is about it says Ready. */
function unmounted(objects: Objects): string[] {
  const bots = new Set(objects.list(Bot, namespace).map(({ metadata }) => metadata.uid))
  const there = new Set(objects.list(ConfigMap, namespace).map(({ metadata }) => metadata.name))
  return objects
    .list(KnativeService, namespace)
    .filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => bots.has(uid)))
    .flatMap((service) =>
      readTemplate(serviceShape.parse(service).spec.template)
        .spec.volumes.flatMap(({ projected }) => projected?.sources ?? [])
        .flatMap(({ configMap }) => configMap?.name ?? [])
        .filter((name) => !there.has(name))
        .map((name) => `${service.metadata.name} mounts ${name}, which is not there`),
    )
}

export const changeOf = ({ apiVersion, kind, metadata: { namespace: where = '', name } }: Obj): Change => ({
  apiVersion,
  kind,
  namespace: where,
  name,
})

async function optIn(admin: Cluster): Promise<void> {
  const labels = { 'linebot.dev/bots': 'true' }
  await put(admin, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } })
  for (const one of tenantBindings(namespace)) await put(admin, one)
  const metadata = { name: 'front-door', namespace: systemNamespace }
  const frontDoor = { apiVersion: KnativeService.apiVersion, kind: KnativeService.kind, metadata }
  const container = { name: 'function', image: 'linebot', command: ['node'] }
  const spec = { template: { spec: { containers: [container] } } }
  await admin.apply(KnativeService, { ...frontDoor, spec } as Obj, 'person')
  const status = { url: doorUrl, address: { url: doorUrl } }
  await admin.apply(KnativeService, { ...frontDoor, status } as Obj, 'serving', 'status')
}

/** The front door, as far as LINE's test of a webhook and the controller's knock see it. */
async function startDoor(objects: Objects): Promise<{ url: string; close(): Promise<void> }> {
  const server = http.createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const [, , where = '', name = ''] = (request.url ?? '').split('/')
    const found = objects.get({ ...Bot, namespace: where, name }) as
      | { spec: { channel: { secretName: string } } }
      | undefined
    const credentials = objects.get({ ...Secret, namespace: where, name: found?.spec.channel.secretName ?? '' })
    const { data = {} } = (credentials ?? {}) as { data?: Record<string, string> }
    const secrets = ['channelSecret', 'channelSecretPrevious'].map((key) =>
      Buffer.from(data[key] ?? '', 'base64').toString(),
    )
    const signed = signedBy(Buffer.concat(parts), String(request.headers['x-line-signature']), secrets)
    response.writeHead(signed ? 200 : 401).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** One Service that is behind its spec gets its Revision; the ones before it go, as Knative's collector sees to. */
async function serveOne(admin: Cluster, objects: Objects, now: () => Date): Promise<boolean> {
  for (const object of objects.list(KnativeService, namespace)) {
    const service = serviceShape.parse(object)
    const { name, generation } = service.metadata
    if (service.status['observedGeneration'] === generation) continue
    const revision = `${name}-${String(generation).padStart(5, '0')}`
    for (const old of objects.list(Revision, namespace)) {
      const isOf = old.metadata.ownerReferences?.some(({ uid }) => uid === object.metadata.uid)
      if (isOf) await admin.remove(refTo(Revision, old), old.metadata.uid ?? '')
    }
    await writeRevision(admin, service, revision, readTemplate(service.spec.template))
    const told = { url: `http://${name}.${namespace}.test`, latestCreated: revision, latestReady: revision }
    await writeStatus(admin, service, { ...told, verdict: { ready: 'True' } }, now())
    return true
  }
  return false
}

function guarded(direct: Cluster, by: Account, around: Around): Cluster {
  const call = (
    verb: Call['verb'],
    kind: Kind,
    at: { namespace?: string | undefined; name?: string; sub?: string | undefined },
  ): Call => ({
    by,
    verb,
    writes: verb === 'apply' || verb === 'remove',
    what: `${verb} ${kind.kind}${at.sub ? `/${at.sub}` : ''} ${at.name ?? ''}`.trim(),
    kind,
    subresource: at.sub,
    namespace: kind.clusterScoped ? undefined : at.namespace,
    name: at.name,
  })
  return {
    get: (ref) => around(call('get', ref, ref), () => direct.get(ref)),
    list: (kind, where) => around(call('list', kind, { namespace: where?.namespace }), () => direct.list(kind, where)),
    apply: (kind, object, manager, sub) =>
      around(call('apply', kind, { ...object.metadata, sub }), () => direct.apply(kind, object, manager, sub)),
    // Asked as an apply is, and no write.
    tryApply: (kind, object, manager) =>
      around({ ...call('apply', kind, object.metadata), writes: false }, () => direct.tryApply(kind, object, manager)),
    remove: (ref, uid) => around(call('remove', ref, ref), () => direct.remove(ref, uid)),
  }
}

/** Setting the webhook is a write like any other; the rest of LINE only answers. */
function guardedLine(line: Line, around: Around): Line {
  const call = (what: string, writes = false): Call => ({ by: 'bot-controller', verb: 'line', what, writes })
  return {
    ...line,
    botInfo: () => around(call('botInfo'), () => line.botInfo()),
    getWebhookEndpoint: () => around(call('getWebhookEndpoint'), () => line.getWebhookEndpoint()),
    setWebhookEndpoint: (url) => around(call('setWebhookEndpoint', true), () => line.setWebhookEndpoint(url)),
    testWebhookEndpoint: (url) => around(call('testWebhookEndpoint'), () => line.testWebhookEndpoint(url)),
  }
}

const kinds = [Bot, Event, EventBinding, Secret, ConfigMap, KnativeService, Revision]
/** Of this cluster and this moment alone. */
const particular = [
  'resourceVersion',
  'creationTimestamp',
  'managedFields',
  'lastTransitionTime',
  'time',
  'linebot.dev/applied',
]
const counters = [
  'generation',
  'observedGeneration',
  'serviceGeneration',
  'latestReadyRevision',
  'latestReadyRevisionName',
  'latestCreatedRevisionName',
]

function stateOf(objects: Objects, counted: boolean): Record<string, unknown> {
  const masked = new Set(counted ? particular : [...particular, ...counters])
  const all = kinds.flatMap((kind) => objects.list(kind, namespace))
  /** A Revision's name counts too. */
  const nameOf = ({ kind, metadata: { name } }: Obj) =>
    kind === Revision.kind && !counted ? name.replace(/\d+$/, 'N') : name
  const whose = new Map(all.map((one) => [one.metadata.uid, `the uid of ${one.kind}/${nameOf(one)}`]))
  const plain = (object: Obj): unknown =>
    JSON.parse(
      JSON.stringify({ ...object, metadata: { ...object.metadata, name: nameOf(object) } }, (key, value: unknown) => {
        if (masked.has(key)) return undefined
        return key === 'uid' ? (whose.get(String(value)) ?? 'the uid of one that is gone') : value
      }),
    )
  return Object.fromEntries(all.map((one) => [`${one.kind}/${nameOf(one)}`, plain(one)]))
}
