import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { ConfigMap, KnativeService, Secret } from '../../../functions/core/kinds.ts'
import type { Obj } from '../../../functions/core/object.ts'
import { makeClock } from '../../../functions/local/broker/clock.ts'
import { beginRun } from '../../../functions/local/serving/run.ts'
import type { Happening, ServingOptions } from '../../../functions/local/serving/start.ts'
import { send } from '../../conformance/knative/send.ts'
import { until } from '../../conformance/knative/until.ts'
import { type Begun, begin, echo, serviceOf } from './begin.ts'

let begun: Begun | undefined
afterEach(async () => {
  await begun?.end()
  begun = undefined
})

const start = async (options?: Partial<ServingOptions>) => (begun = await begin(options))

interface Status {
  readonly url: string
  readonly latestReadyRevisionName?: string
  readonly conditions: readonly { readonly type: string; readonly status: string; readonly message?: string }[]
}
const statusOf = (name: string, namespace = 'demo') => {
  const found = begun?.api.objects.get({ ...KnativeService, namespace, name })
  // What Serving has written, or nothing yet.
  return (found as (Obj & { status?: Status }) | undefined)?.status
}
const readyOf = (name: string, namespace?: string) =>
  statusOf(name, namespace)?.conditions.find(({ type }) => type === 'Ready')
const judged = (name: string, status: string, namespace?: string) =>
  until(
    `${name} is Ready: ${status}`,
    25,
    () => readyOf(name, namespace)?.status === status && readyOf(name, namespace),
  )
const apply = (service: Obj) => begun?.cluster.apply(KnativeService, service, 'test')
const ask = async (name: string, namespace?: string) =>
  JSON.parse((await send(statusOf(name, namespace)?.url ?? '')).body)
const alive = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('what a process is given', () => {
  it('is a token only in our own namespace, and only where it may have one', async () => {
    const { api } = await start()
    const account = { spec: { serviceAccountName: 'front-door' } }
    const without = { spec: { ...account.spec, automountServiceAccountToken: false } }
    await apply(serviceOf('ours', { namespace: 'linebot-system', ...account }))
    await apply(serviceOf('bare', { namespace: 'linebot-system', ...without }))
    await apply(serviceOf('theirs', account))
    await Promise.all([judged('ours', 'True', 'linebot-system'), judged('bare', 'True', 'linebot-system')])
    await judged('theirs', 'True')
    const { env } = await ask('ours', 'linebot-system')
    expect(env).toMatchObject({ LINEBOT_API_TOKEN: 'token of front-door', LINEBOT_API_SERVER: api.url })
    expect((await ask('bare', 'linebot-system')).env).not.toHaveProperty('LINEBOT_API_TOKEN')
    const others = (await ask('theirs')).env
    expect(others).not.toHaveProperty('LINEBOT_API_TOKEN')
    expect(others).not.toHaveProperty('LINEBOT_API_SERVER')
  })

  it('is nothing of our own environment', async () => {
    process.env.LINEBOT_TEST_SECRET = 'ours'
    await start()
    await apply(serviceOf('hello'))
    await judged('hello', 'True')
    expect((await ask('hello')).env).not.toHaveProperty('LINEBOT_TEST_SECRET')
  })

  it('is an address of this machine alone', async () => {
    await start()
    await apply(serviceOf('hello'))
    await judged('hello', 'True')
    expect((await ask('hello')).address).toBe('127.0.0.1')
  })

  it('is its file and its variables from ConfigMaps and Secrets, as a Service of a person’s own has them', async () => {
    const { cluster } = await start()
    const metadata = (name: string) => ({ name, namespace: 'demo' })
    const file = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: metadata('app'),
      data: { 'app.cjs': echo, tone: 'dry' },
    }
    await cluster.apply(ConfigMap, file as Obj, 'test')
    const data = { key: Buffer.from('geheim').toString('base64') }
    await cluster.apply(Secret, { apiVersion: 'v1', kind: 'Secret', metadata: metadata('api'), data } as Obj, 'test')
    const env = [
      { name: 'KEY', valueFrom: { secretKeyRef: { name: 'api', key: 'key' } } },
      { name: 'TONE', valueFrom: { configMapKeyRef: { name: 'app', key: 'tone' } } },
    ]
    const volumeMounts = [{ name: 'app', mountPath: '/app' }]
    const container = { image: 'docker.io/library/node', command: ['node', '/app/app.cjs'], env, volumeMounts }
    const spec = { volumes: [{ name: 'app', configMap: { name: 'app' } }] }
    await apply(serviceOf('adapter', { container, spec }))
    await judged('adapter', 'True')
    expect((await ask('adapter')).env).toMatchObject({ KEY: 'geheim', TONE: 'dry' })
  })

  it.each([
    ['a Service', 'hello', 200, /"K_SERVICE":"hello"/],
    ['what is not there', 'gone', 501, /^no Knative Service gone in namespace demo$/],
    ['an image', 'image', 501, /no images are run here, but command: \[node, FILE\]/],
  ])('leads to %s by its name in the cluster', async (_what, name, status, says) => {
    await start()
    const program = `const http = require('node:http')
const server = http.createServer((request, response) => {
  http.get('http://${name}.demo.svc.cluster.local/', (answer) => {
    let body = ''
    answer.on('data', (part) => (body += part))
    answer.on('end', () => response.end(JSON.stringify([answer.statusCode, body || answer.statusMessage])))
  })
}).listen(process.env.PORT)
process.on('SIGTERM', () => process.exit(0))`
    await apply(serviceOf('hello'))
    await apply(serviceOf('image', { container: { image: 'example.com/x', command: undefined } }))
    await apply(serviceOf('asking', { program }))
    await Promise.all([judged('hello', 'True'), judged('image', 'False'), judged('asking', 'True')])
    expect(await ask('asking')).toEqual([status, expect.stringMatching(says)])
  })

  it('is mounted for it alone, and gone when it is', async () => {
    const { cluster, directory, serving } = await start({ idle: 100 })
    const data = { channelSecret: Buffer.from('geheim').toString('base64') }
    const metadata = { name: 'channel', namespace: 'demo' }
    await cluster.apply(Secret, { apiVersion: 'v1', kind: 'Secret', metadata, data } as Obj, 'test')
    await apply(
      serviceOf('hello', {
        container: { volumeMounts: [{ name: 'channel', mountPath: '/etc/linebot/channel' }] },
        spec: { volumes: [{ name: 'channel', secret: { secretName: 'channel' } }] },
      }),
    )
    await judged('hello', 'True')
    const files = () => readdirSync(directory, { recursive: true }).map(String)
    expect(files().filter((name) => name.endsWith('channelSecret'))).toHaveLength(1)
    await until('it sleeps', 25, () => serving.running().length === 0)
    await until('its files are gone', 25, () => !files().some((name) => name.endsWith('channelSecret')))
  })
})

