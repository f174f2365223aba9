import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import http from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest'
import { bundle } from '../../functions/build/bundle.ts'
import { ask, botWith, listen, open, secret, secretWith, signed, until } from './door.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'front-door-'))
  await bundle(folder, ['front-door'])
  // What the process loaded is asked when it ends, because a module may be loaded late.
  const preload = `process.on('exit', () => require('node:fs').writeFileSync(process.env.LOADED, process.moduleLoadList.join('\\n')))`
  await writeFile(join(folder, 'preload.cjs'), preload)
})
afterAll(() => rm(folder, { recursive: true }))

it('as its image runs it, it acknowledges, hands over what it holds when it is told to go, and never loads undici', async () => {
  let away = false
  const broker = await listen(() => (away ? 503 : 202))
  const loaded = join(folder, 'loaded')
  const { child, lines } = start({
    PORT: '0',
    LINEBOT_METRICS_PORT: '0',
    K_SINK: broker.url.href,
    LINEBOT_API_SERVER: await apiServer(),
    LOADED: loaded,
  })
  const { port, metricsPort } = JSON.parse(String((await lines.next()).value))
  expect(await ask({ port }, signed())).toMatchObject({ status: 200 })
  expect(await ask({ port }, { method: 'GET', path: '/metrics' })).toMatchObject({ status: 404 })
  const scrape = () => ask({ port: metricsPort }, { method: 'GET', path: '/metrics' })
  // A series that is new is told as 0 once, and that for two seconds.
  const counted = async () =>
    expect((await scrape()).body).toContain('linebot_front_door_webhooks_total{code="200",outcome="Taken"} 1')
  await vi.waitFor(counted, { interval: 100, timeout: 5_000 })

  away = true
  const answered = ask({ port }, signed())
  await until(() => expect(broker.got.length).toBeGreaterThan(2))
  child.kill('SIGTERM')
  expect(await answered).toMatchObject({ status: 200 })
  await expect(ask({ port }, signed())).rejects.toThrow('ECONNREFUSED')
  away = false
  const exited = once(child, 'exit')
  expect(await exited).toEqual([0, null])
  expect(new Set(broker.got.map(({ headers }) => headers['ce-id'])).size).toBe(2)

  const modules = await readFile(loaded, 'utf8')
  expect(modules).toContain('NativeModule http')
  expect(modules).not.toContain('undici')
})

it('killed without a word, it leaves what it acknowledged to the other one, which sends it at once', async () => {
  const broker = await listen(async () => await new Promise<never>(() => {}))
  const second = await listen(() => 202)
  const LINEBOT_API_SERVER = await apiServer()
  const keepPort = await freePort()
  const common = { PORT: '0', LINEBOT_METRICS_PORT: '0', LINEBOT_API_SERVER }
  const other = start({
    ...common,
    K_SINK: second.url.href,
    LINEBOT_KEEP_PORT: String(keepPort),
    LINEBOT_PEERS: 'http://127.0.0.3:9',
  })
  await other.lines.next()
  // Another loopback address than ours, as another pod has another than ours.
  const holder = start({
    ...common,
    K_SINK: broker.url.href,
    LINEBOT_KEEP_PORT: '0',
    LINEBOT_PEERS: `http://127.0.0.2:${keepPort}`,
  })
  const { port } = JSON.parse(String((await holder.lines.next()).value))
  expect(await ask({ port }, signed())).toMatchObject({ status: 200 })
  expect(second.got).toEqual([])
  holder.child.kill('SIGKILL')
  await until(() => expect(second.got).toHaveLength(1))
  await until(() => expect(broker.got).toHaveLength(1))
  expect(second.got[0]?.headers['ce-id']).toBe(broker.got[0]?.headers['ce-id'])
})

it('with wrong settings it names them all and ends', async () => {
  const { child } = start({ PORT: 'x', LINEBOT_LOG_LEVEL: 'loud' }, 'pipe')
  const said: string[] = []
  child.stderr?.on('data', (part) => said.push(String(part)))
  expect(await once(child, 'close')).toEqual([1, null])
  expect(said.join('')).toMatch(/PORT.*LINEBOT_LOG_LEVEL/)
})

function start(env: Record<string, string>, stderr: 'inherit' | 'pipe' = 'inherit') {
  const args = ['--require', join(folder, 'preload.cjs'), join(folder, 'front-door.cjs')]
  const child: ChildProcess = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', stderr],
    env: { LOADED: join(folder, 'other'), ...env },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  if (!child.stdout) throw new Error('no stdout')
  return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() }
}

/** A port that nobody listens at, for a moment at least. */
async function freePort(): Promise<number> {
  const server = http.createServer()
  const port = await open(server)
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function apiServer(): Promise<string> {
  const objects = new Map<string | undefined, object>([
    ['/apis/linebot.dev/v1alpha1/namespaces/village/bots/monster', botWith(undefined)],
    ['/api/v1/namespaces/village/secrets/monster-channel', secretWith({ channelSecret: secret })],
  ])
  const server = http.createServer(({ url }, response) => {
    const found = objects.get(url)
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(found ?? {}))
  })
  return `http://127.0.0.1:${await open(server)}`
}
