import type { Incoming } from '../core/incoming.ts'
import { parseWebhook } from '../core/webhook.ts'

const maxLoggedIds = 20

/** What the log says of a webhook's events: how many, and by which IDs LINE and the bot's log know them. */
export function idsOf(events: readonly Incoming[]) {
  const webhookEventIds = events.slice(0, maxLoggedIds).map(({ webhookEventId }) => webhookEventId?.slice(0, 64))
  return { events: events.length, webhookEventIds }
}

export const idsIn = (body: Buffer) => idsOf(parseWebhook(body)?.events ?? [])
