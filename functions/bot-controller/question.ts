import { readyOf } from '../core/condition.ts'
import { hashOf } from '../core/plan.ts'
import { lineCredentials } from '../core/secret.ts'
import { urlAt } from '../core/webhook/address.ts'
import { credentialsHash } from './facts.ts'
import type { Question } from './line.ts'
import type { BotSeen, Service } from './see.ts'
import { type BotDefaults } from './wanted.ts'

/** Where LINE is to send webhooks, or what is in the way. */
export type WebhookUrl = { readonly url: string } | { readonly reason: string; readonly missing: string }

/** The URL that LINE is given for this Bot. */
export function webhookUrl({ bot, service, frontDoor }: BotSeen, { lineApi, publicUrl }: BotDefaults): WebhookUrl {
  const { name, namespace = '' } = bot.metadata
  const direct = bot.spec.delivery === 'Direct'
  const root = direct ? service?.status?.url : (publicUrl ?? frontDoor?.status?.url)
  const url = bot.spec.webhook.url ?? (root && urlAt(root, { namespace, bot: name }))
  if (!url) {
    const whose = direct ? 'the bot' : 'the front door (Knative Service front-door in linebot-system)'
    return { reason: 'NoPublicURL', missing: `${whose} has no URL yet` }
  }
  if (url.startsWith('http:') && !lineApi.startsWith('http:')) {
    const missing = `LINE calls https only, and ${url} is not: turn on external-domain-tls in Knative, or set spec.webhook.url to the https name`
    return { reason: 'InsecureURL', missing }
  }
  return { url }
}

/**
 * What LINE is to be asked now; undefined = nothing that it has not answered. The webhook is set once the bot can run,
 * and from then on whatever its Service is doing. `fresh` asks again what was answered.
 */
export function questionFor(seen: BotSeen, defaults: BotDefaults, fresh: boolean): Question | undefined {
  const { bot, secret, service } = seen
  const credentials = lineCredentials(secret)
  if ('missing' in credentials) return undefined
  const at = webhookUrl(seen, defaults)
  const expected = 'url' in at ? at.url : undefined
  const { register } = bot.spec.webhook
  const tested = bot.status?.channel?.test !== undefined
  const runs = service !== undefined && isReady(service)
  // A bot that LINE calls itself would be tested in its Revision of before; its Service rings when it is ready.
  if (tested && !runs && bot.spec.delivery === 'Direct') return undefined
  const url = register && (runs || tested) ? expected : undefined
  const hash = hashOf({ credentials: credentialsHash(secret), url, register, expected, lineApi: defaults.lineApi })
  if (!fresh && bot.status?.channel?.asked === hash) return undefined
  return { credentials, hash, ...(url !== undefined && { url }) }
}

/** Of the spec as it is now, not of one before. */
const isReady = ({ metadata, status }: Service): boolean =>
  status?.observedGeneration === metadata.generation && readyOf(status?.conditions)?.status === 'True'
