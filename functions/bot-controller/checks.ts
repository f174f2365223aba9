import type { Finding } from '../core/condition.ts'
import { label } from '../core/names.ts'
import type { BotSeen } from './see.ts'
import { bindingsOf, credentialsOf, mountsOf } from './wanted.ts'

/**
 * What Ready rests on, each check in the order in which a person would mend it. A finding that is not True says what to
 * do next. `terminal`: doing it again changes nothing until something it depends on changes.
 */
export interface Checked extends Finding {
  readonly terminal?: true
}

const finding = (type: string, status: Finding['status'], reason: string, message: string): Checked => ({
  type,
  status,
  reason,
  message,
})
const stuck = (type: string, reason: string, message: string): Checked => ({
  ...finding(type, 'False', reason, message),
  terminal: true,
})

/** The four conditions that make Ready, in the order of what rests on what. */
export function checks(seen: BotSeen, url: WebhookUrl): Checked[] {
  if (seen.access !== 'Enabled') return notEnabled(seen)
  return [credentials(seen), rules(seen), service(seen), webhook(seen, url)]
}

/** All True? Else the first that is not. */
export function ready(parts: readonly Checked[], suspended: boolean): Finding {
  const broken = parts.find(({ status }) => status === 'False') ?? parts.find(({ status }) => status !== 'True')
  if (broken) return { ...broken, type: 'Ready' }
  if (suspended)
    return finding(
      'Ready',
      'True',
      'Suspended',
      'webhooks are acknowledged and not answered; set spec.suspend to false to answer',
    )
  return finding('Ready', 'True', 'Ready', 'the bot answers')
}

function notEnabled({ bot, access }: BotSeen): Checked[] {
  const namespace = String(bot.metadata.namespace)
  const message =
    access === 'LabelMissing'
      ? `namespace ${namespace} has not opted in: run \`npx linebot enable ${namespace}\``
      : `namespace ${namespace} has the label ${label.bots} but not all RoleBindings: run \`npx linebot enable ${namespace}\``
  return [stuck('CredentialsValid', 'NamespaceNotEnabled', message)]
}

function credentials(seen: BotSeen): Checked {
  const type = 'CredentialsValid'
  const { secretName } = seen.bot.spec.channel
  const { secret, line } = seen
  if (!secret)
    return stuck(
      type,
      'SecretMissing',
      `create Secret ${secretName} with channelSecret and channelId, and the label ${label.credentials}=true so that its coming is noticed; or mend spec.channel.secretName`,
    )
  const keys = credentialsOf(secret)
  if (!keys.channelSecret)
    return stuck(
      type,
      'SecretKeyMissing',
      `Secret ${secretName} has no channelSecret: add it, from the channel's Basic settings in the LINE Developers console`,
    )
  if (!keys.channelId && !keys.channelAccessToken)
    return stuck(
      type,
      'SecretKeyMissing',
      `Secret ${secretName} has neither channelId nor channelAccessToken: add channelId, from the channel's Basic settings in the LINE Developers console`,
    )
  const unnoticed =
    secret.metadata.labels?.[label.credentials] === 'true'
      ? ''
      : `; label it ${label.credentials}=true so that a change is noticed at once and not within the hour`
  if (!line) return remembered(seen, type) ?? finding(type, 'Unknown', 'NotAsked', 'LINE has not been asked yet')
  if (line.failed?.at !== 'credentials')
    return finding(
      type,
      'True',
      'Valid',
      `LINE knows the channel as ${line.info?.basicId ?? line.info?.userId}${unnoticed}`,
    )
  if (line.failed.how === 'refused')
    return stuck(
      type,
      'CredentialsRefused',
      `LINE refuses the credentials in Secret ${secretName} (${line.failed.message}): compare them with the LINE Developers console`,
    )
  return finding(
    type,
    'Unknown',
    'LineUnavailable',
    `LINE could not be asked (${line.failed.message}); it is asked again`,
  )
}

