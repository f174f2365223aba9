import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Call, type Receiver, subject } from './receiver.ts'
import { until } from './until.ts'
import { patience, startWorld, type Thing, type World } from './world.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

let world: World
let sink: Receiver

const thing = (
  kind: string,
  name: string,
  data: string,
  labels: Record<string, string> = { watched: 'yes' },
): Thing => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, namespace: world.namespace, labels },
  data: { data },
})
const configMap = (name: string, data: string, labels?: Record<string, string>) =>
  world.apply(thing('ConfigMap', name, data, labels))

const sourceFor = ({ namespace }: World, uri: string): Thing => {
  const selector = { matchLabels: { watched: 'yes' } }
  return {
    apiVersion: 'sources.knative.dev/v1',
    kind: 'ApiServerSource',
    metadata: { name: 'changes', namespace },
    spec: {
      serviceAccountName: 'source',
      mode: 'Reference',
      namespaceSelector: { matchLabels: { conf: namespace } },
      resources: [
        { apiVersion: 'v1', kind: 'ConfigMap', selector },
        { apiVersion: 'v1', kind: 'Secret', selector },
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          selector: { matchLabels: { 'eventing.knative.dev/sourceName': 'changes' } },
        },
      ],
      sink: { uri },
    },
  }
}

const of = (name: string) => sink.calls.filter((call) => subject(call) === name)
const verbs = (name: string) => of(name).map(({ headers }) => String(headers['ce-type']).split('.').at(-1))
const rung = (name: string, times = 1) =>
  until(`${times} × ${name} arrived`, patience / 2000, () => of(name).length >= times && of(name))

/** Changes of one kind in one namespace come one after the other: when this one is here, all before it were. */
let fences = 0
async function fence(): Promise<void> {
  const name = `fence-${++fences}`
  await configMap(name, '1')
  await rung(name)
}

beforeAll(async () => {
  world = await startWorld('source')
  sink = await world.receiver()
  await configMap('before', '1')
  await world.wire(sourceFor(world, sink.url))
}, patience)

afterAll(async () => {
  await world?.close()
  await sink?.close()
}, patience)

