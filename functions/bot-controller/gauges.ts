import { readyOf } from '../core/condition.ts'
import type { Metrics } from '../core/metrics.ts'
import type { Stored } from '../core/object.ts'
import type { Bot } from '../core/resources/bot.ts'
import type { Budget } from '../edge/line/ask.ts'

/** Hears of a Bot that was looked at, with its status of now, and with what LINE said of its budget if it was asked. */
export type Gauge = (bot: Stored<Bot>, now: Date, budget?: Budget) => void

/** What a Bot's status says in numbers; of its budget, which changes without us, only what LINE said just now. */
export function gaugesIn(metrics: Metrics): Gauge {
  const ready = metrics.gauge('linebot_bot_ready')
  const rules = metrics.gauge('linebot_bot_rules')
  const quota = metrics.gauge('linebot_bot_quota_messages')
  const used = metrics.gauge('linebot_bot_quota_used_messages')
  const seen = metrics.gauge('linebot_bot_seen_timestamp_seconds')
  return ({ metadata: { namespace = '', name }, status = {} }, now, { quota: most, consumption } = {}) => {
    const labels = { namespace, bot: name }
    ready.set(Number(readyOf(status.conditions)?.status === 'True'), labels)
    rules.set(status.rules?.count ?? 0, labels)
    if (most !== undefined) quota.set(most, labels)
    if (consumption !== undefined) used.set(consumption, labels)
    seen.set(now.getTime() / 1000, labels)
  }
}
