import type { Metrics } from '../core/metrics.ts'

/** What a bot counts. */
export const countsIn = (metrics: Metrics) => ({
  webhooks: metrics.counter('linebot_bot_webhooks_total', 'Webhook requests by the status they got.'),
  incomings: metrics.counter('linebot_bot_incomings_total', 'LINE webhook events by type and by what became of them.'),
  late: metrics.counter('linebot_bot_late_answers_total', 'Late answers by what became of them.'),
  seconds: metrics.histogram('linebot_bot_incoming_seconds', 'Seconds that one LINE webhook event took.'),
})

export type Counts = ReturnType<typeof countsIn>