describe('a source that forwards names', { timeout: patience }, () => {
  it('announces its own Deployment once it watches, and nothing that was there before', async () => {
    const ring = await until('the Deployment rings', patience / 2000, () =>
      sink.calls.find(({ headers }) => headers['ce-kind'] === 'Deployment'),
    )
    expect(ring.headers).toMatchObject({
      'ce-type': 'dev.knative.apiserver.ref.update',
      'ce-apiversion': 'apps/v1',
      'ce-namespace': world.namespace,
    })
    await fence()
    expect(of('before')).toEqual([])
  })

  it('tells of a new object by its name alone', async () => {
    await configMap('new', 'secret words')
    const [call] = await rung('new')
    const { namespace } = world
    expect(call).toMatchObject({
      method: 'POST',
      path: '/',
      headers: {
        'ce-specversion': '1.0',
        'ce-type': 'dev.knative.apiserver.ref.add',
        'ce-source': expect.stringMatching(/^https?:\/\/[^/]+$/),
        'ce-subject': `/apis/v1/namespaces/${namespace}/configmaps/new`,
        'ce-kind': 'ConfigMap',
        'ce-apiversion': 'v1',
        'ce-name': 'new',
        'ce-namespace': namespace,
        'ce-id': expect.stringMatching(uuid),
        'ce-time': expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
        'content-type': 'application/json',
        'kn-namespace': namespace,
      },
    })
    expect(extensions(call)).toEqual(['apiversion', 'kind', 'name', 'namespace'])
    expect(call?.body.toString()).toBe(`{"kind":"ConfigMap","namespace":"${namespace}","name":"new","apiVersion":"v1"}`)
  })

  it('tells every change, with an id of its own', async () => {
    await configMap('life', '1')
    await configMap('life', '2')
    await world.remove('ConfigMap', 'life')
    const calls = await rung('life', 3)
    expect(verbs('life')).toEqual(['add', 'update', 'delete'])
    expect(new Set(calls.map(({ headers }) => headers['ce-id'])).size).toBe(3)
  })

  it('takes an object that leaves its selector for deleted, and one that enters for added', async () => {
    await configMap('moves', '1', { watched: 'no' })
    await configMap('moves', '2', { watched: 'no' })
    await configMap('moves', '3')
    await configMap('moves', '4', { watched: 'no' })
    await configMap('moves', '5', { watched: 'no' })
    await world.remove('ConfigMap', 'moves')
    await fence()
    expect(verbs('moves')).toEqual(['add', 'delete'])
  })

  it('is silent about a write that changed nothing', async () => {
    await configMap('same', '1')
    await configMap('same', '1')
    await fence()
    expect(verbs('same')).toEqual(['add'])
  })

  it('waits for an answer before it tells of the next object of the kind, but not of another', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>()
    sink.answer(async (call) => {
      if (subject(call) === 'slow') await held
      return { status: 204 }
    })
    await configMap('slow', '1')
    await rung('slow')
    await configMap('behind', '1')
    await world.apply(thing('Secret', 'beside', 'MQ=='))
    await rung('beside')
    expect(of('behind')).toEqual([])
    release()
    await rung('behind')
  })

  it('takes any 2xx for taken, whatever is in it', async () => {
    sink.answer(() => ({ status: 200, body: 'thank you', headers: { 'content-type': 'text/plain' } }))
    await configMap('thanked', '1')
    await fence()
    expect(of('thanked')).toHaveLength(1)
  })

  const again = [404, 413, 425, 429, 502, 503, 504]
  const never = [400, 401, 403, 408, 409, 410, 422, 500, 501]
  it.each([...again.map((status) => ({ status, times: 2 })), ...never.map((status) => ({ status, times: 1 }))])(
    'answered $status once, it sends $times×',
    async ({ status, times }) => {
      sink.answer((_, nth) => ({ status: nth === 1 ? status : 204 }))
      await configMap(`answered-${status}`, '1')
      await fence()
      expect(of(`answered-${status}`)).toHaveLength(times)
    },
  )

  it('sends again when the connection breaks, with the same id', async () => {
    sink.answer((call, nth) => ({ status: 204, ...(subject(call) === 'cut' && nth === 1 && { hangUp: true }) }))
    await configMap('cut', '1')
    const [first, second] = await rung('cut', 2)
    expect(second?.headers['ce-id']).toBe(first?.headers['ce-id'])
  })

  it('tries six times, each wait twice the last, and then forgets', async () => {
    sink.answer((call) => ({ status: subject(call) === 'lost' ? 503 : 204 }))
    await configMap('lost', '1')
    await fence()
    const times = of('lost').map(({ at }) => at)
    expect(times).toHaveLength(6)
    waited(times, [100, 200, 400, 800, 1600])
  })

  it('watches a namespace from when it is labelled, and rings its own Deployment again', async () => {
    sink.answer(() => ({ status: 204 }))
    const own = () => sink.calls.filter(({ headers }) => headers['ce-kind'] === 'Deployment').length
    const before = own()
    const other = `${world.namespace}-b`
    const inside = (name: string, data: string) => ({
      ...thing('ConfigMap', name, data),
      metadata: { name, namespace: other, labels: { watched: 'yes' } },
    })
    await world.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: other, labels: {} } })
    await world.apply(inside('early', '1'))
    await world.apply({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: other, labels: { conf: world.namespace } },
    })
    await until('it rings its own Deployment again', patience / 2000, () => own() > before)
    let data = 1
    await until('it tells of the namespace', patience / 2000, async () => {
      await world.apply(inside('late', String(++data)))
      return of('late').length > 0
    })
    expect(of('late')[0]?.headers).toMatchObject({ 'ce-namespace': other, 'kn-namespace': world.namespace })
    expect(of('early')).toEqual([])
  })
})

const own = new Set(['specversion', 'type', 'source', 'subject', 'id', 'time'])
const extensions = (call?: Call) =>
  Object.keys(call?.headers ?? {})
    .filter((name) => name.startsWith('ce-'))
    .map((name) => name.slice(3))
    .filter((name) => !own.has(name))
    .toSorted()

/** The waits between arrivals, in milliseconds of a real second; nobody promises less than a moment more. */
function waited(times: readonly number[], wanted: readonly number[]): void {
  const gaps = times.slice(1).map((at, nth) => at - (times[nth] ?? 0))
  expect(gaps.map((gap, nth) => gap >= (wanted[nth] ?? 0) * world.pace * 0.95)).toEqual(wanted.map(() => true))
  expect(gaps.map((gap, nth) => gap <= (wanted[nth] ?? 0) * world.pace * 1.3 + 150)).toEqual(wanted.map(() => true))
}
