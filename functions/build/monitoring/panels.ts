/** What the dashboard shows, row by row: the shortest way from "something is wrong" to where. */

export interface Panel {
  readonly title: string
  readonly description: string
  /** As Grafana names units. */
  readonly unit: 'short' | 's' | 'reqps' | 'cps' | 'percentunit' | 'none'
  /** PromQL, without the dashboard's own choices, which are added; and what each line is called. */
  readonly queries: readonly (readonly [query: string, legend: string])[]
  /** One number, and not its course. */
  readonly stat?: true
}

const rate = (series: string, by: string) => `sum by (${by}) (rate(${series}[$__rate_interval]))`
const quantile = (q: number, family: string, by = '') =>
  `histogram_quantile(${q}, ${rate(`${family}_bucket`, by === '' ? 'le' : `${by}, le`)})`
const p50and = (high: number, family: string) =>
  [
    [quantile(0.5, family), 'p50'],
    [quantile(high, family), `p${Math.round(high * 100)}`],
  ] as const

export const rows: readonly (readonly [title: string, panels: readonly Panel[]])[] = [
  [
    'From LINE',
    [
      {
        title: 'Webhooks',
        description:
          'Webhook requests by the status they got, and why. 401 and 404 are strangers’, or a Secret is wrong; NoSecret is of one Bot, Crowded of a flood.',
        unit: 'reqps',
        queries: [[rate('linebot_front_door_webhooks_total', 'code, outcome'), '{{code}} {{outcome}}']],
      },
      {
        title: 'Until LINE’s 200',
        description: 'From a webhook’s arrival to its acknowledgement. LINE gives up after 2 s.',
        unit: 's',
        queries: p50and(0.99, 'linebot_front_door_ack_seconds'),
      },
      {
        title: 'Handed over',
        description: 'How webhooks went to the Broker. Refused: LINE got a 503. Lost and Expired: LINE had its 200.',
        unit: 'cps',
        queries: [
          [rate('linebot_front_door_handovers_total', 'outcome'), '{{outcome}}'],
          ['sum(rate(linebot_front_door_retries_total[$__rate_interval]))', 'tried again'],
        ],
      },
      {
        title: 'Held',
        description: 'Webhooks that are acknowledged and not yet with the Broker, by front door.',
        unit: 'short',
        queries: [['sum by (instance) (linebot_front_door_held)', '{{instance}}']],
      },
      {
        title: 'Lost in the last day',
        description:
          'Webhooks that LINE was told were taken: refused by the Broker, or reply tokens that died, by place.',
        unit: 'short',
        stat: true,
        queries: [
          ['sum(increase(linebot_front_door_handovers_total{outcome="Lost"}[1d]))', 'refused'],
          ['sum by (at) (increase(linebot_front_door_expired_total[1d]))', 'expired: {{at}}'],
        ],
      },
      {
        title: 'Not signed by LINE',
        description: 'Requests whose signature is not of the Bot’s channel secret.',
        unit: 'cps',
        queries: [[rate('linebot_front_door_signature_rejected_total', 'namespace, bot'), '{{namespace}}/{{bot}}']],
      },
    ],
  ],
  [
    'Bots',
    [
      {
        title: 'Events',
        description: 'LINE webhook events by what became of them: answered, unmatched, duplicate, failed …',
        unit: 'cps',
        queries: [[rate('linebot_bot_incomings_total', 'outcome'), '{{outcome}}']],
      },
      {
        title: 'Until the reply',
        description: 'From a webhook’s arrival at the front door to LINE’s 2xx for the reply: what people wait.',
        unit: 's',
        queries: p50and(0.95, 'linebot_bot_reply_seconds'),
      },
      {
        title: 'Cold starts',
        description: 'Bots that a webhook woke, and how long that one took.',
        unit: 's',
        queries: p50and(0.95, 'linebot_bot_cold_start_seconds'),
      },
      {
        title: 'Woken bots',
        description: 'Bots that were woken by a webhook, by Bot.',
        unit: 'cps',
        queries: [[rate('linebot_bot_cold_starts_total', 'namespace, bot'), '{{namespace}}/{{bot}}']],
      },
      {
        title: 'Failures by Bot',
        description: 'Events whose answer failed. The bot’s log says why.',
        unit: 'cps',
        queries: [[rate('linebot_bot_incomings_total{outcome="failed"}', 'namespace, bot'), '{{namespace}}/{{bot}}']],
      },
      {
        title: 'Calls of LINE',
        description: 'Calls of LINE’s API by how they ended.',
        unit: 'cps',
        queries: [[rate('linebot_line_calls_total', 'path, outcome'), '{{path}} {{outcome}}']],
      },
    ],
  ],
  [
    'Control plane',
    [
      {
        title: 'Not Ready',
        description: 'Bots that are not Ready: `kubectl describe lbot` says what to do.',
        unit: 'none',
        stat: true,
        queries: [['linebot:bot_ready == 0', '{{namespace}}/{{bot}}']],
      },
      {
        title: 'Rules',
        description: 'Rules in force, by Bot.',
        unit: 'short',
        queries: [['linebot:bot_rules', '{{namespace}}/{{bot}}']],
      },
      {
        title: 'Pushes used',
        description: 'Of the messages a month that a channel may push. Replies are free.',
        unit: 'percentunit',
        queries: [
          [
            'max by (namespace, bot) (linebot_bot_quota_used_messages) / max by (namespace, bot) (linebot_bot_quota_messages)',
            '{{namespace}}/{{bot}}',
          ],
        ],
      },
      {
        title: 'Runs',
        description: 'Runs of the controllers by how they ended.',
        unit: 'cps',
        queries: [[rate('linebot_reconciles_total', 'controller, result'), '{{controller}} {{result}}']],
      },
      {
        title: 'Time of a run',
        description: 'Seconds that the run of one key took, with the wait for quiet before new rules.',
        unit: 's',
        queries: [[quantile(0.95, 'linebot_reconcile_seconds', 'controller'), '{{controller}} p95']],
      },
      {
        title: 'Found by a sweep',
        description: 'Objects that no event told of. Some after a restart are usual; a steady number is not.',
        unit: 'short',
        queries: [['sum by (controller, sweep) (increase(linebot_sweep_found_total[1h]))', '{{controller}} {{sweep}}']],
      },
    ],
  ],
]
