import { describe, expect, it } from 'vitest'
import { secondsBounds } from '../../../functions/core/metrics/families.ts'
import { absorb, maxPushBytes, pushesOf } from '../../../functions/core/metrics/push.ts'
import { makeMetrics } from '../../../functions/core/metrics.ts'
import { scraped } from '../../metrics.ts'

/** A bot that counted a little. */
function bot(name = 'hello') {
  const metrics = makeMetrics({ namespace: 'demo', bot: name })
  metrics.counter('linebot_bot_incomings_total').add({ type: 'message', outcome: 'answered' })
  metrics.histogram('linebot_bot_reply_seconds').observe(0.3)
  metrics.gauge('linebot_bot_rules').set(5)
  return metrics
}

function door(most = 1000) {
  const { series } = makeMetrics()
  const dropped: string[] = []
  const push = (body: unknown, now = 0) =>
    absorb(body, { series, now, most, dropped: (reason) => void dropped.push(reason) })
  return { series, dropped, push }
}

const sentBy = (metrics: ReturnType<typeof bot>): unknown[] =>
  pushesOf(metrics.series.take()).map(({ body }) => JSON.parse(body))

describe('what is pushed', () => {
  it('is told as the one who counted it would have told it', () => {
    const sender = bot()
    const told = scraped(sender)
    const { series, push } = door()
    expect(sentBy(sender).map((body) => push(body))).toEqual([true])
    expect(scraped({ series })).toBe(told)
    expect(scraped(sender)).toBe('\n')
  })

  it('adds up over pushes and senders, but for gauges, of which the last one counts', () => {
    const { series, push } = door()
    for (const sender of [bot(), bot(), bot('other')]) sentBy(sender).forEach((body) => push(body))
    const text = scraped({ series })
    expect(text).toContain(
      'linebot_bot_incomings_total{namespace="demo",bot="hello",type="message",outcome="answered"} 2',
    )
    expect(text).toContain(
      'linebot_bot_incomings_total{namespace="demo",bot="other",type="message",outcome="answered"} 1',
    )
    expect(text).toContain('linebot_bot_reply_seconds_bucket{namespace="demo",bot="hello",le="0.25"} 0')
    expect(text).toContain('linebot_bot_reply_seconds_bucket{namespace="demo",bot="hello",le="0.5"} 2')
    expect(text).toContain('linebot_bot_reply_seconds_sum{namespace="demo",bot="hello"} 0.6')
    expect(text).toContain('linebot_bot_rules{namespace="demo",bot="hello"} 5')
  })

  it('is split where it is more than one push may hold', () => {
    const metrics = makeMetrics()
    const rules = metrics.gauge('linebot_bot_rules')
    for (let n = 0; n < 1500; n++) rules.set(n, { namespace: 'n'.repeat(63), bot: `bot-${n}` })
    const pushes = pushesOf(metrics.series.take())
    expect(pushes.length).toBeGreaterThan(2)
    for (const { body } of pushes) expect(Buffer.byteLength(body)).toBeLessThanOrEqual(maxPushBytes)
    const { series, push } = door(5000)
    for (const { body } of pushes) push(JSON.parse(body))
    expect(series.pushed).toBe(1500)
  })
})

const incoming = { name: 'linebot_bot_incomings_total', labels: { type: 'message' }, by: 1 }
const seconds = {
  name: 'linebot_bot_reply_seconds',
  labels: {},
  counts: secondsBounds.map((bound) => (bound < 1 ? 0 : 1)),
  count: 1,
  sum: 0.7,
}

describe('a front door', () => {
  it('takes these, which the rows below change', () => {
    const { push, dropped, series } = door()
    expect(push({ samples: [incoming, seconds] })).toBe(true)
    expect([dropped, series.pushed]).toEqual([[], 1 + secondsBounds.length + 3])
  })

  it.each<[string, unknown, string]>([
    ['no sample', 7, 'Unknown'],
    ['a family that there is not', { ...incoming, name: 'up' }, 'Unknown'],
    ['a family whose name everything has', { ...incoming, name: 'constructor' }, 'Unknown'],
    ['a front door’s own number', { name: 'linebot_front_door_held', labels: {}, value: 1 }, 'Unknown'],
    ['a label that the family has not', { ...incoming, labels: { pod: 'a' } }, 'Labels'],
    ['a label without a value', { ...incoming, labels: { type: '' } }, 'Labels'],
    ['a label’s value that is too long', { ...incoming, labels: { type: 'x'.repeat(64) } }, 'Labels'],
    ['a counter that goes down', { ...incoming, by: -1 }, 'Value'],
    ['a counter that leaps', { ...incoming, by: 1e300 }, 'Value'],
    ['a counter without a number', { name: incoming.name, labels: {}, by: '1' }, 'Value'],
    ['a gauge that is no number', { name: 'linebot_bot_rules', labels: {}, value: null }, 'Value'],
    ['a histogram with other buckets', { ...seconds, counts: [1] }, 'Value'],
    ['a histogram whose buckets fall', { ...seconds, counts: secondsBounds.map((_, i) => (i === 0 ? 1 : 0)) }, 'Value'],
    ['a histogram with more in a bucket than there is', { ...seconds, count: 0 }, 'Value'],
  ])('drops %s, and takes the rest', (_what, sample, reason) => {
    const { push, dropped, series } = door()
    expect(push({ samples: [sample, incoming] })).toBe(true)
    expect([dropped, series.pushed]).toEqual([[reason], 1])
  })

  it.each([[undefined], [null], ['samples'], [[]], [{}], [{ samples: {} }]])('takes %j for no push', (body) => {
    const { push, series } = door()
    expect(push(body)).toBe(false)
    expect(series.pushed).toBe(0)
  })

  it('keeps so many series and no more, and goes on with those that it knows', () => {
    const { push, dropped, series } = door(2)
    const of = (type: string) => ({ ...incoming, labels: { type } })
    push({ samples: [of('a'), of('b'), of('c'), of('a')] })
    expect([dropped, series.pushed]).toEqual([['Full'], 2])
    expect(scraped({ series })).toContain('{type="a"} 2')
  })

  it('forgets series that nobody pushes any more, and none of its own', () => {
    const { push, series } = door()
    series.merge({ name: 'linebot_front_door_held', labels: {}, value: 1 })
    const rules = { name: 'linebot_bot_rules', labels: {}, value: 5 }
    push({ samples: [incoming, { ...incoming, labels: { type: 'follow' } }, rules] }, 1000)
    push({ samples: [incoming] }, 5000)
    series.forget(4000, 'others')
    expect(series.pushed).toBe(2)
    series.forget(4000, 'gauges')
    expect(series.pushed).toBe(1)
    expect(scraped({ series }).match(/^linebot.*/gm)).toEqual([
      'linebot_front_door_held 1',
      'linebot_bot_incomings_total{type="message"} 2',
    ])
  })
})
