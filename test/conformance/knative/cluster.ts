import { connect, type Send } from '../../cluster/api.ts'
import { startReceiver } from './receiver.ts'
import { until } from './until.ts'
import type { Thing, World } from './world.ts'

/**
 * A real cluster, from the environment:
 *
 *   KUBECONFIG       a cluster with Knative Serving and Eventing, and the right to do anything in it
 *   LINEBOT_IMAGE    an image with `/nodejs/bin/node` that the cluster can run
 *   LINEBOT_GATEWAY  host:port where this machine reaches the cluster's ingress; Services are told apart by Host
 *   LINEBOT_HOST     this machine's address as pods reach it
 */
const { LINEBOT_GATEWAY = '', LINEBOT_HOST = '', LINEBOT_IMAGE = '' } = process.env

const plurals: Readonly<Record<string, string>> = {
  Namespace: '/api/v1 namespaces',
  ConfigMap: '/api/v1 configmaps',
  Secret: '/api/v1 secrets',
  ServiceAccount: '/api/v1 serviceaccounts',
  Pod: '/api/v1 pods',
  Deployment: '/apis/apps/v1 deployments',
  RoleBinding: '/apis/rbac.authorization.k8s.io/v1 rolebindings',
  Broker: '/apis/eventing.knative.dev/v1 brokers',
  Trigger: '/apis/eventing.knative.dev/v1 triggers',
  ApiServerSource: '/apis/sources.knative.dev/v1 apiserversources',
  PingSource: '/apis/sources.knative.dev/v1 pingsources',
  SinkBinding: '/apis/sources.knative.dev/v1 sinkbindings',
  Service: '/apis/serving.knative.dev/v1 services',
  Revision: '/apis/serving.knative.dev/v1 revisions',
}

const pathOf = (kind: string, namespace: string, name = '') => {
  const [root, plural] = (plurals[kind] ?? '').split(' ')
  const inside = kind === 'Namespace' ? '' : `/namespaces/${namespace}`
  return `${root}${inside}/${plural}${name && `/${name}`}`
}

export async function startWorld(name: string): Promise<World> {
  const send = await connect()
  const namespace = `conf-${name}-${Date.now().toString(36)}`
  const labels = { conf: namespace }
  const api = apiIn(send, namespace)
  await api.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } })
  await api.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'source', namespace } })
  await api.apply(mayRead(namespace, namespace))
  const others = new Set<string>()
  return {
    real: true,
    namespace,
    pace: 1,
    receiver: () => startReceiver('0.0.0.0', LINEBOT_HOST),
    ...api,
    async apply(thing) {
      const applied = await api.apply(withImage(thing))
      if (thing.kind === 'Namespace') {
        others.add(thing.metadata.name)
        await api.apply(mayRead(thing.metadata.name, namespace))
      }
      return applied
    },
    async wire(...things) {
      for (const thing of things) await api.apply(thing)
      // A SinkBinding is ready when what it binds is there.
      const waited = things.filter(({ kind }) => kind !== 'SinkBinding')
      for (const { kind, metadata } of waited) await works(api.get, kind, metadata.name)
    },
    async broker(broker) {
      const ingress = '/api/v1/namespaces/knative-eventing/services/broker-ingress'
      const { body } = await send('GET', ingress)
      // The API server's answer for a Service.
      const { clusterIP } = (body as Thing).spec
      return `http://${clusterIP}/${namespace}/${broker}`
    },
    ping: async () => {},
    reach: ({ status }) => ({ url: `http://${LINEBOT_GATEWAY}`, host: new URL(status.url).host }),
    running: async (service) =>
      (await api.list('Pod')).filter(
        ({ metadata }) =>
          metadata.labels?.['serving.knative.dev/service'] === service && !('deletionTimestamp' in metadata),
      ).length,
    close: async () => {
      for (const one of [namespace, ...others]) await api.remove('Namespace', one)
    },
  }
}

function apiIn(send: Send, namespace: string): Pick<World, 'apply' | 'get' | 'list' | 'remove'> {
  const ask = async (method: string, path: string, body?: unknown, type = 'application/json') => {
    const answer = await send(method, path, body, { 'content-type': type })
    if (answer.status === 404) return undefined
    if (answer.status < 300) return answer.body
    throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
  }
  // What the API server gives for a kind is that kind.
  return {
    async apply(thing) {
      const where = thing.metadata.namespace ?? namespace
      const path = `${pathOf(thing.kind, where, thing.metadata.name)}?fieldManager=conformance&force=true`
      return (await ask('PATCH', path, thing, 'application/apply-patch+yaml')) as Thing
    },
    get: async (kind, name) => (await ask('GET', pathOf(kind, namespace, name))) as Thing | undefined,
    list: async (kind) => ((await ask('GET', pathOf(kind, namespace))) as { items: Thing[] }).items,
    remove: async (kind, name) => void (await ask('DELETE', pathOf(kind, namespace, name))),
  }
}

const works = (get: World['get'], kind: string, name: string) =>
  until(`${kind} ${name} is ready`, 120, async () => {
    const { status, metadata } = (await get(kind, name)) ?? {}
    const ready = status?.conditions?.some((one: Condition) => one.type === 'Ready' && one.status === 'True')
    return ready && (status.observedGeneration ?? metadata?.generation) === metadata?.generation
  })

interface Condition {
  readonly type: string
  readonly status: string
}

/** A source needs the right to list and watch wherever it looks. */
const mayRead = (where: string, home: string) => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  metadata: { name: 'source', namespace: where },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'admin' },
  subjects: [{ kind: 'ServiceAccount', namespace: home, name: 'source' }],
})

/** The contract's Services name no image. */
function withImage(thing: Thing): Thing {
  const containers = thing.spec?.template?.spec?.containers
  if (thing.kind !== 'Service' || !Array.isArray(containers)) return thing
  const copy = structuredClone(thing)
  for (const container of copy.spec.template.spec.containers) container.image = LINEBOT_IMAGE
  return copy
}
