import { lateProblems } from '../core/late.ts'
import { annotation, label, mountPath } from '../core/names.ts'
import type { Obj } from '../core/object.ts'
import { sealed } from '../core/plan.ts'
import type { Bot } from '../core/resources/bot.ts'
import { quietProblems } from '../core/schedule/problems.ts'
import { isObject, type Json } from '../core/shape.ts'
import { bindingsOf, credentialsHash, mountsOf } from './facts.ts'
import type { BotSeen } from './see.ts'

/** What the installation decides for all bots. */
export interface BotDefaults {
  /** The image that holds `/app/bot.cjs`. */
  readonly image: string
  /** Base URL of LINE's API. */
  readonly lineApi: string
  /** Where bots push what they count; absent = nowhere. */
  readonly metrics?: string | undefined
  /** Where LINE reaches the front door, when that is not the URL that Knative knows. */
  readonly publicUrl?: string | undefined
  /** Name of the Secret, in each Bot's namespace, that the image is pulled with. */
  readonly pullSecret?: string | undefined
}

/**
 * The Knative Service of the Bot (makes it, does not send it). The same input gives the same bytes. `triedAfter`: when
 * the Revision failed of which this is another try.
 */
export function serviceFor(seen: BotSeen, defaults: BotDefaults, triedAfter?: string): Obj {
  const { bot, secret } = seen
  const { name, namespace = '', uid = '' } = bot.metadata
  const { scale, delivery } = bot.spec
  const hidden = delivery === 'FrontDoor' && { 'networking.knative.dev/visibility': 'cluster-local' }
  const service = {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: {
      name,
      namespace,
      labels: { [label.bot]: name, ...hidden },
      ownerReferences: [{ apiVersion: bot.apiVersion, kind: bot.kind, name, uid, controller: true }],
    },
    spec: {
      template: {
        metadata: {
          labels: { ...bot.spec.template?.metadata?.labels, [label.bot]: name },
          annotations: {
            // Knative's own 600 s is long to wait for news of a pod that cannot start; of a large image it may be short.
            'serving.knative.dev/progress-deadline': '180s',
            ...bot.spec.template?.metadata?.annotations,
            'autoscaling.knative.dev/min-scale': String(scale.min),
            'autoscaling.knative.dev/max-scale': String(scale.max),
            'autoscaling.knative.dev/window': `${scale.idleSeconds}s`,
            [annotation.rules]: bindingsOf(seen)
              .map(({ status }) => status?.rules?.hash ?? '')
              .join(','),
            [annotation.credentials]: credentialsHash(secret),
            ...(triedAfter !== undefined && { [annotation.triedAfter]: triedAfter }),
          },
        },
        spec: podSpec(seen, defaults),
      },
    },
  }
  return sealed(service)
}

/** What the person wrote; anything may stand there, and Knative judges it. */
const record = (value: unknown): Json => (isObject(value) ? value : {})
const listed = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

function podSpec(seen: BotSeen, defaults: BotDefaults): Json {
  const theirs = record(seen.bot.spec.template?.spec)
  const containers = listed(theirs.containers).map(record)
  const ours = containers.find(({ name }) => name === 'bot') ?? {}
  return {
    ...theirs,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    containerConcurrency: seen.bot.spec.scale.concurrency,
    timeoutSeconds: timeoutFor(theirs.timeoutSeconds),
    ...(defaults.pullSecret && {
      imagePullSecrets: [...listed(theirs.imagePullSecrets), { name: defaults.pullSecret }],
    }),
    containers: [container(ours, seen.bot, defaults), ...containers.filter((one) => one.name !== 'bot')],
    volumes: [
      ...listed(theirs.volumes),
      { name: 'linebot-rules', projected: { sources: mountsOf(seen).map(ruleSource) } },
      { name: 'linebot-channel', secret: { secretName: seen.bot.spec.channel.secretName } },
    ],
  }
}

