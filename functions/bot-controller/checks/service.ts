import { readyOf } from '../../core/condition.ts'
import { foreign, missingMounts } from '../facts.ts'
import { commandFor, flagsFor } from '../flags.ts'
import { mendFor } from '../limits.ts'
import { givenUpAt } from '../retry.ts'
import type { BotSeen } from '../see.ts'
import { type Checked, findings } from './checked.ts'

const { good, waiting, bad, stuck } = findings('ServiceReady')

/** Whether the bot runs, or could: Knative's own Ready does not know that a mounted object has gone. */
export function service(seen: BotSeen): Checked {
  const { name } = seen.bot.metadata
  if (seen.nameTaken || foreign(seen)) {
    return stuck(
      'NameTaken',
      `a Service ${name} that is not this Bot's is in the namespace: delete it, or give the Bot another name; it is looked at again for ten minutes, then every hour`,
    )
  }
  const { refusal } = seen
  if (refusal?.final) return refused(refusal.message)
  if (refusal?.denied) {
    return stuck(
      'NotAllowed',
      `${refusal.message}; change what does not allow it, a quota or a policy; it is tried again`,
    )
  }
  if (refusal) return waiting('NotApplied', `${refusal.message}; it is tried again`)
  const missing = missingMounts(seen).join(', ')
  if (missing && !seen.service) return waiting('Waiting', `waits for ${missing}`)
  if (missing) return bad('MountMissing', `the bot could not start again without ${missing}`)
  const { status, metadata } = seen.service ?? {}
  const told = readyOf(status?.conditions)
  if (!told || told.status === 'Unknown' || status?.observedGeneration !== metadata?.generation) {
    return waiting('Deploying', 'Knative is making a Revision of it')
  }
  if (told.status === 'True' && isBehindTls(seen)) {
    return bad(
      'AddressIsTLS',
      `webhooks do not reach the bot: Knative gives it an https address in the cluster, and the front door calls http alone; turn off cluster-local-domain-tls in Knative's config-network`,
    )
  }
  if (told.status === 'True') return good('Ready', `Knative Service ${name} is ready`)
  return bad(
    told.reason ?? 'NotReady',
    `${told.message ?? 'Knative gives no reason'}; see \`kubectl describe ksvc ${name}\` and what spec.template asks for; what ran before goes on${retried(seen)}`,
  )
}

/** LINE calls a bot with Direct delivery itself, and by another name. */
const isBehindTls = (seen: BotSeen): boolean =>
  seen.bot.spec.delivery === 'FrontDoor' && (seen.service?.status?.address?.url?.startsWith('https:') ?? false)

const retried = (seen: BotSeen) =>
  givenUpAt(seen) === undefined ? '' : '; it is tried again by a sweep, an hour later at the earliest'

function refused(message: string): Checked {
  const flags = flagsFor(message)
  if (flags.length === 0) return stuck('Refused', `${message}; ${mendFor(message)}`)
  const flagged = `${flags.join(', ')} in Knative's config-features`
  return stuck(
    'FlagMissing',
    `what spec.template asks for needs ${flagged}: run \`${commandFor(flags)}\`, or leave it out; it is tried again for ten minutes, then every hour (${message})`,
  )
}
