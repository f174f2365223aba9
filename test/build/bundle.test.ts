import { statSync } from 'node:fs'
import http from 'node:http'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { beforeAll, describe, expect, it } from 'vitest'
import { bundle, deployed } from '../../functions/build/bundle.ts'
import { sign } from '../../functions/edge/signature.ts'
import { directoryOf } from '../bot/files.ts'
import { fakeLine } from '../edge/line/fake-line.ts'
import { dataOf } from '../objects.ts'
import { run, runToEnd } from './run.ts'

const secret = 'channel-secret'
const body = JSON.stringify({
  destination: 'U0',
  events: [{ type: 'message', webhookEventId: '1', replyToken: 'r1', message: { type: 'text', text: '火龍' } }],
})
const signature = sign(Buffer.from(body), secret)

/** Too slow, too big, or not for a process that starts from zero. */
const forbidden = /node_modules\/(undici|zod|hono|@hono|cloudevents|yaml|@kubernetes|@line)\//

const modulesAtExit = `process.on('exit', () => {
  require('node:fs').writeFileSync(process.env.MODULES, JSON.stringify(process.moduleLoadList))
})`

const listensAtFirstLoad = `
const Module = require('node:module')
const load = Module._load
Module._load = function (id, ...rest) {
  if (id.startsWith('node:')) {
    Module._load = load
    console.log(JSON.stringify({ listeners: process.listenerCount('SIGTERM') }))
  }
  return load.call(this, id, ...rest)
}`

let outputs: Awaited<ReturnType<typeof bundle>>['outputs']
let outdir: string

beforeAll(async () => {
  const directory = directoryOf({ 'preload.cjs': modulesAtExit, 'listens.cjs': listensAtFirstLoad })
  outdir = directory.path
  outputs = (await bundle(outdir)).outputs
  return () => directory[Symbol.dispose]()
})

const inputsOf = (name: string) => {
  const [, output] = Object.entries(outputs).find(([path]) => path.endsWith(`/${name}.cjs`)) ?? []
  return Object.keys(output?.inputs ?? {})
}

/** POSTs the webhook; resolves with the status. Not by fetch, so that a fake server may run in this process. */
function post(url: string, header: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method: 'POST', agent: false, headers: { [header]: signature } })
    request.on('response', (response) => resolve(response.resume().statusCode)).on('error', reject)
    request.end(body)
  })
}

const modulesIn = async (file: string): Promise<string[]> => {
  const { createReadStream } = await import('node:fs')
  const read = await json(createReadStream(file))
  return Array.isArray(read) ? read.map(String) : []
}

it.each(deployed)('%s hears that it is to go before it loads anything', async (name) => {
  const preload = join(outdir, 'listens.cjs')
  const { logged } = await runToEnd(join(outdir, `${name}.cjs`), { NODE_OPTIONS: `--require ${preload}` })
  expect(logged[0]).toEqual({ listeners: 1 })
})

it('every folder with a main.ts becomes a file, but none that is not deployed', () => {
  expect(deployed).toEqual(expect.arrayContaining(['bot', 'front-door', 'event-controller']))
  expect(deployed.filter((name) => ['local', 'cli', 'build', 'core', 'edge'].includes(name))).toEqual([])
  for (const name of deployed) expect(statSync(join(outdir, `${name}.cjs`)).size).toBeGreaterThan(1000)
})

describe.each(['bot', 'front-door'])('the bundle of the %s', (name) => {
  it('has at most 100 KiB', () => {
    expect(statSync(join(outdir, `${name}.cjs`)).size).toBeLessThanOrEqual(100 * 1024)
  })

  it('holds its own code and nothing that a cold start should not load', () => {
    const inputs = inputsOf(name)
    expect(inputs.filter((input) => input.startsWith('functions/')).length).toBeGreaterThan(15)
    expect(inputs.filter((input) => forbidden.test(input))).toEqual([])
  })
})

it('a bot that answered one webhook over http has not loaded undici, TLS, or what only regexes need', async () => {
  using line = await fakeLine({ status: 200 })
  using channel = directoryOf({ channelSecret: secret, channelAccessToken: 'token' })
  using rules = directoryOf({ 'a.json': JSON.stringify({ binding: 'b', priority: 0, rules: [anyMessage] }) })
  const bot = await run(
    join(outdir, 'bot.cjs'),
    {
      LINEBOT_NAMESPACE: 'hunters',
      LINEBOT_NAME: 'monster',
      LINEBOT_LINE_API: line.url,
      LINEBOT_CHANNEL: channel.path,
      LINEBOT_RULES: rules.path,
      MODULES: join(outdir, 'bot.json'),
    },
    ['--require', join(outdir, 'preload.cjs')],
  )
  expect(await post(bot.url, 'ce-linesignature')).toBe(204)
  expect(line.asked.map(({ path }) => path)).toEqual(['/v2/bot/message/reply'])
  expect(await bot.stop()).toBe(0)
  const modules = await modulesIn(join(outdir, 'bot.json'))
  expectNoUndici(modules)
  expect(modules.filter((module) => ['NativeModule v8', 'NativeModule https'].includes(module))).toEqual([])
})

it('a front door that handed over one webhook has not loaded undici', async () => {
  using broker = await fakeLine({ status: 202 })
  using cluster = await fakeLine({ status: 200, body: village })
  const door = await run(
    join(outdir, 'front-door.cjs'),
    { K_SINK: broker.url, LINEBOT_API_SERVER: cluster.url, MODULES: join(outdir, 'front-door.json') },
    ['--require', join(outdir, 'preload.cjs')],
  )
  expect(await post(`${door.url}/webhook/hunters/monster`, 'x-line-signature')).toBe(200)
  expect(broker.asked.map((asked) => asked.body)).toEqual([body])
  expect(await door.stop()).toBe(0)
  expectNoUndici(await modulesIn(join(outdir, 'front-door.json')))
})

function expectNoUndici(modules: readonly string[]): void {
  expect(modules).toContain('NativeModule http')
  expect(modules.filter((module) => module.includes('undici'))).toEqual([])
}

const anyMessage = {
  event: 'rathalos',
  index: 0,
  type: 'message',
  match: 'Exact',
  keywords: ['火龍'],
  priority: 0,
  replies: [[{ type: 'text', text: '頭' }]],
}

/** Whatever is asked for: it is a Bot and a Secret at once. */
const village = {
  metadata: { name: 'monster', namespace: 'hunters' },
  spec: { channel: { secretName: 'monster' }, delivery: 'FrontDoor', suspend: false },
  data: dataOf({ channelSecret: secret }),
}
