import { expect, it } from 'vitest'
import { manifest } from '../../../functions/build/manifest.ts'
import { type Read, Refused } from '../../../functions/cli/doctor/api.ts'
import { cluster } from '../../../functions/cli/doctor/checks/cluster.ts'
import { parts } from '../../../functions/cli/doctor/checks/parts.ts'
import { permissions } from '../../../functions/cli/doctor/checks/permissions.ts'
import { mayRead, see, type Target } from '../../../functions/cli/doctor/see.ts'
import { documentsIn } from '../../../functions/cli/doctor/shipped.ts'
import type { Obj } from '../../../functions/core/object.ts'
import type { EventResource } from '../../../functions/core/resources/event.ts'
import { aBinding, aBot, anEvent, aSecret } from '../../objects.ts'
import { aPart, wellWith } from './facts.ts'

it('asks for a thousand Bots a few at a time, and tells of them in their order', async () => {
  const names = Array.from({ length: 1_000 }, (_, index) => `bot-${index}`)
  let [under, most] = [0, 0]
  const inTurn = async <T>(result: T): Promise<T> => {
    most = Math.max(most, ++under)
    await new Promise((resolve) => setImmediate(resolve))
    under--
    return result
  }
  const read = async (path: string) => {
    if (path === '/version') return { gitVersion: 'v1.35.4' }
    if (path.endsWith('/v1alpha1/bots')) return { kind: 'BotList', items: names.map((name) => aBot(name)) }
    return path.includes('/secrets/') ? inTurn(aSecret()) : undefined
  }
  const { bots } = await see({ read, reach: async () => ({}), askLine: () => inTurn({}) }, {})
  expect(bots.map(({ bot }) => bot.metadata.name)).toEqual(names)
  expect(bots.every(({ secret, channel }) => secret && channel)).toBe(true)
  expect(most).toBeLessThan(50)
})

it('asks no more once the API server gives no answer', async () => {
  let asked = 0
  const read = async (path: string) => {
    if (path === '/version') return { gitVersion: 'v1.35.4' }
    const items = Array.from({ length: 1_000 }, (_, index) => aBot(`bot-${index}`))
    if (path.endsWith('/v1alpha1/bots')) return { kind: 'BotList', items }
    if (!path.includes('/secrets/')) return undefined
    asked++
    throw new Error('no answer within 10 s')
  }
  await expect(see({ read, reach: async () => ({}), askLine: async () => ({}) }, {})).rejects.toThrow('within 10 s')
  expect(asked).toBeLessThan(50)
})

it('looks once at each whom rules of a Bot forward to, as what the reference says it is', async () => {
  const to = (apiVersion: string, kind: string, name: string): EventResource['spec']['rules'][number] => ({
    match: 'Exact',
    priority: 0,
    forward: { to: { ref: { apiVersion, kind, name } }, timeoutSeconds: 20 },
  })
  const rules = [
    to('serving.knative.dev/v1', 'Service', 'adapter'),
    to('serving.knative.dev/v1', 'Service', 'adapter'),
    to('v1', 'Service', 'plain'),
    to('linebot.dev/v1alpha1', 'Bot', 'other'),
    to('eventing.knative.dev/v1', 'Broker', 'default'),
  ]
  const lists: Readonly<Record<string, Obj[]>> = {
    bots: [aBot(), aBot('stranger')],
    eventbindings: [aBinding()],
    events: [anEvent('ask', { spec: { rules } })],
  }
  const part = aPart('Service', 'adapter')
  const read = async (path: string) => {
    if (path === '/version') return { gitVersion: 'v1.35.4' }
    if (path.endsWith('/serving.knative.dev/v1/namespaces/demo/services/adapter')) return part
    const items = path.startsWith(ours) ? lists[path.split('/').at(-1) ?? ''] : undefined
    return items && { kind: `${items[0]?.kind}List`, items }
  }
  const { bots } = await see({ read, reach: async () => ({}), askLine: async () => ({}) }, {})
  const knative = '/apis/serving.knative.dev/v1/namespaces/demo/services'
  expect(bots.map(({ targets }) => targets)).toEqual([
    [
      { rule: 'ask/0', kind: 'Service', name: 'adapter', path: `${knative}/adapter`, knative: true, live: part },
      { rule: 'ask/2', kind: 'Service', name: 'plain', path: '/api/v1/namespaces/demo/services/plain', knative: false },
      { rule: 'ask/3', kind: 'Bot', name: 'other', path: `${knative}/other`, knative: true },
    ],
    [],
  ])
})

/** An API server that answers the paths as told, and has nothing else. */
const refusing =
  (refusals: Readonly<Record<string, Refused>>): Read =>
  async (path) => {
    const refusal = refusals[path]
    if (refusal) throw refusal
    return path === '/version' ? { gitVersion: 'v1.35.4' } : undefined
  }

