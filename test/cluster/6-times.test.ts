import { request } from 'node:http'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { isReady } from './install.ts'
import { create, get } from './kube.ts'
import { type Channel, replyTo, say } from './line.ts'
import { botReady, drowsy, makeBot, namespaceFor, showWhenFailed } from './story.ts'
import { type Row, table } from './table.ts'
import { until } from './until.ts'
import { world } from './world.ts'

/** Everything is measured one at a time: what else goes on is only others' going to sleep. */

const rows: Row[] = []
let namespace: string
beforeAll(async () => {
  namespace = await namespaceFor('times')
})
afterAll(() => console.log(table(rows)))

const numbered = (name: string, n: number) => Array.from({ length: n }, (_, i) => `${name}-${i}`)
const bots = numbered('timed', 10)
const bares = numbered('bare', 5)
const rounds = 2
const channels = new Map<string, Channel>()

it('takes so long from apply to Ready', async () => {
  showWhenFailed(namespace)
  const samples: number[] = []
  for (const name of bots) {
    const started = performance.now()
    channels.set(name, await makeBot(namespace, name))
    await botReady(namespace, name)
    samples.push(performance.now() - started)
  }
  rows.push({ what: 'apply → Ready', samples })
  expect(samples).toHaveLength(bots.length)
})

it('takes so long from zero, beside a bare Node server', async () => {
  showWhenFailed(namespace)
  await Promise.all(bares.map(makeBare))
  const [acks, replies, bare]: [number[], number[], number[]] = [[], [], []]
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, channel] of channels) {
      await drowsy(namespace, name)
      const sent = await say(channel, 'hi')
      expect(sent).toMatchObject({ status: 200 })
      acks.push(sent.ms)
      replies.push((await replyTo(sent)).ms)
    }
    for (const name of bares) {
      await drowsy(namespace, name)
      bare.push(await knock(name))
    }
  }
  rows.push({ what: 'from zero: webhook → ack', samples: acks })
  rows.push({ what: 'from zero: webhook → reply', samples: replies })
  rows.push({ what: 'from zero: a bare Node server → answer', samples: bare })
  expect(acks).toHaveLength(bots.length * rounds)
  expect(Math.max(...acks)).toBeLessThan(2000)
})

it('takes so long warm', async () => {
  showWhenFailed(namespace)
  const [[, channel] = []] = channels
  if (!channel) throw new Error('there is no bot to ask')
  await replyTo(await say(channel, 'hi'))
  const [acks, replies]: [number[], number[]] = [[], []]
  for (let i = 0; i < 200; i += 1) {
    const sent = await say(channel, 'hi')
    acks.push(sent.ms)
    replies.push((await replyTo(sent)).ms)
  }
  rows.push({ what: 'warm: webhook → ack', samples: acks })
  rows.push({ what: 'warm: webhook → reply', samples: replies })
  expect(Math.max(...acks)).toBeLessThan(2000)
})

/** The same image and the same Service settings as a bot, with a program of one line. */
async function makeBare(name: string): Promise<void> {
  // A process with the ID 1 that does not heed SIGTERM would keep its pod for the whole grace of five minutes.
  const program = `process.on('SIGTERM', () => process.exit())
    require('node:http').createServer((q, r) => r.end()).listen(process.env.PORT)`
  await create('Service', namespace, {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: { name },
    spec: {
      template: {
        metadata: { annotations: { 'autoscaling.knative.dev/window': '6s' } },
        spec: { containers: [{ image: world.image, command: ['/nodejs/bin/node', '-e', program] }] },
      },
    },
  })
  await until(`${name} is Ready`, 90, async () => {
    const service = await get('Service', namespace, name)
    return service && isReady(service)
  })
}

/** Milliseconds until the Service's answer. */
async function knock(name: string): Promise<number> {
  const { host } = new URL(String((await get('Service', namespace, name))?.status.url))
  const started = performance.now()
  const status = await new Promise((resolve, reject) => {
    request(`http://${world.gateway}/`, { headers: { host } }, (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end()
  })
  expect(status).toBe(200)
  return performance.now() - started
}
