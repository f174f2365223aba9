import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { applyLinebot, isReady, linebotReady } from './install.ts'
import { back, isUp, kill, killApiServer, type Part, parts, persist, podsOfPart, renew } from './kill.ts'
import { create, get, list, patch, remove } from './kube.ts'
import { answerTo, type Channel, type Sent } from './line.ts'
import { botReady, drowsy, makeBot, namespaceFor, podsOf, showWhenFailed } from './story.ts'
import { type Account, accountOf, streamTo } from './stream.ts'
import { percentile } from './table.ts'
import { until } from './until.ts'
import { world } from './world.ts'

/** Webhooks go on at a steady rate, to bots that are awake and to bots that sleep, while one part after another dies. */

const perSecond = 8
// Each sleeper hears something every 48 s: by then it has no pod. More of them at once than the node can start is
// another story: a pod that nobody can place answers nothing.
const coldNames = Array.from({ length: 8 }, (_, i) => `sleeper-${i}`)
const coldPerSecond = 1 / 6
const warmNames = ['one', 'two']

let namespace: string
let warm: Channel[] = []
let cold: Channel[] = []

beforeAll(async () => {
  namespace = await namespaceFor('kills')
  await renew()
  await frontDoors(2)
  warm = await Promise.all(warmNames.map((name) => makeBot(namespace, name, { scale: { min: 1, idleSeconds: 6 } })))
  cold = await Promise.all(coldNames.map((name) => makeBot(namespace, name)))
  for (const name of [...warmNames, ...coldNames]) await botReady(namespace, name, 240)
  for (const channel of warm) await answerTo(channel, 'hi')
  for (const name of coldNames) await drowsy(namespace, name, 120)
})

async function frontDoors(count: number): Promise<void> {
  await applyLinebot({ 'front-doors': String(count) })
  await linebotReady()
  await until(`${count} front doors, and no more`, 180, async () => {
    const all = await podsOf('linebot-system', 'front-door')
    return all.length === count
  })
  await back(parts.frontDoor)
}

/** A controller sleeps until something changes; a Bot is a change for both. */
async function awake(part: Part): Promise<void> {
  const annotations = { touched: new Date().toISOString() }
  if (part.sleeps) await patch('Bot', namespace, String(warmNames[0]), { metadata: { annotations } })
  await until(`${part.what} is there`, 60, async () => (await podsOfPart(part)).some(isUp))
}

/** And serves again. */
async function dies(part: Part): Promise<void> {
  const killed = await kill(part)
  expect({ part, pod: killed?.metadata.name }).toEqual({ part, pod: expect.any(String) })
  await back(part, killed)
}

interface Row {
  readonly what: string
  readonly sent: number
  readonly unacknowledged: number
  readonly lost: number
  readonly doubled: number
  readonly tried: number
  readonly acks: readonly number[]
}

const rows: Row[] = []
afterAll(() =>
  console.log(
    [
      '| killed | webhooks | unacknowledged | acknowledged and lost | answered twice | replies tried twice | ack p50 | p99 |',
      `|${' --- |'.repeat(8)}`,
      ...rows.map(({ what, acks, ...row }) =>
        [
          `| ${what}`,
          row.sent,
          row.unacknowledged,
          row.lost,
          row.doubled,
          row.tried,
          ...[50, 99].map((p) => `${percentile(acks, p).toFixed(0)} ms`),
          '',
        ]
          .join(' | ')
          .trim(),
      ),
    ].join('\n'),
  ),
)

function account(what: string, sent: readonly Sent[], { failed, lost, doubled, tried }: Account): Row {
  const acks = sent.flatMap(({ status, ms }) => (status === 200 ? ms : []))
  const row = {
    what,
    sent: sent.length,
    unacknowledged: failed.length,
    lost: lost.length,
    doubled: doubled.length,
    tried,
    acks,
  }
  rows.push(row)
  return row
}

