/**
 * All numbers that linebot tells, each with its labels. A label's values must be few, because every combination is
 * kept: names of Bots that exist, and words of ours or of LINE's. docs/observability.md lists them from here.
 */

/**
 * Seconds. From what a warm answer takes to the 50 s after which a reply token is not trusted any more; 1.5 keeps an ack
 * after its second, which is as it should be, apart from one that LINE nearly gave up for.
 */
export const secondsBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 5, 10, 30, 50] as const

export interface Family {
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  /** In the order in which they are written. A series may lack some. */
  readonly labels: readonly string[]
}

const family =
  <const Type extends Family['type']>(type: Type) =>
  <const Labels extends readonly string[]>(help: string, ...labels: Labels) => ({ type, help, labels })

const counter = family('counter')
const gauge = family('gauge')
const histogram = family('histogram')

/** What the front door counts of itself; nobody else may. */
export const ownFamilies = {
  linebot_front_door_webhooks_total: counter(
    'Webhook requests by the status that LINE got, and why.',
    'code',
    'outcome',
  ),
  linebot_front_door_ack_seconds: histogram('Seconds from a webhook’s arrival to LINE’s 200.'),
  linebot_front_door_suspended_total: counter(
    'Webhooks acknowledged and left alone: their Bot is suspended.',
    'namespace',
    'bot',
  ),
  linebot_front_door_signature_rejected_total: counter('Requests that LINE did not sign, by Bot.', 'namespace', 'bot'),
  linebot_front_door_held: gauge('Webhooks that the Broker has not taken yet.'),
  linebot_front_door_handovers_total: counter(
    'Webhooks handed to the Broker, by how it ended: Taken; Refused before LINE had its 200, or Lost after it; Expired.',
    'outcome',
  ),
  linebot_front_door_retries_total: counter('Tries to hand a webhook over that followed a failed one.'),
  linebot_front_door_copies_total: counter('Webhooks held, by whether another front door kept a copy.', 'outcome'),
  linebot_front_door_takeovers_total: counter('Webhooks taken over from a front door that died.'),
  linebot_front_door_expired_total: counter(
    'Webhooks given up because their reply tokens are dead, by place and Bot.',
    'at',
    'namespace',
    'bot',
  ),
  linebot_front_door_deliver_total: counter('Deliveries to bots by the status that the Broker got.', 'code'),
  linebot_front_door_deliver_seconds: histogram('Seconds that the bot took, its start included.'),
  linebot_front_door_pushes_total: counter(
    'Pushes of numbers by bots and controllers, by the status they got.',
    'code',
  ),
  linebot_front_door_dropped_samples_total: counter('Pushed numbers that were not taken, and why.', 'reason'),
  linebot_front_door_pushed_series: gauge('Series that bots and controllers have pushed and that are told here.'),
} as const satisfies Readonly<Record<string, Family>>

/** What bots and controllers count, and push to a front door before they go to sleep. */
export const pushedFamilies = {
  linebot_bot_webhooks_total: counter('Webhook requests by the status they got.', 'namespace', 'bot', 'code'),
  linebot_bot_incomings_total: counter(
    'LINE webhook events by type and by what became of them: answered, unmatched, duplicate, failed …',
    'namespace',
    'bot',
    'type',
    'outcome',
  ),
  linebot_bot_late_answers_total: counter(
    'Late answers by what became of them: fetched, pushed, kept, dropped, forwarded, failed …',
    'namespace',
    'bot',
    'outcome',
  ),
  linebot_bot_incoming_seconds: histogram('Seconds that the bot worked on one LINE webhook event.', 'namespace', 'bot'),
  linebot_bot_reply_seconds: histogram(
    'Seconds from a webhook’s arrival at the front door to LINE’s 2xx for the reply, the bot’s start included.',
    'namespace',
    'bot',
  ),
  linebot_bot_cold_starts_total: counter('Bot processes whose first webhook waited for them.', 'namespace', 'bot'),
  linebot_bot_cold_start_seconds: histogram(
    'Seconds from the arrival of a webhook that woke its bot to the end of the bot’s work on it.',
    'namespace',
    'bot',
  ),
  linebot_line_calls_total: counter(
    'Calls of LINE’s API, by how they ended: ok, rateLimit, quota, invalidReplyToken, unauthorized, badRequest, unavailable.',
    'namespace',
    'bot',
    'controller',
    'method',
    'path',
    'outcome',
  ),
  linebot_reconciles_total: counter(
    'Runs of one key, by how they ended: settled, refused, again.',
    'controller',
    'result',
  ),
  linebot_reconcile_seconds: histogram(
    'Seconds that the run of one key took, waiting for quiet included.',
    'controller',
  ),
  linebot_sweeps_total: counter(
    'Sweeps that came to their end, by why they began: hourly, restart.',
    'controller',
    'sweep',
  ),
  linebot_sweep_found_total: counter(
    'Objects that only a sweep found unsettled; not those that are refused as before, or that only LINE has news of.',
    'controller',
    'sweep',
  ),
  linebot_bot_ready: gauge('Whether the Bot’s Ready is True (1) or not (0).', 'namespace', 'bot'),
  linebot_bot_rules: gauge('Rules in force in the Bot.', 'namespace', 'bot'),
  linebot_bot_quota_messages: gauge('Messages a month that the channel may push.', 'namespace', 'bot'),
  linebot_bot_quota_used_messages: gauge('Messages that the channel pushed this month.', 'namespace', 'bot'),
  linebot_bot_seen_timestamp_seconds: gauge(
    'When the bot-controller looked at the Bot: where front doors differ, the newest is right.',
    'namespace',
    'bot',
  ),
} as const satisfies Readonly<Record<string, Family>>

export const families = { ...ownFamilies, ...pushedFamilies }

export type Name = keyof typeof families
export type PushedName = keyof typeof pushedFamilies
export type NameOf<Type extends Family['type']> = {
  [N in Name]: (typeof families)[N]['type'] extends Type ? N : never
}[Name]
export type LabelsOf<N extends Name> = { readonly [Label in (typeof families)[N]['labels'][number]]?: string }

export const isPushed = (name: string): name is PushedName => Object.hasOwn(pushedFamilies, name)
