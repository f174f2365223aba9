import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, send } from './send.ts'
import { until } from './until.ts'
import { patience, startWorld, type Thing, type World } from './world.ts'

/** What the Services of this contract run: it tells who it is and what it was given. */
const program = `
const http = require('node:http'), fs = require('node:fs'), path = require('node:path')
const id = Math.random().toString(36).slice(2)
const { PORT, VERSION, SLOW_START, LINEBOT_RULES = '/etc/linebot/rules', LINEBOT_CHANNEL = '/etc/linebot/channel' } = process.env
if (VERSION === 'broken') process.exit(3)
const read = (directory) => Object.fromEntries(fs.existsSync(directory)
  ? fs.readdirSync(directory).filter((name) => name[0] !== '.').map((name) => [name, fs.readFileSync(path.join(directory, name), 'utf8')])
  : [])
const server = http.createServer(async (request, response) => {
  const body = Buffer.concat(await request.toArray()).toString('base64')
  const { method, url, headers } = request
  await new Promise((resolve) => setTimeout(resolve, Number(headers['x-wait'] || 0)))
  const env = process.env
  if (headers['x-die']) process.exit(1)
  response.setHeader('x-answered', 'yes')
  response.statusCode = Number(headers['x-status'] || 200)
  response.end(JSON.stringify({ id, version: VERSION, method, url, headers, body, env, rules: read(LINEBOT_RULES), channel: read(LINEBOT_CHANNEL) }))
})
setTimeout(() => server.listen(Number(PORT)), Number(SLOW_START || 0))
process.on('SIGTERM', () => server.close(() => process.exit(0)))
`

interface Wanted {
  readonly version?: string
  readonly minScale?: string
  readonly more?: Readonly<Record<string, unknown>>
  readonly pod?: Readonly<Record<string, unknown>>
  readonly labels?: Record<string, string>
  readonly slowStart?: string
}

const serviceFor = (
  name: string,
  { version = 'v1', minScale = '0', more, pod, labels, slowStart = '0' }: Wanted = {},
) => ({
  apiVersion: 'serving.knative.dev/v1',
  kind: 'Service',
  metadata: { name, namespace: world.namespace, ...(labels && { labels }) },
  spec: {
    template: {
      metadata: {
        labels: { 'example.com/mark': name },
        annotations: {
          'autoscaling.knative.dev/window': '6s',
          'autoscaling.knative.dev/min-scale': minScale,
          'serving.knative.dev/progress-deadline': '30s',
          'example.com/version': version,
        },
      },
      spec: {
        enableServiceLinks: false,
        containerConcurrency: 0,
        timeoutSeconds: 20,
        ...pod,
        containers: [
          {
            name: 'function',
            image: 'linebot',
            command: ['/nodejs/bin/node', '-e', program],
            env: [
              { name: 'VERSION', value: version },
              { name: 'SLOW_START', value: slowStart },
            ],
            ...more,
          },
        ],
      },
    },
  },
})

const mounted = {
  more: {
    envFrom: [{ configMapRef: { name: 'shared' } }],
    volumeMounts: [
      { name: 'linebot-rules', mountPath: '/etc/linebot/rules', readOnly: true },
      { name: 'linebot-channel', mountPath: '/etc/linebot/channel', readOnly: true },
    ],
  },
  pod: {
    volumes: [
      {
        name: 'linebot-rules',
        projected: {
          sources: ['one', 'two'].map((name) => ({
            configMap: { name, items: [{ key: 'rules.json', path: `${name}.json` }] },
          })),
        },
      },
      { name: 'linebot-channel', secret: { secretName: 'channel' } },
    ],
  },
}

let world: World

const v1 = (kind: string, name: string, data: Record<string, string>): Thing => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, namespace: world.namespace },
  data,
})

const serviceOf = async (name: string): Promise<Thing> => (await world.get('Service', name)) ?? serviceFor(name)

const condition = ({ status }: Thing, type: string) =>
  status?.conditions?.find((one: { type: string }) => one.type === type)

/** The Service once its Ready is `status` as of its spec of now. */
const judged = (name: string, status: 'True' | 'False') =>
  until(`Service ${name} is Ready: ${status}`, patience / 2000, async () => {
    const service = await serviceOf(name)
    const current = service.status?.observedGeneration === service.metadata.generation
    return current && condition(service, 'Ready')?.status === status && service
  })

async function call(name: string, { path = '/', headers = {}, body = '', method = 'POST' } = {}): Promise<Answer> {
  const { url, host } = world.reach(await serviceOf(name))
  return send(url + path, { method, headers: { ...headers, host }, body })
}
const told = ({ body }: Answer) => JSON.parse(body)

const asleep = (name: string) =>
  until(`${name} is at zero`, patience / 2000, async () => (await world.running(name)) === 0)

