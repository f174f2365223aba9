import type { Metrics } from '../core/metrics.ts'

/** What the front door counts. Labels hold names of Bots that exist, or words of ours: nothing a stranger chooses. */
export const countsIn = (metrics: Metrics) => ({
  webhooks: metrics.counter('linebot_front_door_webhooks_total'),
  suspended: metrics.counter('linebot_front_door_suspended_total'),
  rejected: metrics.counter('linebot_front_door_signature_rejected_total'),
  ackSeconds: metrics.histogram('linebot_front_door_ack_seconds'),
  handovers: metrics.counter('linebot_front_door_handovers_total'),
  retries: metrics.counter('linebot_front_door_retries_total'),
  held: metrics.gauge('linebot_front_door_held'),
  copies: metrics.counter('linebot_front_door_copies_total'),
  takeovers: metrics.counter('linebot_front_door_takeovers_total'),
  expired: metrics.counter('linebot_front_door_expired_total'),
  delivers: metrics.counter('linebot_front_door_deliver_total'),
  deliverSeconds: metrics.histogram('linebot_front_door_deliver_seconds'),
})

export type Counts = ReturnType<typeof countsIn>
