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
  /** In the order in which they are written. A series may lack some. */
  readonly labels: readonly string[]
}

const family =
  <const Type extends Family['type']>(type: Type) =>
  <const Labels extends readonly string[]>(...labels: Labels) => ({ type, labels })

const counter = family('counter')
const gauge = family('gauge')
const histogram = family('histogram')

/** What the front door counts of itself; nobody else may. */
export const ownFamilies = {
  linebot_front_door_webhooks_total: counter('code', 'outcome'),
  linebot_front_door_ack_seconds: histogram(),
  linebot_front_door_suspended_total: counter('namespace', 'bot'),
  linebot_front_door_signature_rejected_total: counter('namespace', 'bot'),
  linebot_front_door_held: gauge(),
  linebot_front_door_handovers_total: counter('outcome'),
  linebot_front_door_retries_total: counter(),
  linebot_front_door_copies_total: counter('outcome'),
  linebot_front_door_takeovers_total: counter(),
  linebot_front_door_expired_total: counter('at', 'namespace', 'bot'),
  linebot_front_door_deliver_total: counter('code'),
  linebot_front_door_deliver_seconds: histogram(),
  linebot_front_door_pushes_total: counter('code'),
  linebot_front_door_dropped_samples_total: counter('reason'),
  linebot_front_door_pushed_series: gauge(),
} as const satisfies Readonly<Record<string, Family>>

/** What bots and controllers count, and push to a front door before they go to sleep. */
export const pushedFamilies = {
  linebot_bot_webhooks_total: counter('namespace', 'bot', 'code'),
  linebot_bot_incomings_total: counter('namespace', 'bot', 'type', 'outcome'),
  linebot_bot_late_answers_total: counter('namespace', 'bot', 'outcome'),
  linebot_bot_incoming_seconds: histogram('namespace', 'bot'),
  linebot_bot_reply_seconds: histogram('namespace', 'bot'),
  linebot_bot_cold_starts_total: counter('namespace', 'bot'),
  linebot_bot_cold_start_seconds: histogram('namespace', 'bot'),
  linebot_line_calls_total: counter('namespace', 'bot', 'controller', 'method', 'path', 'outcome'),
  linebot_reconciles_total: counter('controller', 'result'),
  linebot_reconcile_seconds: histogram('controller'),
  linebot_sweeps_total: counter('controller', 'sweep'),
  linebot_sweep_found_total: counter('controller', 'sweep'),
  linebot_bot_ready: gauge('namespace', 'bot'),
  linebot_bot_rules: gauge('namespace', 'bot'),
  linebot_bot_quota_messages: gauge('namespace', 'bot'),
  linebot_bot_quota_used_messages: gauge('namespace', 'bot'),
  linebot_bot_seen_timestamp_seconds: gauge('namespace', 'bot'),
} as const satisfies Readonly<Record<string, Family>>

export const families = { ...ownFamilies, ...pushedFamilies }

export type Name = keyof typeof families
export type PushedName = keyof typeof pushedFamilies
export type NameOf<Type extends Family['type']> = {
  [N in Name]: (typeof families)[N]['type'] extends Type ? N : never
}[Name]
export type LabelsOf<N extends Name> = { readonly [Label in (typeof families)[N]['labels'][number]]?: string }

export const isPushed = (name: string): name is PushedName => Object.hasOwn(pushedFamilies, name)
