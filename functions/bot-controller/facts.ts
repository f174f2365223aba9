import { uses } from '../core/bound.ts'
import type { Stored } from '../core/object.ts'
import { hashOf } from '../core/plan.ts'
import type { EventBinding } from '../core/resources/binding.ts'
import { credentialsOf, lineCredentials, type SecretObject } from '../core/secret.ts'
import type { BotSeen } from './see.ts'

/** What follows from what was seen. All of it pure. */

/** The EventBindings that the Bot uses, by name. */
export function bindingsOf({ bot, bindings }: Pick<BotSeen, 'bot' | 'bindings'>): Stored<EventBinding>[] {
  return bindings
    .filter(({ metadata }) => !metadata.deletionTimestamp)
    .filter((binding) => uses(bot, binding))
    .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
}

/** Hash of the credentials: 40 bits of a text with 128 of chance in it tell nothing about it. */
export const credentialsHash = (secret: SecretObject | undefined): string => hashOf(credentialsOf(secret))

/** Names of the ConfigMaps that the Bot mounts. */
export const mountsOf = (seen: Pick<BotSeen, 'bot' | 'bindings'>): string[] =>
  bindingsOf(seen).flatMap(({ status }) => status?.rules?.configMaps ?? [])

/** Rules in force through all bindings of the Bot. */
export const ruleCount = (seen: BotSeen): number =>
  bindingsOf(seen).reduce((sum, { status }) => sum + (status?.rules?.count ?? 0), 0)

/** Whether the Knative Service of the Bot's name is another's: then it is left alone. */
export const foreign = ({ bot, service }: BotSeen): boolean =>
  service !== undefined && !service.metadata.ownerReferences?.some(({ uid }) => uid === bot.metadata.uid)

/** Names all that the pod would mount and that is not there. A Service written too early stays broken for minutes. */
export function missingMounts(seen: BotSeen): string[] {
  const bindings = bindingsOf(seen)
  const compiled = bindings.length > 0 && bindings.every(({ status }) => status?.rules)
  const gone = mountsOf(seen).filter((name) => !seen.configMaps.has(name))
  return [
    ...('missing' in lineCredentials(seen.secret) ? [`Secret ${seen.bot.spec.channel.secretName}`] : []),
    ...(compiled ? gone.map((name) => `ConfigMap ${name}`) : ['compiled rules']),
  ]
}
