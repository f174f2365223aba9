import { type Finding, stamp } from '../core/condition.ts'
import { Bot, KnativeService } from '../core/kinds.ts'
import { refTo } from '../core/object.ts'
import { hashOf, keepsMeta, type Outcome, type Plan, type Step, same } from '../core/plan.ts'
import type { BotStatus, ChannelStatus } from '../core/resources/bot.ts'
import { type Checked, checks, foreign, missingMounts, ready, ruleCount, type WebhookUrl } from './checks.ts'
import type { LineAnswers, Question } from './line.ts'
import type { BotSeen } from './see.ts'
import { type BotDefaults, bindingsOf, credentialsHash, credentialsOf, serviceFor } from './wanted.ts'

export const manager = 'linebot-bot-controller'

/** What the Bot's world should become. Pure and synchronous; a settled Bot gives no steps. */
export function reconcile(seen: BotSeen, defaults: BotDefaults, now: Date): Plan {
  const parts = checks(seen, webhookUrl(seen, defaults))
  return {
    steps: [...serviceStep(seen, defaults), ...statusStep(seen, parts, defaults, now)],
    outcome: outcomeOf(parts, seen.line),
  }
}

/** The Service as it should be: only when all that it mounts exists, and never another's. */
function serviceStep(seen: BotSeen, defaults: BotDefaults): Step[] {
  if (seen.access !== 'Enabled' || seen.nameTaken || foreign(seen) || missingMounts(seen).length > 0) return []
  const wanted = serviceFor(seen, defaults)
  const live = seen.service?.metadata
  // Another generation than our own apply made: somebody else has changed the spec.
  const known = seen.appliedGeneration ?? seen.bot.status?.serviceGeneration
  if (live && keepsMeta(live, wanted.metadata) && live.generation === known) return []
  return [{ do: 'apply', kind: KnativeService, object: wanted, manager, serves: refTo(Bot, seen.bot) }]
}

/** Whether a run would give a running bot other rules. */
export const changesService = ({ steps }: Plan): boolean => steps.some((step) => step.do === 'apply')

function statusStep(seen: BotSeen, parts: readonly Checked[], defaults: BotDefaults, now: Date): Step[] {
  const { bot } = seen
  const { generation = 0, name, namespace, uid } = bot.metadata
  const findings = [ready(parts, bot.spec.suspend), ...parts, ...progress(parts)]
  const wanted: BotStatus = {
    ...(seen.access === 'Enabled' ? observed(seen, parts, defaults, now) : {}),
    observedGeneration: generation,
    conditions: stamp(findings.map(plain), bot.status?.conditions, generation, now),
  }
  if (same(bot.status, wanted)) return []
  const metadata = { name, ...(namespace && { namespace }), ...(uid && { uid }) }
  const object = { apiVersion: bot.apiVersion, kind: bot.kind, metadata, status: wanted }
  return [{ do: 'status', kind: Bot, object, manager, serves: refTo(Bot, bot) }]
}

const plain = ({ type, status, reason, message }: Finding): Finding => ({ type, status, reason, message })

/** kstatus: `Stalled` where only a change helps, `Reconciling` where waiting does; neither when all is well. */
function progress(parts: readonly Checked[]): Finding[] {
  const broken = parts.filter(({ status }) => status !== 'True')
  const stuck = broken.find(({ terminal }) => terminal)
  if (stuck) return [{ ...stuck, type: 'Stalled', status: 'True' }]
  const [waiting] = broken
  return waiting ? [{ ...waiting, type: 'Reconciling', status: 'True' }] : []
}

function observed(seen: BotSeen, parts: readonly Checked[], defaults: BotDefaults, now: Date): BotStatus {
  const { bot, service } = seen
  const at = webhookUrl(seen, defaults)
  const bindings = bindingsOf(seen)
  const channel = channelStatus(seen, parts, now)
  const mine = service && !foreign(seen) ? service : undefined
  const generation = seen.appliedGeneration ?? bot.status?.serviceGeneration
  return {
    ...('url' in at && { url: at.url }),
    ...(mine?.status?.address?.url && { address: { url: mine.status.address.url } }),
    ...(channel && { channel }),
    ...(bindings.length > 0 && {
      rules: {
        count: ruleCount(seen),
        hash: hashOf(bindings.map(({ status }) => status?.rules?.hash ?? '')),
        bindings: bindings.map(({ metadata }) => metadata.name),
      },
    }),
    ...(mine?.status?.latestReadyRevisionName && { latestReadyRevision: mine.status.latestReadyRevisionName }),
    ...(mine && generation !== undefined && { serviceGeneration: generation }),
    ...(mine && { replicas: bot.spec.scale.min }),
  }
}