function rules(seen: BotSeen): Checked {
  const type = 'RulesReady'
  const { bot } = seen
  const bindings = bindingsOf(seen)
  if (bindings.length === 0) {
    const wanted = bot.spec.selector
      ? `no EventBinding has the labels that spec.selector asks for: label one, or change the selector`
      : `create EventBinding ${bot.metadata.name}, or set spec.selector`
    return stuck(type, 'BindingMissing', wanted)
  }
  const behind = bindings.find(
    ({ metadata, status }) => !status?.rules || status.observedGeneration !== metadata.generation,
  )
  if (behind)
    return finding(type, 'Unknown', 'Compiling', `the rules of EventBinding ${behind.metadata.name} are being compiled`)
  const missing = mountsOf(seen).find((name) => !seen.configMaps.has(name))
  if (missing)
    return finding(
      type,
      'False',
      'ConfigMapMissing',
      `ConfigMap ${missing} with compiled rules is gone; it is made again`,
    )
  const count = ruleCount(seen)
  if (count === 0)
    return stuck(
      type,
      'NoRules',
      `no rule is in force: see why with \`kubectl describe lbeb ${bindings.map(({ metadata }) => metadata.name).join(' ')}\``,
    )
  const rejected = bindings.reduce((sum, { status }) => sum + (status?.rejected?.length ?? 0), 0)
  const leftOut = rejected > 0 ? '; some rules are left out, see `kubectl get lbe`' : ''
  return finding(
    type,
    'True',
    'Ready',
    `${count} ${count === 1 ? 'rule' : 'rules'} through ${bindings.map(({ metadata }) => metadata.name).join(', ')}${leftOut}`,
  )
}

export const ruleCount = (seen: BotSeen): number =>
  bindingsOf(seen).reduce((sum, { status }) => sum + (status?.rules?.count ?? 0), 0)

/** Whether the Service is there and another's: then it is left alone. */
export const foreign = ({ bot, service }: BotSeen): boolean =>
  service !== undefined && !service.metadata.ownerReferences?.some(({ uid }) => uid === bot.metadata.uid)

/** Names all that the pod would mount and that is not there. Written too early, a Service stays broken for minutes. */
export function missingMounts(seen: BotSeen): string[] {
  const keys = credentialsOf(seen.secret)
  const secret =
    keys.channelSecret && (keys.channelId || keys.channelAccessToken)
      ? []
      : [`Secret ${seen.bot.spec.channel.secretName}`]
  const bindings = bindingsOf(seen)
  const compiled = bindings.length > 0 && bindings.every(({ status }) => status?.rules)
  const configMaps = mountsOf(seen)
    .filter((name) => !seen.configMaps.has(name))
    .map((name) => `ConfigMap ${name}`)
  return [...secret, ...(compiled ? configMaps : ['compiled rules'])]
}

function service(seen: BotSeen): Checked {
  const type = 'ServiceReady'
  const { name } = seen.bot.metadata
  if (seen.nameTaken || foreign(seen))
    return stuck(
      type,
      'NameTaken',
      `a Service ${name} that is not this Bot's is in the namespace: delete it, or give the Bot another name`,
    )
  const missing = missingMounts(seen)
  if (missing.length > 0)
    return finding(
      type,
      seen.service ? 'False' : 'Unknown',
      seen.service ? 'MountMissing' : 'Waiting',
      `${seen.service ? 'the bot could not start again without' : 'waits for'} ${missing.join(', ')}`,
    )
  const status = seen.service?.status
  const told = status?.conditions?.find((condition) => condition.type === 'Ready')
  if (!told || told.status === 'Unknown' || status?.observedGeneration !== seen.service?.metadata.generation)
    return finding(type, 'Unknown', 'Deploying', 'Knative is making a Revision of it')
  if (told.status === 'True') return finding(type, 'True', 'Ready', `Knative Service ${name} is ready`)
  return finding(
    type,
    'False',
    told.reason ?? 'NotReady',
    `${told.message ?? 'Knative gives no reason'}; see \`kubectl describe ksvc ${name}\` and what spec.template asks for; what ran before goes on`,
  )
}

