import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { applyLinebot, isReady, linebotReady } from './install.ts'
import { back, kill, type Part, parts, podsOfPart } from './kill.ts'
import { create, get, list, remove } from './kube.ts'
import { answerTo, type Channel, type Sent } from './line.ts'
import { botReady, drowsy, makeBot, namespaceFor, podsOf, showWhenFailed } from './story.ts'
import { type Account, accountOf, streamTo } from './stream.ts'
import { percentile } from './table.ts'
import { until } from './until.ts'

/** Webhooks go on at a steady rate, to bots that are awake and to bots that sleep, while one part after another dies. */

const perSecond = 8
const coldPerSecond = 1
let namespace: string
let warm: Channel[] = []
let cold: Channel[] = []
const coldNames = Array.from({ length: 12 }, (_, i) => `sleeper-${i}`)

beforeAll(async () => {
  namespace = await namespaceFor('kills')
  await frontDoors(2)
  warm = await Promise.all(
    ['one', 'two'].map((name) => makeBot(namespace, name, { scale: { min: 1, idleSeconds: 6 } })),
  )
  cold = await Promise.all(coldNames.map((name) => makeBot(namespace, name)))
  for (const name of ['one', 'two', ...coldNames]) await botReady(namespace, name, 180)
  for (const channel of warm) await answerTo(channel, 'hi')
})
afterAll(() => frontDoors(1))

async function frontDoors(count: number): Promise<void> {
  await applyLinebot({ 'front-doors': String(count) })
  await linebotReady()
  await until(`${count} front doors, and no more`, 180, async () => {
    const all = await podsOf('linebot-system', 'front-door')
    return all.length === count
  })
  await back(parts.frontDoor)
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

async function underKills(part: Part | undefined, kills: number): Promise<Row> {
  for (const name of coldNames) await drowsy(namespace, name, 120)
  const streams = [streamTo(warm, perSecond), streamTo(cold, coldPerSecond)]
  await sleep(2000)
  for (let i = 0; i < kills; i += 1) {
    // The sleepers are spread over the run, so that each kill meets one on its way up.
    if (!part) break
    await kill(part)
    await back(part)
    await sleep(1500)
  }
  await sleep(2000)
  const sent = (await Promise.all(streams.map((stream) => stream.stop()))).flat()
  return account(part?.what ?? 'nothing', sent, await accountOf(sent))
}

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

const { dispatcher, ingress, filter, activator, frontDoor } = parts

describe('two front doors', () => {
  it.each([[undefined], [dispatcher], [ingress], [filter], [activator]])(
    'answer every acknowledged webhook once while this dies: $what',
    async (part) => {
      showWhenFailed(namespace)
      expect(await underKills(part, 1)).toMatchObject({ lost: 0, doubled: 0 })
    },
  )

  it('lose nothing that they acknowledged when one of them dies', async () => {
    showWhenFailed(namespace)
    expect(await podsOfPart(frontDoor)).toHaveLength(2)
    expect(await underKills(frontDoor, 2)).toMatchObject({ lost: 0, doubled: 0 })
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