beforeAll(async () => {
  world = await startWorld('serving')
  await world.apply(v1('ConfigMap', 'shared', { SHARED: 'by all', VERSION: 'not this' }))
  await world.apply(v1('ConfigMap', 'one', { 'rules.json': '[1]', other: 'not mounted' }))
  await world.apply(v1('ConfigMap', 'two', { 'rules.json': '[2]' }))
  await world.apply(v1('Secret', 'channel', { channelSecret: 'Z2VoZWlt', channelId: 'MQ==' }))
  await world.wire(
    {
      apiVersion: 'eventing.knative.dev/v1',
      kind: 'Broker',
      metadata: {
        name: 'incoming',
        namespace: world.namespace,
        annotations: { 'eventing.knative.dev/broker.class': 'MTChannelBasedBroker' },
      },
      spec: {
        config: {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          name: 'config-br-default-channel',
          namespace: 'knative-eventing',
        },
      },
    },
    {
      apiVersion: 'sources.knative.dev/v1',
      kind: 'SinkBinding',
      metadata: { name: 'fed', namespace: world.namespace },
      spec: {
        subject: { apiVersion: 'serving.knative.dev/v1', kind: 'Service', name: 'fed' },
        sink: { ref: { apiVersion: 'eventing.knative.dev/v1', kind: 'Broker', name: 'incoming' } },
      },
    },
  )
  for (const service of [
    serviceFor('sleeper'),
    serviceFor('awake', { minScale: '1' }),
    serviceFor('fed', mounted),
    serviceFor('rolls'),
  ])
    await world.apply(service)
}, patience)

afterAll(async () => world?.close(), patience)

