import { describe, expect, it } from 'vitest'
import { makeMetrics } from '../../functions/core/metrics.ts'

describe('metrics', () => {
  it('are written as Prometheus reads them', () => {
    const metrics = makeMetrics()
    const webhooks = metrics.counter('webhooks_total', 'Webhooks answered.')
    webhooks.add({ code: '200' })
    webhooks.add({ code: '200' }, 2)
    webhooks.add({ code: '401' })
    metrics.counter('expired_total', 'Webhooks given up.').add()
    const held = metrics.gauge('held', 'Webhooks held.')
    held.set(5)
    held.set(3)
    expect(metrics.text()).toBe(`# HELP webhooks_total Webhooks answered.
# TYPE webhooks_total counter
webhooks_total{code="200"} 3
webhooks_total{code="401"} 1
# HELP expired_total Webhooks given up.
# TYPE expired_total counter
expired_total 1
# HELP held Webhooks held.
# TYPE held gauge
held 3
`)
  })

  it('count an observation in every bucket that holds it', () => {
    const metrics = makeMetrics()
    const seconds = metrics.histogram('work_seconds', 'Work.', [0.1, 1])
    for (const value of [0.1, 0.5, 7]) seconds.observe(value, { kind: 'a' })
    expect(metrics.text().split('\n').slice(2)).toEqual([
      'work_seconds_bucket{kind="a",le="0.1"} 1',
      'work_seconds_bucket{kind="a",le="1"} 2',
      'work_seconds_bucket{kind="a",le="+Inf"} 3',
      'work_seconds_sum{kind="a"} 7.6',
      'work_seconds_count{kind="a"} 3',
      '',
    ])
  })

  it('let no label value break its line', () => {
    const metrics = makeMetrics()
    metrics.counter('odd_total', 'Odd.').add({ type: 'a"b\\c\nd' })
    expect(metrics.text()).toContain(String.raw`odd_total{type="a\"b\\c\nd"} 1`)
  })
})
