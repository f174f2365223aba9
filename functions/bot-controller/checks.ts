import type { Finding } from '../core/condition.ts'
import { label } from '../core/names.ts'
import { type Checked, findings } from './checks/checked.ts'
import { credentials } from './checks/credentials.ts'
import { rules } from './checks/rules.ts'
import { service } from './checks/service.ts'
import { webhook } from './checks/webhook.ts'
import type { BotSeen } from './see.ts'
import type { BotDefaults } from './wanted.ts'

/** What Ready rests on, in the order in which a person would mend it. */
export function checks(seen: BotSeen, defaults: BotDefaults): Checked[] {
  if (seen.access !== 'Enabled') return [notEnabled(seen)]
  return [credentials(seen), rules(seen), service(seen), webhook(seen, defaults)]
}

/** The first of them that does not hold, a False one before what is still unknown; else that all is well. */
export function ready(parts: readonly Checked[], suspended: boolean): Finding {
  const broken = parts.find(({ status }) => status === 'False') ?? parts.find(({ status }) => status !== 'True')
  if (broken) return { ...broken, type: 'Ready' }
  const [reason, message] = suspended
    ? ['Suspended', 'webhooks are acknowledged and not answered; set spec.suspend to false to answer']
    : ['Ready', 'the bot answers']
  return { type: 'Ready', status: 'True', reason, message }
}

/** kstatus: `Stalled` where only a change helps, `Reconciling` where waiting does; neither when all is well. */
export function progress(parts: readonly Checked[]): Finding[] {
  const broken = parts.filter(({ status }) => status !== 'True')
  const stuck = broken.find(({ terminal }) => terminal)
  if (stuck) return [{ ...stuck, type: 'Stalled', status: 'True' }]
  const [waiting] = broken
  return waiting ? [{ ...waiting, type: 'Reconciling', status: 'True' }] : []
}

function notEnabled({ bot, access }: BotSeen): Checked {
  const namespace = String(bot.metadata.namespace)
  const lacks = access === 'LabelMissing' ? 'has not opted in' : `has the label ${label.bots} but not all RoleBindings`
  const message = `namespace ${namespace} ${lacks}: run \`npx linebot enable ${namespace}\``
  return findings('ServiceReady').stuck('NamespaceNotEnabled', message)
}
