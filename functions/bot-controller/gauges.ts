import type { Metrics } from '../core/metrics.ts'
import type { Stored } from '../core/object.ts'
import type { Bot } from '../core/resources/bot.ts'

/** Hears of a Bot that was looked at, with its status of now. */
export type Gauge = (bot: Stored<Bot>, now: Date) => void

/** What a Bot's status says in numbers. */
export function gaugesIn(metrics: Metrics): Gauge {
  const ready = metrics.gauge('linebot_bot_ready')
  const rules = metrics.gauge('linebot_bot_rules')
  const quota = metrics.gauge('linebot_bot_quota_messages')
  const used = metrics.gauge('linebot_bot_quota_used_messages')
  const seen = metrics.gauge('linebot_bot_seen_timestamp_seconds')
  return ({ metadata: { namespace = '', name }, status = {} }, now) => {
    const labels = { namespace, bot: name }
    const { channel } = status
    const isReady = status.conditions?.some((one) => one.type === 'Ready' && one.status === 'True')
    ready.set(Number(isReady ?? false), labels)
    rules.set(status.rules?.count ?? 0, labels)
    if (channel?.quota !== undefined) quota.set(channel.quota, labels)
    if (channel?.consumption !== undefined) used.set(channel.consumption, labels)
    seen.set(now.getTime() / 1000, labels)
  }
}