const told = async (read: Read, target: Target) =>
  cluster(await see({ read, reach: async () => ({}), askLine: async () => ({}) }, target)).slice(1)

const [crds, ours] = ['/apis/apiextensions.k8s.io/v1/customresourcedefinitions', '/apis/linebot.dev/v1alpha1']

it('looks at what encryption Knative is told to do, and is silent where the user may not', async () => {
  const data = { 'cluster-local-domain-tls': 'Enabled' }
  const read = async (path: string) => {
    if (path === '/version') return { gitVersion: 'v1.35.4' }
    if (path.endsWith('/knative-serving/configmaps/config-network')) return { kind: 'ConfigMap', data }
    if (path.endsWith('/knative-eventing/configmaps/config-features')) throw new Refused(403, 'forbidden')
    return undefined
  }
  const { knative, refused } = await see({ read, reach: async () => ({}), askLine: async () => ({}) }, {})
  expect(knative).toMatchObject({ localTls: 'Enabled', transport: undefined })
  expect(refused).toEqual([])
})

it('says who could look at what is forbidden; what fails otherwise is worth another try, and is said once', async () => {
  const passing = new Refused(429, 'storage is (re)initializing')
  const read = refusing({
    '/api/v1/namespaces/demo': new Refused(403, 'namespaces "demo" is forbidden'),
    [`${ours}/namespaces/demo/bots`]: passing,
    [`${ours}/namespaces/demo/eventbindings`]: passing,
  })
  expect(await told(read, { namespace: 'demo' })).toMatchObject([
    { message: 'not looked at: storage is (re)initializing', todo: 'run it again in a moment' },
    { message: 'not looked at: namespaces "demo" is forbidden', todo: 'ask who may, to run this' },
  ])
})

it.each<[string, string, Target]>([
  ['customresourcedefinitions', `${crds}/bots.linebot.dev`, {}],
  ['bots', `${ours}/bots`, {}],
  ['bots', `${ours}/namespaces/demo/bots`, { namespace: 'demo' }],
  ['namespaces', '/api/v1/namespaces/demo', { namespace: 'demo' }],
  ['namespaces', '/api/v1/namespaces?labelSelector=linebot.dev%2Fbots%3Dtrue', {}],
  ['configmaps', '/api/v1/namespaces/linebot-system/configmaps/linebot', {}],
  ['apis', '/apis', {}],
])('does not judge %s where the API server fails at %s, whatever its words', async (plural, path, target) => {
  const read = refusing({ [path]: new Refused(500, 'etcdserver: leader changed') })
  const facts = await see({ read, reach: async () => ({}), askLine: async () => ({}) }, target)
  expect(mayRead(facts, plural)).toBe(false)
  expect(facts.refused).toHaveLength(1)
})

const manifests = documentsIn(manifest('linebot:1')).filter(({ kind }) => kind !== 'CustomResourceDefinition')
const plurals = { NetworkPolicy: 'networkpolicies', ValidatingAdmissionPolicy: 'validatingadmissionpolicies' }

/** An API server that holds these, and says Ready of all. */
const serving =
  (objects: readonly Obj[]): Read =>
  async (path) => {
    if (path === '/version') return { gitVersion: 'v1.35.4' }
    const items = objects.filter(({ apiVersion, kind, metadata: { namespace } }) => {
      const plural = new Map(Object.entries(plurals)).get(kind) ?? `${kind.toLowerCase()}s`
      const where = namespace === undefined ? '' : `namespaces/${namespace}/`
      return path === `/api${apiVersion.includes('/') ? 's' : ''}/${apiVersion}/${where}${plural}`
    })
    const status = { conditions: [{ type: 'Ready', status: 'True' }] }
    return items.length > 0
      ? { kind: `${items[0]?.kind}List`, items: items.map((item) => ({ ...item, status })) }
      : undefined
  }

const badIn = async (objects: readonly Obj[]) => {
  const seen = await see({ read: serving(objects), reach: async () => ({}), askLine: async () => ({}) }, {})
  const facts = { ...seen, definitions: wellWith().definitions }
  return [parts, permissions].flatMap((check) => check(facts)).filter(({ status }) => status === 'Bad')
}

it('misses nothing in an installation of this release', async () => {
  expect(manifests.length).toBeGreaterThan(30)
  expect(await badIn(manifests)).toEqual([])
})

it('misses each object of this release when all are gone but the kinds', async () => {
  const found = await badIn([])
  const titles = manifests.map(({ kind, metadata }) => `${kind} ${metadata.name} is not there`)
  expect(found.map(({ message }) => message).toSorted()).toEqual(titles.toSorted())
})
