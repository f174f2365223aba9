import type { Metrics } from '../core/metrics.ts'

const name = (last: string) => `linebot_front_door_${last}`

/** What the front door counts. Labels hold names of Bots that exist, or words of ours: nothing a stranger chooses. */
export const countsIn = (metrics: Metrics) => ({
  webhooks: metrics.counter(name('webhooks_total'), 'Webhook requests by the status that LINE got.'),
  suspended: metrics.counter(name('suspended_total'), 'Webhooks acknowledged and left alone: their Bot is suspended.'),
  rejected: metrics.counter(name('signature_rejected_total'), 'Requests that LINE did not sign, by Bot.'),
  handoverSeconds: metrics.histogram(name('handover_seconds'), 'Seconds from a webhook’s arrival to LINE’s 200.'),
  handovers: metrics.counter(name('handovers_total'), 'Webhooks handed to the Broker, by how it ended.'),
  held: metrics.gauge(name('held'), 'Webhooks that the Broker has not taken yet.'),
  copies: metrics.counter(name('copies_total'), 'Webhooks held, by whether another front door kept a copy.'),
  takeovers: metrics.counter(name('takeovers_total'), 'Webhooks taken over from a front door that died.'),
  expired: metrics.counter(name('expired_total'), 'Webhooks given up because their reply tokens are dead, by place.'),
  delivers: metrics.counter(name('deliver_total'), 'Deliveries to bots by the status that the Broker got.'),
  deliverSeconds: metrics.histogram(name('deliver_seconds'), 'Seconds that the bot took, its start included.'),
})

export type Counts = ReturnType<typeof countsIn>