/** Where LINE is to send webhooks, or what is in the way. */
export type WebhookUrl = { readonly url: string } | { readonly missing: string; readonly reason: string }

function webhook(seen: BotSeen, at: WebhookUrl): Checked {
  const type = 'WebhookReady'
  if ('missing' in at) return finding(type, 'False', at.reason, at.missing)
  const { url } = at
  const { line, bot } = seen
  if (!line)
    return remembered(seen, type) ?? finding(type, 'Unknown', 'Waiting', 'set and tested when the bot is ready')
  if (line.failed?.at === 'credentials')
    return remembered(seen, type) ?? finding(type, 'Unknown', 'Waiting', 'LINE is asked when the credentials are valid')
  if (line.failed?.how === 'refused')
    return stuck(type, 'RefusedByLine', `LINE refuses ${url} (${line.failed.message})`)
  if (line.failed)
    return finding(
      type,
      'Unknown',
      'LineUnavailable',
      `LINE could not be asked (${line.failed.message}); it is asked again`,
    )
  if (!bot.spec.webhook.register) return ownRegistration(line.endpoint?.endpoint, url)
  if (line.question.url === undefined)
    return finding(type, 'Unknown', 'Waiting', 'set and tested when the bot is ready')
  if (line.endpoint && line.endpoint.endpoint !== url)
    return finding(type, 'False', 'OtherEndpoint', `LINE has ${line.endpoint.endpoint}; ${url} is set again`)
  if (line.endpoint && !line.endpoint.active)
    return stuck(
      type,
      'WebhookInactive',
      'turn on “Use webhook” for the channel in the LINE Developers console (Messaging API tab)',
    )
  if (line.test && !line.test.success) return testFailed(line.test, url)
  return finding(type, 'True', 'Registered', 'LINE has the URL, and its test succeeded')
}

function ownRegistration(endpoint: string | undefined, url: string): Checked {
  return endpoint === url
    ? finding('WebhookReady', 'True', 'Registered', 'LINE has the URL')
    : finding(
        'WebhookReady',
        'True',
        'NotRegistered',
        `spec.webhook.register is false: set ${url} in the LINE Developers console`,
      )
}

function testFailed(
  { statusCode, reason = '', detail = '' }: { statusCode?: number; reason?: string; detail?: string },
  url: string,
): Checked {
  if (statusCode === 401)
    return stuck(
      'WebhookReady',
      'WrongChannelSecret',
      'LINE signs with another channel secret than the Secret has: copy it again from the LINE Developers console',
    )
  return finding(
    'WebhookReady',
    'False',
    'TestFailed',
    `LINE's test of ${url} failed: ${[reason, detail, statusCode].filter(Boolean).join(', ')}; see that the URL is reached from the internet; it is tested again`,
  )
}

/** What was found when LINE was last asked. */
function remembered({ bot }: BotSeen, type: string): Checked | undefined {
  const before = bot.status?.conditions?.find((condition) => condition.type === type)
  // A reason of ours that has been mended since is not what LINE said.
  const fromLine = [
    'Valid',
    'CredentialsRefused',
    'LineUnavailable',
    'Registered',
    'NotRegistered',
    'RefusedByLine',
    'WebhookInactive',
    'WrongChannelSecret',
    'TestFailed',
    'OtherEndpoint',
  ]
  if (!before || !fromLine.includes(before.reason)) return undefined
  const terminal = ['CredentialsRefused', 'RefusedByLine', 'WebhookInactive', 'WrongChannelSecret'].includes(
    before.reason,
  )
  return { ...finding(type, before.status, before.reason, before.message), ...(terminal && { terminal }) }
}