describe('two front doors', () => {
  it('answer every acknowledged webhook once while one part after another dies, themselves included', async () => {
    showWhenFailed(namespace)
    expect(await podsOfPart(parts.frontDoor)).toHaveLength(2)
    const streams = [streamTo(warm, perSecond), streamTo(cold, coldPerSecond)]
    const kills: { readonly what: string; readonly at: number }[] = [{ what: 'nothing', at: 0 }]
    const meanwhile = async (what: string, killing: () => Promise<void>) => {
      kills.push({ what, at: Date.now() })
      await killing()
      await sleep(6000)
    }
    await sleep(5000)
    const { dispatcher, ingress, filter, activator, adapter, eventController, botController, frontDoor } = parts
    const bot: Part = { what: 'a bot that is awake', namespace, labels: `serving.knative.dev/service=${warmNames[0]}` }
    for (const part of [dispatcher, ingress, filter, activator, adapter, eventController, botController, bot]) {
      await awake(part)
      await meanwhile(part.what, () => dies(part))
    }
    if (world.killApiServer !== undefined) {
      await meanwhile('the API server', async () => {
        await killApiServer()
        await persist('the API server is back', () => back(dispatcher))
      })
    }
    for (const part of [frontDoor, frontDoor]) await meanwhile(part.what, () => dies(part))
    const sent = (await Promise.all(streams.map((stream) => stream.stop()))).flat()
    const whole = await accountOf(sent)
    for (const [i, { what, at }] of kills.entries()) {
      const end = kills[i + 1]?.at ?? Number.POSITIVE_INFINITY
      // What was on its way when the part died is the part's.
      const its = sent.filter(({ sentAt, ms }) => sentAt + ms >= at && sentAt + ms < end)
      account(what, its, await accountOf(its, 0))
    }
    expect(whole).toMatchObject({ lost: [], doubled: [] })
  })
})

describe('a Trigger', () => {
  it('that is replaced by another one, and then by the first again, loses and doubles nothing', async () => {
    showWhenFailed(namespace)
    const streams = [streamTo(warm, perSecond), streamTo(cold, coldPerSecond)]
    await sleep(2000)
    const first = (await list('Trigger', 'linebot-system')).find(({ spec }) => spec.broker === 'incoming')
    if (!first) throw new Error('there is no Trigger of webhooks')
    await replaceTrigger(first.metadata.name, 'another', {
      ...first.spec,
      delivery: { ...first.spec.delivery, retry: 4 },
    })
    await replaceTrigger('another', first.metadata.name, first.spec)
    await sleep(2000)
    const sent = (await Promise.all(streams.map((stream) => stream.stop()))).flat()
    expect(account('a Trigger replaced, twice', sent, await accountOf(sent))).toMatchObject({ lost: 0, doubled: 0 })
  })
})

describe('one front door alone', () => {
  it('that dies loses nothing but what it held, and answers nothing twice', async () => {
    showWhenFailed(namespace)
    await frontDoors(1)
    const streams = [streamTo(warm, perSecond), streamTo(cold, coldPerSecond)]
    await sleep(10_000)
    const killed = await kill(parts.frontDoor)
    const killedAt = Date.now()
    await back(parts.frontDoor, killed)
    await sleep(6000)
    const sent = (await Promise.all(streams.map((stream) => stream.stop()))).flat()
    const whole = await accountOf(sent)
    expect(account('the only front door', sent, whole)).toMatchObject({ doubled: 0 })
    expect(whole.lost.filter(({ sentAt }) => sentAt > killedAt)).toEqual([])
  })
})

/** As docs/delivery.md says: the new one beside the old one, which goes once the new one is Ready. */
async function replaceTrigger(old: string, name: string, spec: unknown): Promise<void> {
  const trigger = { apiVersion: 'eventing.knative.dev/v1', kind: 'Trigger', metadata: { name }, spec }
  await create('Trigger', 'linebot-system', trigger)
  await until(`Trigger ${name} is Ready`, 60, async () => {
    const now = await get('Trigger', 'linebot-system', name)
    return now && isReady(now)
  })
  await remove('Trigger', 'linebot-system', old)
}
