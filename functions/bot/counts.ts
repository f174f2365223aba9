import type { Metrics } from '../core/metrics.ts'

/** What a bot counts. */
export const countsIn = (metrics: Metrics) => ({
  webhooks: metrics.counter('linebot_bot_webhooks_total'),
  incomings: metrics.counter('linebot_bot_incomings_total'),
  late: metrics.counter('linebot_bot_late_answers_total'),
  seconds: metrics.histogram('linebot_bot_incoming_seconds'),
  replySeconds: metrics.histogram('linebot_bot_reply_seconds'),
  coldStarts: metrics.counter('linebot_bot_cold_starts_total'),
  coldStartSeconds: metrics.histogram('linebot_bot_cold_start_seconds'),
  lineCalls: metrics.counter('linebot_line_calls_total'),
})

export type Counts = ReturnType<typeof countsIn>
