import { absorb, maxPushBytes } from '../core/metrics/push.ts'
import { textOf } from '../core/metrics/text.ts'
import type { Metrics } from '../core/metrics.ts'
import { parseJson } from '../core/shape.ts'
import type { MetricsDoor } from '../edge/metrics.ts'

/** A thousand bots have about 85 series each. All of them are told in some tenths of a second, in which LINE waits. */
const maxSeries = 100_000

/** Bots that are gone are forgotten; one that nobody writes to for a day begins anew. */
const keepMs = 24 * 3_600_000

/** The hourly sweep tells how each Bot is; who is not told of is not there any more. */
const keepGaugesMs = 3 * 3_600_000

/** The numbers of this front door, with those that bots and controllers push to it. */
export function metricsDoor(metrics: Metrics, now: () => number, most = maxSeries): MetricsDoor {
  const { series } = metrics
  const pushes = metrics.counter('linebot_front_door_pushes_total')
  const dropped = metrics.counter('linebot_front_door_dropped_samples_total')
  const told = metrics.gauge('linebot_front_door_pushed_series')
  return {
    maxPushBytes,
    now,
    scrape() {
      series.forget(now() - keepMs, 'others')
      series.forget(now() - keepGaugesMs, 'gauges')
      told.set(series.pushed)
      return textOf(series)
    },
    push(body) {
      const absorbing = { series, now: now(), most, dropped: (reason: string) => dropped.add({ reason }) }
      const status = absorb(parseJson(body), absorbing) ? 204 : 400
      pushes.add({ code: String(status) })
      return status
    },
  }
}
