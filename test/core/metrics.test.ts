import { describe, expect, it } from 'vitest'
import { families } from '../../functions/core/metrics/families.ts'
import { help } from '../../functions/core/metrics/help.ts'
import { textOf } from '../../functions/core/metrics/text.ts'
import { makeMetrics } from '../../functions/core/metrics.ts'
import { scraped } from '../metrics.ts'

describe('metrics', () => {
  it('are written as Prometheus reads them, family by family', () => {
    const metrics = makeMetrics()
    const held = metrics.gauge('linebot_front_door_held')
    held.set(5)
    held.set(3)
    const webhooks = metrics.counter('linebot_front_door_webhooks_total')
    webhooks.add({ code: '200' })
    webhooks.add({ code: '200' }, 2)
    webhooks.add({ code: '401' })
    expect(
      scraped(metrics),
    ).toBe(`# HELP linebot_front_door_webhooks_total Webhook requests by the status that LINE got, and why.
# TYPE linebot_front_door_webhooks_total counter
linebot_front_door_webhooks_total{code="200"} 3
linebot_front_door_webhooks_total{code="401"} 1
# HELP linebot_front_door_held Webhooks that the Broker has not taken yet.
# TYPE linebot_front_door_held gauge
linebot_front_door_held 3
`)
  })

  it('count an observation in every bucket that holds it', () => {
    const metrics = makeMetrics({ controller: 'c' })
    const seconds = metrics.histogram('linebot_reconcile_seconds')
    for (const value of [0.1, 0.5, 7, 60]) seconds.observe(value)
    const lines = scraped(metrics).split('\n').slice(2)
    expect(lines.filter((line) => /le="(0.05|0.1|5|10|50|\+Inf)"|sum|count/.test(line))).toEqual([
      'linebot_reconcile_seconds_bucket{controller="c",le="0.05"} 0',
      'linebot_reconcile_seconds_bucket{controller="c",le="0.1"} 1',
      'linebot_reconcile_seconds_bucket{controller="c",le="5"} 2',
      'linebot_reconcile_seconds_bucket{controller="c",le="10"} 3',
      'linebot_reconcile_seconds_bucket{controller="c",le="50"} 3',
      'linebot_reconcile_seconds_bucket{controller="c",le="+Inf"} 4',
      'linebot_reconcile_seconds_sum{controller="c"} 67.6',
      'linebot_reconcile_seconds_count{controller="c"} 4',
    ])
  })

  it('let no label value break its line', () => {
    const metrics = makeMetrics({ namespace: 'demo', bot: 'hello' })
    metrics.counter('linebot_bot_incomings_total').add({ type: 'a"b\\c\nd', outcome: 'answered' })
    expect(scraped(metrics)).toContain(
      String.raw`linebot_bot_incomings_total{namespace="demo",bot="hello",type="a\"b\\c\nd",outcome="answered"} 1`,
    )
  })

  it('tell a scraper of a new series as 0 first, so that its beginning is seen', () => {
    const metrics = makeMetrics()
    const retries = metrics.counter('linebot_front_door_retries_total')
    const seconds = metrics.histogram('linebot_front_door_ack_seconds')
    metrics.gauge('linebot_front_door_held').set(4)
    retries.add()
    seconds.observe(0.2)
    const values = () =>
      textOf(metrics.series).match(/^linebot_front_door_(?:retries_total|ack_seconds_count|held) \d+/gm)
    expect(values()).toEqual([
      'linebot_front_door_ack_seconds_count 0',
      'linebot_front_door_held 4',
      'linebot_front_door_retries_total 0',
    ])
    retries.add()
    expect(values()).toEqual([
      'linebot_front_door_ack_seconds_count 1',
      'linebot_front_door_held 4',
      'linebot_front_door_retries_total 2',
    ])
  })
})

describe('a family', () => {
  it.each(Object.entries(families))('%s is named as Prometheus would have it', (name, { type, labels }) => {
    expect(name).toMatch(/^linebot_[a-z]+(_[a-z]+)*$/)
    expect(name.endsWith('_total')).toBe(type === 'counter')
    expect(type !== 'histogram' || name.endsWith('_seconds')).toBe(true)
    for (const label of labels) expect(label).toMatch(/^[a-z]+$/)
    expect(labels).not.toContain('le')
  })

  it.each(Object.entries(help))('%s says what it is', (_name, text) => {
    expect(text).toMatch(/^[A-Z].*[.…]$/)
  })
})