/** What LINE said, over what it said before. `asked` stands only where nothing is left to be asked again. */
function channelStatus(
  { bot, line, secret }: BotSeen,
  parts: readonly Checked[],
  now: Date,
): ChannelStatus | undefined {
  const before = bot.status?.channel
  if (!secret || !line) return secret ? before : undefined
  const { asked: _, ...kept } = before ?? {}
  const { info, endpoint, test, quota, consumption, question } = line
  return {
    ...kept,
    ...info,
    ...(endpoint && { endpoint: endpoint.endpoint, active: endpoint.active }),
    ...(test && { test: testStatus(test, before?.test, now) }),
    ...(quota !== undefined && { quota }),
    ...(consumption !== undefined && { consumption }),
    ...(!due(parts, line) && { asked: question.hash }),
  }
}

/** LINE's test, with the time at which this result was first seen: an equal result is no news. */
function testStatus(
  test: NonNullable<LineAnswers['test']>,
  before: ChannelStatus['test'],
  now: Date,
): NonNullable<ChannelStatus['test']> {
  const { success, statusCode, reason, detail } = test
  const result = {
    success,
    ...(statusCode !== undefined && { statusCode }),
    ...(reason !== undefined && { reason: reason.slice(0, 200) }),
    ...(detail !== undefined && { detail: detail.slice(0, 500) }),
  }
  const { time, ...earlier } = before ?? { time: '' }
  return { ...result, time: same(earlier, result) ? time : `${now.toISOString().slice(0, 19)}Z` }
}

/** Whether a failed attempt at LINE is to be made again. */
const due = (parts: readonly Checked[], line: LineAnswers): boolean =>
  line.failed?.how === 'unavailable' ||
  parts.some(
    ({ type, status, terminal }) =>
      type === 'WebhookReady' && status === 'False' && !terminal && line.test !== undefined,
  )

function outcomeOf(parts: readonly Checked[], line: LineAnswers | undefined): Outcome {
  const stuck = parts.find(({ terminal }) => terminal)
  if (line && due(parts, line))
    return { ended: 'again', because: parts.find(({ status }) => status !== 'True')?.message ?? 'LINE' }
  return stuck ? { ended: 'refused', because: `${stuck.reason}: ${stuck.message}` } : { ended: 'settled' }
}

/** Where LINE is to send this Bot's webhooks. */
export function webhookUrl(seen: BotSeen, { lineApi }: BotDefaults): WebhookUrl {
  const { bot, service, frontDoor } = seen
  const { name, namespace } = bot.metadata
  const door = bot.spec.delivery === 'Direct' ? service : frontDoor
  const root = door?.status?.url
  const url = bot.spec.webhook.url ?? (root && `${root.replace(/\/$/, '')}/webhook/${namespace}/${name}`)
  if (!url) {
    const whose = bot.spec.delivery === 'Direct' ? 'the bot has' : `the front door (Knative Service front-door) has`
    return { reason: 'NoPublicURL', missing: `${whose} no URL yet` }
  }
  if (url.startsWith('http:') && !lineApi.startsWith('http:')) {
    return {
      reason: 'InsecureURL',
      missing: `LINE calls https only, and ${url} is not: turn on external-domain-tls in Knative, or set spec.webhook.url to the https name`,
    }
  }
  return { url }
}

/**
 * What LINE is to be asked now; undefined = nothing that it has not answered. The webhook is set once the bot can run,
 * and from then on whatever its Service is doing.
 */
export function questionFor(seen: BotSeen, defaults: BotDefaults, fresh: boolean): Question | undefined {
  const { bot, secret, service } = seen
  const { channelSecret, channelId, channelAccessToken } = credentialsOf(secret)
  if (!channelSecret || !(channelId || channelAccessToken)) return undefined
  const at = webhookUrl(seen, defaults)
  const runs = service?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false
  const url = 'url' in at && bot.spec.webhook.register && (runs || bot.status?.channel?.test) ? at.url : undefined
  const register = bot.spec.webhook.register
  const hash = hashOf({
    credentials: credentialsHash(secret),
    url,
    register,
    expected: 'url' in at && at.url,
    lineApi: defaults.lineApi,
  })
  if (!fresh && bot.status?.channel?.asked === hash) return undefined
  const credentials = {
    channelSecret,
    ...(channelId && { channelId }),
    ...(channelAccessToken && { channelAccessToken }),
  }
  return { credentials, hash, test: url !== undefined, ...(url !== undefined && { url }) }
}