/** Also the grace of a pod that goes: a forward may take 300 s, although the Broker gives one try 30 s. */
const mostSeconds = 300
const timeoutFor = (theirs: unknown) =>
  typeof theirs === 'number' && theirs > 0 ? Math.min(theirs, mostSeconds) : mostSeconds

const ruleSource = (name: string) => ({ configMap: { name, items: [{ key: 'rules.json', path: `${name}.json` }] } })

function container(theirs: Json, bot: Bot, defaults: BotDefaults): Json {
  return {
    // Node's start is CPU: a request so that the node has room, and no limit that would throttle it.
    resources: { requests: { cpu: '25m', memory: '64Mi' } },
    image: defaults.image,
    ...theirs,
    name: 'bot',
    command: ['/nodejs/bin/node', '/app/bot.cjs'],
    // Beside a sidecar, Knative wants to be told who serves.
    ports: [{ containerPort: 8080 }],
    env: merged(theirs.env, envFor(bot, defaults)),
    volumeMounts: [
      ...listed(theirs.volumeMounts),
      { name: 'linebot-rules', mountPath: mountPath.rules, readOnly: true },
      { name: 'linebot-channel', mountPath: mountPath.channel, readOnly: true },
    ],
    securityContext: {
      readOnlyRootFilesystem: true,
      runAsUser: 65532,
      ...record(theirs.securityContext),
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    },
  }
}

/** What a bot’s pod is told of its Bot. */
export function envFor(
  { metadata, spec }: Bot,
  { lineApi, metrics }: Pick<BotDefaults, 'lineApi' | 'metrics'>,
): { name: string; value: string }[] {
  const namespace = 'namespace' in metadata ? String(metadata.namespace) : ''
  return [
    { name: 'LINEBOT_NAMESPACE', value: namespace },
    { name: 'LINEBOT_NAME', value: metadata.name },
    { name: 'LINEBOT_LINE_API', value: lineApi },
    ...(metrics === undefined ? [] : [{ name: 'LINEBOT_METRICS', value: metrics }]),
    { name: 'LINEBOT_LOG_LEVEL', value: spec.logLevel },
    { name: 'LINEBOT_GROUPS_ANSWER', value: spec.groups.answer },
    ...(spec.groups.prefix === undefined ? [] : [{ name: 'LINEBOT_GROUPS_PREFIX', value: spec.groups.prefix }]),
    ...lateEnv(spec.lateAnswers),
    ...(spec.push.monthlyBudget === 0 ? [] : [{ name: 'LINEBOT_PUSH_BUDGET', value: String(spec.push.monthlyBudget) }]),
    ...(spec.quietHours && quietProblems(spec.quietHours, '').length === 0
      ? [{ name: 'LINEBOT_QUIET_HOURS', value: JSON.stringify(spec.quietHours) }]
      : []),
    ...(spec.suspend ? [{ name: 'LINEBOT_SUSPEND', value: 'true' }] : []),
  ]
}

function lateEnv(late: Bot['spec']['lateAnswers']) {
  const wrong = new Set(lateProblems(late, '').map(({ path }) => path))
  const text = wrong.has('.text') ? undefined : late.text
  return [
    { name: 'LINEBOT_LATE_POLICY', value: late.policy },
    ...(wrong.has('.label') ? [] : [{ name: 'LINEBOT_LATE_LABEL', value: late.label }]),
    ...(text === undefined ? [] : [{ name: 'LINEBOT_LATE_TEXT', value: text }]),
    ...(late.expired === undefined ? [] : [{ name: 'LINEBOT_LATE_EXPIRED', value: late.expired }]),
  ]
}

/** Their variables, except where ours have the name. */
function merged(theirs: unknown, ours: readonly { name: string; value: string }[]): unknown[] {
  const names = new Set(ours.map(({ name }) => name))
  return [...listed(theirs).filter((one) => !names.has(String(record(one).name))), ...ours]
}