describe('a Service on a laptop', () => {
  it('is where it is told to be', async () => {
    const { port } = await freePort()
    await start({ ports: { 'demo/hello': port } })
    await apply(serviceOf('hello'))
    await judged('hello', 'True')
    expect(statusOf('hello')?.url).toBe(`http://127.0.0.1:${port}`)
    expect((await send(`http://127.0.0.1:${port}`)).status).toBe(200)
  })

  it('cannot be where somebody else is', async () => {
    const { createServer } = await import('node:net')
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    await expect(begin({ ports: { 'demo/hello': port } })).rejects.toMatchObject({ code: 'EADDRINUSE', port })
  })

  it('tells of its processes, with the ports of their metrics', async () => {
    const happened: Happening[] = []
    // Long enough for two requests in a row on a busy machine.
    const { serving } = await start({ idle: 1500, happened: (what) => happened.push(what) })
    await apply(serviceOf('hello'))
    await judged('hello', 'True')
    await until('it sleeps', 25, () => happened.some(({ what }) => what === 'asleep'))
    await ask('hello')
    expect(serving.running()).toMatchObject([{ namespace: 'demo', service: 'hello', revision: 'hello-00001' }])
    const { env } = await ask('hello')
    expect(serving.running()[0]?.metricsPort).toBe(Number(env.LINEBOT_METRICS_PORT))
    expect(happened.map(({ what }) => what)).toEqual(['waking', 'awake', 'asleep', 'waking', 'awake'])
    expect(happened[1]).toMatchObject({ service: 'hello', revision: 'hello-00001', ms: expect.any(Number) })
  })

  it('keeps the time of a condition that stays as it is', async () => {
    const { cluster } = await start()
    const { apiVersion, kind, metadata } = serviceOf('hello')
    await apply(serviceOf('hello'))
    await judged('hello', 'True')
    const long = '2020-01-01T00:00:00Z'
    const conditions = statusOf('hello')?.conditions.map((one) => ({ ...one, lastTransitionTime: long }))
    const status = { ...statusOf('hello'), conditions }
    await cluster.apply(KnativeService, { apiVersion, kind, metadata, status } as Obj, 'serving', 'status')
    await apply(serviceOf('hello', { program: 'process.exit(1)' }))
    await judged('hello', 'False')
    expect(statusOf('hello')?.conditions).toMatchObject([
      { type: 'ConfigurationsReady', lastTransitionTime: expect.not.stringMatching(long) },
      { type: 'Ready', lastTransitionTime: expect.not.stringMatching(long) },
      { type: 'RoutesReady', lastTransitionTime: long },
    ])
  })

  it('passes on what its processes write', async () => {
    const lines: string[] = []
    await start({ line: ({ service }, text) => lines.push(`${service}: ${text}`) })
    await apply(serviceOf('broken', { program: 'console.error("no rules here"); process.exit(1)' }))
    const { message } = await judged('broken', 'False')
    expect(lines).toContain('broken: no rules here')
    expect(message).toContain('it ended with 1: no rules here')
  })

  it.each([
    {
      what: 'another program',
      container: { command: ['/bin/sh'] },
      says: '/nodejs/bin/node or node only, not /bin/sh',
    },
    {
      what: 'a variable from elsewhere',
      container: { env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] },
      says: 'local mode cannot run it',
    },
    {
      what: 'a Secret that is not there',
      container: { env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'gone', key: 'b' } } }] },
      says: 'Secret gone is missing',
    },
    {
      what: 'a ConfigMap that is not there',
      container: { envFrom: [{ configMapRef: { name: 'gone' } }] },
      says: 'ConfigMap gone is missing',
    },
  ])('says why it is not ready: it asks for $what', async ({ container, says }) => {
    await start()
    await apply(serviceOf('hello', { container }))
    expect((await judged('hello', 'False')).message).toContain(says)
  })

  it('gives up a template that does not come up as soon as there is a newer one', async () => {
    await start()
    await apply(serviceOf('hello', { program: 'setInterval(() => {}, 1000)' }))
    await until('it is tried', 25, () => readyOf('hello')?.status === 'Unknown')
    await apply(serviceOf('hello'))
    await judged('hello', 'True')
    expect(statusOf('hello')?.latestReadyRevisionName).toBe('hello-00002')
  })

  it('wakes when what it mounts is there again, for those who still wait', async () => {
    const happened: Happening[] = []
    const { cluster, serving } = await start({
      clock: makeClock(50),
      idle: 1000,
      happened: (what) => happened.push(what),
    })
    const shared = (name: string) =>
      ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'demo' }, data: { A: '1' } }) as Obj
    const applied = await cluster.apply(ConfigMap, shared('shared'), 'test')
    await apply(serviceOf('hello', { container: { envFrom: [{ configMapRef: { name: 'shared' } }] } }))
    await judged('hello', 'True')
    await until('it sleeps', 25, () => serving.running().length === 0)
    await cluster.remove({ ...ConfigMap, namespace: 'demo', name: 'shared' }, applied.metadata.uid ?? '')
    const waiting = ask('hello')
    await until('it cannot start', 25, () => happened.some(({ what }) => what === 'failed'))
    await cluster.apply(ConfigMap, shared('shared'), 'test')
    expect((await waiting).env.A).toBe('1')
  })

  it('is not for pages of other origins', async () => {
    await start()
    await apply(serviceOf('hello'))
    await judged('hello', 'True')
    const answer = await send(statusOf('hello')?.url ?? '', { headers: { origin: 'https://elsewhere.example' } })
    expect(answer.status).toBe(403)
  })
})