describe('a Service', { timeout: patience }, () => {
  it('says where it is, and which Revision it is of', async () => {
    const service = await judged('sleeper', 'True')
    expect(service.status).toMatchObject({
      observedGeneration: service.metadata.generation,
      url: expect.stringMatching(/^http:\/\//),
      address: { url: expect.stringMatching(/^http:\/\//) },
      latestCreatedRevisionName: 'sleeper-00001',
      latestReadyRevisionName: 'sleeper-00001',
    })
    const types = service.status.conditions.map((one: { type: string }) => one.type)
    expect(types.toSorted()).toEqual(['ConfigurationsReady', 'Ready', 'RoutesReady'])
    expect(condition(service, 'Ready')).toEqual({
      type: 'Ready',
      status: 'True',
      lastTransitionTime: expect.stringMatching(/Z$/),
    })
  })

  it('has a Revision with the labels, the annotations and the containers of its template', async () => {
    await judged('sleeper', 'True')
    const revision = await world.get('Revision', 'sleeper-00001')
    expect(revision?.metadata).toMatchObject({
      labels: { 'example.com/mark': 'sleeper', 'serving.knative.dev/service': 'sleeper' },
      annotations: { 'example.com/version': 'v1' },
    })
    expect(revision).toMatchObject({
      spec: { containers: [{ name: 'function', env: [{ name: 'VERSION', value: 'v1' }, { name: 'SLOW_START' }] }] },
    })
  })

  it('passes a request on as it is, and its answer back', async () => {
    await judged('sleeper', 'True')
    const body = '{"火龍": 1 }\n'
    const headers = { 'content-type': 'application/json; x=1', 'x-line-signature': 'a+b/=', 'x-status': '418' }
    const answer = await call('sleeper', { path: '/webhook/a/b?c=d', headers, body })
    expect(answer).toMatchObject({ status: 418, headers: { 'x-answered': 'yes' } })
    expect(told(answer)).toMatchObject({
      method: 'POST',
      url: '/webhook/a/b?c=d',
      headers: { 'content-type': 'application/json; x=1', 'x-line-signature': 'a+b/=', 'content-length': '15' },
    })
    expect(Buffer.from(told(answer).body, 'base64').toString()).toBe(body)
  })

  it('gives its process what its template says', async () => {
    await judged('fed', 'True')
    const { env, rules, channel } = told(await call('fed'))
    expect(env).toMatchObject({ VERSION: 'v1', SHARED: 'by all', K_SERVICE: 'fed', K_REVISION: 'fed-00001' })
    expect(env.K_SINK).toMatch(new RegExp(`^http://[^/]+/${world.namespace}/incoming$`))
    expect(rules).toEqual({ 'one.json': '[1]', 'two.json': '[2]' })
    expect(channel).toEqual({ channelSecret: 'geheim', channelId: '1' })
  })

  it('goes to zero when nobody calls, and wakes for those who do: all wait, none is turned away', async () => {
    await judged('sleeper', 'True')
    const before = told(await call('sleeper')).id
    await asleep('sleeper')
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, nth) => call('sleeper', { body: `body ${nth}`, headers: { 'x-wait': '100' } })),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect(answers.map((answer) => Buffer.from(told(answer).body, 'base64').toString())).toEqual(
      answers.map((_, nth) => `body ${nth}`),
    )
    expect(answers.map((answer) => told(answer).id)).not.toContain(before)
    expect(condition(await serviceOf('sleeper'), 'Ready').status).toBe('True')
  })

  it('makes a new Revision of a new template; until that is ready, and for what it has begun, the old one goes on', async () => {
    await judged('rolls', 'True')
    await call('rolls')
    const seen: { status: number; version: string }[] = []
    const rolled = new AbortController()
    const asking = (async () => {
      while (!rolled.signal.aborted) {
        const answer = await call('rolls')
        seen.push({ status: answer.status, version: answer.status === 200 ? told(answer).version : answer.body })
        await sleep(20)
      }
    })()
    const begun = call('rolls', { headers: { 'x-wait': String(5000 * world.pace) } })
    await world.apply(serviceFor('rolls', { version: 'v2', slowStart: String(1000 * world.pace) }))
    const service = await judged('rolls', 'True')
    await until('v2 answers', patience / 2000, () => seen.some(({ version }) => version === 'v2'))
    rolled.abort()
    await asking
    expect(seen.filter(({ status }) => status !== 200)).toEqual([])
    expect(seen[0]?.version).toBe('v1')
    expect(told(await begun).version).toBe('v1')
    expect(service.status).toMatchObject({
      latestCreatedRevisionName: 'rolls-00002',
      latestReadyRevisionName: 'rolls-00002',
    })
    const revisions = (await world.list('Revision')).map(({ metadata }) => metadata.name)
    expect(revisions).toEqual(expect.arrayContaining(['rolls-00001', 'rolls-00002']))
  })

  it('says so when its new Revision cannot start, and goes on with the old one', async () => {
    await judged('rolls', 'True')
    await world.apply(serviceFor('rolls', { version: 'broken' }))
    const service = await judged('rolls', 'False')
    expect(service.status).toMatchObject({
      latestCreatedRevisionName: 'rolls-00003',
      latestReadyRevisionName: 'rolls-00002',
    })
    expect(condition(service, 'Ready').reason).toBe('RevisionFailed')
    expect(condition(service, 'Ready').message).toContain('rolls-00003')
    expect(told(await call('rolls')).version).toBe('v2')
    await world.apply(serviceFor('rolls', { version: 'v4' }))
    await judged('rolls', 'True')
    await until('v4 answers', patience / 2000, async () => told(await call('rolls')).version === 'v4')
  })

  it('makes no Revision when only its own labels change', async () => {
    const before = await judged('sleeper', 'True')
    await sleep(1100 * world.pace)
    await world.apply(serviceFor('sleeper', { labels: { mark: 'new' } }))
    const service = await judged('sleeper', 'True')
    expect(service.status.latestCreatedRevisionName).toBe('sleeper-00001')
    expect(condition(service, 'Ready')).toEqual(condition(before, 'Ready'))
  })

  it('is not Ready where it never could start', async () => {
    await world.apply(serviceFor('never', { version: 'broken' }))
    const service = await judged('never', 'False')
    // Configuration and Route both judge; whose word stands is chance.
    expect(['RevisionMissing', 'RevisionFailed']).toContain(condition(service, 'Ready').reason)
    expect(service.status.latestReadyRevisionName).toBeUndefined()
  })

  it('keeps those that it is told to keep', async () => {
    await judged('awake', 'True')
    const { id } = told(await call('awake'))
    await asleep('fed')
    expect([await world.running('awake'), told(await call('awake')).id]).toEqual([1, id])
  })

  it('answers 502 where its process dies, and another takes its place', async () => {
    await judged('awake', 'True')
    const { id } = told(await call('awake'))
    const answer = await call('awake', { headers: { 'x-die': 'now' } })
    expect(answer.status).toBe(502)
    await until('another answers', patience / 2000, async () => {
      const next = await call('awake')
      return next.status === 200 && told(next).id !== id
    })
    expect(condition(await serviceOf('awake'), 'Ready').status).toBe('True')
  })

  it('answers 504 where its process takes too long', async () => {
    await world.apply(serviceFor('late', { pod: { timeoutSeconds: 1 } }))
    await judged('late', 'True')
    const answer = await call('late', { headers: { 'x-wait': String(4000 * world.pace) } })
    expect(answer.status).toBe(504)
  })

  it('cannot wake without what it mounts, and stays Ready all the same', async () => {
    await asleep('fed')
    await world.remove('ConfigMap', 'two')
    const answer = await call('fed')
    expect(answer.status).toBeGreaterThanOrEqual(500)
    expect(condition(await serviceOf('fed'), 'Ready').status).toBe('True')
  })

  it('is gone with its Revisions when it is deleted', async () => {
    const { url, host } = world.reach(await serviceOf('awake'))
    await world.remove('Service', 'awake')
    await until('its Revision is gone', patience / 2000, async () => !(await world.get('Revision', 'awake-00001')))
    await asleep('awake')
    const answer = await send(url, { headers: { host } }).catch(() => ({ status: 0 }))
    expect([0, 404]).toContain(answer.status)
  })
})
