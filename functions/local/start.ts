import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundle } from '../build/bundle.ts'
import { shippedFiles } from '../build/manifest.ts'
import { tenantBindings } from '../core/access.ts'
import { readyOf } from '../core/condition.ts'
import { Bot, KnativeService } from '../core/kinds.ts'
import { label, systemNamespace } from '../core/names.ts'
import type { Obj } from '../core/object.ts'
import { type Cluster, connect } from '../edge/cluster.ts'
import { startApiServer } from './apiserver/start.ts'
import type { Objects } from './apiserver/store.ts'
import { makeResolve } from './broker/destination.ts'
import { startBrokers } from './broker/start.ts'
import { introduce } from './channels.ts'
import { kubeconfigFor } from './kubeconfig.ts'
import type { Platform } from './line/app.ts'
import { startLine } from './line/start.ts'
import { listen } from './listen.ts'
import { documentsIn, put, seed } from './manifests.ts'
import { startMetrics } from './metrics.ts'
import { makeNews } from './news.ts'
import type { LocalHappenings } from './page/happenings.ts'
import { makePage } from './page/page.ts'
import { type Serving, startServing } from './serving/start.ts'
import { type Ping, startPing } from './source/ping.ts'
import { makeSource, type Source } from './source/start.ts'

export interface LocalOptions {
  /** The chat page's; the API server, LINE's platform, the front door and its metrics get the next four. 0 = any free ones. */
  readonly port: number
  /** Seconds without a request until a bot or a function goes to sleep. */
  readonly idleSeconds: number
  /** For what it writes: bundles, the kubeconfig, the files of running processes. */
  readonly home: string
  /** YAML files to apply in the namespace `default`. */
  readonly samples: readonly string[]
}

export interface Local {
  readonly page: string
  readonly apiServer: string
  readonly line: string
  readonly frontDoor: string
  /** For a scraper. */
  readonly metrics: string
  /** Path of a file. */
  readonly kubeconfig: string
  /** For stories: what is played, to look into and to break. */
  readonly objects: Objects
  readonly cluster: Cluster
  readonly platform: Platform
  readonly serving: Serving
  readonly source: Source
  readonly sweep: Ping
  readonly happenings: LocalHappenings
  /** Ends everything that it has started. */
  close(): Promise<void>
}

/**
 * The whole of linebot on this machine. The functions are those of the image; only their four neighbours are played:
 * the API server, Knative, LINE's platform and LINE's users. Rejects when a port is taken.
 */
export async function startLocal({ port, idleSeconds, home, samples }: LocalOptions): Promise<Local> {
  const ends: (() => unknown)[] = []
  const close = async () => {
    for (const end of ends.splice(0).toReversed()) await end()
  }
  const onPort = (offset: number) => (port === 0 ? 0 : port + offset)
  const wiring = shippedFiles()
    .filter((path) => path.startsWith('knative/'))
    .flatMap(documentsIn)
  const ofKind = (kind: string) => wiring.filter((one) => one.kind === kind)
  try {
    mkdirSync(home, { recursive: true })
    const functions = join(home, 'functions')
    await bundle(functions)

    const api = await startApiServer({ port: onPort(1) })
    ends.push(api.close)
    const { objects } = api
    const cluster = connect({ server: api.url, token: () => '' })
    let seeded = false
    const starting = () => !seeded || objects.list(Bot).some(isUnderWay)
    const line = await startLine({ port: onPort(2), channels: [], httpWebhooks: true, starting })
    ends.push(line.close, introduce(objects, line.platform.channels))
    const kubeconfig = join(home, 'kubeconfig')
    writeFileSync(kubeconfig, kubeconfigFor(api.url))
    writeFileSync(join(home, 'line'), `${line.url}\n`)

    let ingress = ''
    const resolve = makeResolve(objects, () => ingress)
    const brokers = await startBrokers({ manifests: wiring, resolve })
    ends.push(brokers.close)
    ingress = brokers.url

    const news = makeNews()
    const page = makePage({ platform: line.platform, objects, happenings: news })
    const served = await listen(page.app, onPort(0))
    ends.push(served.close, page.close)

    let found: Serving | undefined
    const metrics = await startMetrics(() => found, onPort(4))
    ends.push(metrics.close)
    const frontDoor = `${systemNamespace}/front-door`
    const serving = await startServing({
      objects,
      cluster,
      resolve,
      bindings: ofKind('SinkBinding'),
      directory: home,
      functions,
      apiServer: api.url,
      tokenFor: api.tokenFor,
      ports: { [frontDoor]: onPort(3) },
      idle: idleSeconds * 1000,
      line: news.wrote,
      happened: news.happened,
    })
    found = serving
    ends.push(serving.close)
    const here = { LINEBOT_LINE_API: line.url, LINEBOT_METRICS: `${metrics.url}/push` }
    for (const object of ofKind('ConfigMap')) await put(cluster, withData(object, here))
    for (const object of ofKind('Service')) await put(cluster, object)
    const door = await ready(objects, 'front-door')

    const [manifest] = ofKind('ApiServerSource')
    const source = makeSource({ manifest, objects, cluster, server: api.url, resolve })
    ends.push(source.stop)
    await source.start()
    const [hourly] = ofKind('PingSource')
    const sweep = startPing({ manifest: hourly, resolve })
    ends.push(sweep.stop)

    await optIn(cluster, 'default')
    for (const object of samples.flatMap(documentsIn)) await seed(cluster, object, 'default')
    seeded = true
    return {
      page: served.url,
      apiServer: api.url,
      line: line.url,
      frontDoor: door,
      metrics: `${metrics.url}/metrics`,
      kubeconfig,
      objects,
      cluster,
      platform: line.platform,
      serving,
      source,
      sweep,
      happenings: news,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** The installation's ConfigMap, with what is here in the place of what is in a cluster. */
function withData(configMap: Obj & { data?: Readonly<Record<string, string>> }, here: Record<string, string>): Obj {
  return { ...configMap, data: { ...configMap.data, ...here } } as Obj
}

/** As `linebot enable` does. */
async function optIn(cluster: Cluster, namespace: string): Promise<void> {
  for (const binding of tenantBindings(namespace)) await put(cluster, binding)
  await put(cluster, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace, labels: { [label.bots]: 'true' } },
  })
}

interface WithStatus extends Obj {
  readonly status?: {
    readonly url?: string
    readonly conditions?: readonly { type: string; status: string; message?: string }[]
  }
}

/** Whether nobody has said yet what becomes of the Bot, or waiting helps. */
function isUnderWay({ status }: WithStatus): boolean {
  const { conditions = [] } = status ?? {}
  return conditions.length === 0 || conditions.some(({ type, status: is }) => type === 'Reconciling' && is === 'True')
}

/** The URL of one of our functions, once it answers. Rejects with Serving's word where it cannot. */
function ready(objects: Objects, name: string): Promise<string> {
  const ref = { ...KnativeService, namespace: systemNamespace, name }
  return new Promise((resolve, reject) => {
    const look = () => {
      const { status } = (objects.get(ref) ?? {}) as Partial<WithStatus>
      const told = readyOf(status?.conditions)
      if (told?.status === 'Unknown' || !told) return
      end()
      if (told.status === 'True' && status?.url) resolve(status.url)
      else reject(new Error(`${name}: ${told.message}`))
    }
    const end = objects.onChange(look)
    look()
  })
}