describe('no process is left behind', () => {
  it('when Serving closes, even one that will not go', async () => {
    const { serving } = await start()
    const stubborn = `process.on('SIGTERM', () => {}); require('node:http').createServer().listen(process.env.PORT)`
    await apply(serviceOf('hello', { program: stubborn }))
    await judged('hello', 'True')
    const [{ pid } = { pid: 0 }] = serving.running()
    expect(alive(pid)).toBe(true)
    await begun?.end()
    begun = undefined
    expect(alive(pid)).toBe(false)
  })

  it('when its parent is killed hard: within two seconds', { timeout: 20_000 }, async () => {
    const directory = mkdtempSync(join(tmpdir(), 'linebot-serving-'))
    const file = fileURLToPath(import.meta.resolve('./parent.ts'))
    const parent = spawn(process.execPath, [file, directory], { stdio: ['ignore', 'pipe', 'inherit'] })
    onTestFinished(() => {
      parent.kill('SIGKILL')
      rmSync(directory, { recursive: true })
    })
    const [line] = await once(createInterface(parent.stdout), 'line')
    const [{ pid }] = JSON.parse(String(line))
    expect(alive(pid)).toBe(true)
    parent.kill('SIGKILL')
    await until('its child has ended', 25, () => !alive(pid))
  })

  it('when an earlier run has left one: the next ends it, and takes away its files', async () => {
    const home = mkdtempSync(join(tmpdir(), 'linebot-serving-'))
    const gone = spawn(process.execPath, ['-e', ''])
    await once(gone, 'close')
    const left = join(home, `run-${gone.pid}-abc`)
    mkdirSync(left)
    const [ours, other] = [left, 'elsewhere'].map((argument) =>
      spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', argument]),
    )
    writeFileSync(join(left, 'children'), `${ours?.pid}\n${other?.pid}\n`)
    onTestFinished(() => {
      other?.kill('SIGKILL')
      rmSync(home, { recursive: true })
    })
    const run = beginRun(home)
    await until('it has ended', 25, () => !alive(ours?.pid ?? 0))
    expect([existsSync(left), alive(other?.pid ?? 0)]).toEqual([false, true])
    run.end()
  })

  it('but not what a run that goes on has started', () => {
    const home = mkdtempSync(join(tmpdir(), 'linebot-serving-'))
    const [one, two] = [beginRun(home), beginRun(home)]
    expect([existsSync(one.directory), one.directory === two.directory]).toEqual([true, false])
    rmSync(home, { recursive: true })
  })
})

async function freePort(): Promise<{ port: number }> {
  const { createServer } = await import('node:net')
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return { port: typeof address === 'object' && address ? address.port : 0 }
}
