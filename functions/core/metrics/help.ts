import type { Name } from './families.ts'

/** What each number is. Apart from the families, because a bot that wakes up has no use for it. */
export const help = {
  linebot_front_door_webhooks_total: 'Webhook requests by the status that LINE got, and why.',
  linebot_front_door_ack_seconds: 'Seconds from a webhook’s arrival to LINE’s 200.',
  linebot_front_door_suspended_total: 'Webhooks acknowledged and left alone: their Bot is suspended.',
  linebot_front_door_signature_rejected_total: 'Requests that LINE did not sign, by Bot.',
  linebot_front_door_held: 'Webhooks that the Broker has not taken yet.',
  linebot_front_door_handovers_total:
    'Webhooks handed to the Broker, by how it ended: Taken; Refused before LINE had its 200, or Lost after it; Expired.',
  linebot_front_door_retries_total: 'Tries to hand a webhook over that followed a failed one.',
  linebot_front_door_copies_total: 'Webhooks held, by whether another front door kept a copy.',
  linebot_front_door_takeovers_total: 'Webhooks taken over from a front door that died.',
  linebot_front_door_expired_total: 'Webhooks given up because their reply tokens are dead, by place and Bot.',
  linebot_front_door_deliver_total: 'Deliveries to bots by the status that the Broker got.',
  linebot_front_door_deliver_seconds: 'Seconds that the bot took, its start included.',
  linebot_front_door_pushes_total: 'Pushes of numbers by bots and controllers, by the status they got.',
  linebot_front_door_dropped_samples_total: 'Pushed numbers that were not taken, and why.',
  linebot_front_door_pushed_series: 'Series that bots and controllers have pushed and that are told here.',
  linebot_bot_webhooks_total: 'Webhook requests by the status they got.',
  linebot_bot_incomings_total:
    'LINE webhook events by type and by what became of them: answered, unmatched, duplicate, failed …',
  linebot_bot_late_answers_total:
    'Late answers by what became of them: fetched, pushed, kept, dropped, forwarded, failed …',
  linebot_bot_incoming_seconds: 'Seconds that the bot worked on one LINE webhook event.',
  linebot_bot_reply_seconds:
    'Seconds from a webhook’s arrival at the front door to LINE’s 2xx for the reply, the bot’s start included.',
  linebot_bot_cold_starts_total: 'Bot processes whose first webhook waited for them.',
  linebot_bot_cold_start_seconds:
    'Seconds from the arrival of a webhook that woke its bot to the end of the bot’s work on it.',
  linebot_line_calls_total:
    'Calls of LINE’s API, by how they ended: ok, rateLimit, quota, invalidReplyToken, unauthorized, badRequest, unavailable.',
  linebot_reconciles_total: 'Runs of one key, by how they ended: settled, refused, again.',
  linebot_reconcile_seconds: 'Seconds that the run of one key took, waiting for quiet included.',
  linebot_sweeps_total: 'Sweeps that came to their end, by why they began: hourly, restart.',
  linebot_sweep_found_total:
    'Objects that only a sweep found unsettled; not those that are refused as before, or that only LINE has news of.',
  linebot_bot_ready: 'Whether the Bot’s Ready is True (1) or not (0).',
  linebot_bot_rules: 'Rules in force in the Bot.',
  linebot_bot_quota_messages: 'Messages a month that the channel may push.',
  linebot_bot_quota_used_messages: 'Messages that the channel pushed this month.',
  linebot_bot_seen_timestamp_seconds:
    'When the bot-controller looked at the Bot: where front doors differ, the newest is right.',
} as const satisfies Readonly<Record<Name, string>>
