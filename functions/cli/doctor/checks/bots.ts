import { readyOf } from '../../../core/condition.ts'
import { distinctBy } from '../../../core/distinct.ts'
import type { Finding } from '../finding.ts'
import { findings } from '../finding.ts'
import { type BotSeen, type Facts, isAbsent, mayRead } from '../see.ts'
import { titleOf } from '../title.ts'
import { isEnabled } from './tenants.ts'

const { good, bad, unknown } = findings('Bots')

/** What the Bots' own conditions say of rules and Service; credentials and webhook are asked for anew. */
export function bots(facts: Facts): Finding[] {
  const { bots: seen, target } = facts
  if (!mayRead(facts, 'bots') || isAbsent(facts)) return []
  if (seen.length === 0) {
    const { namespace, bot } = target
    if (bot) return [bad(`there is no Bot ${bot} in namespace ${namespace}`, `kubectl get lbot -n ${namespace}`)]
    return [unknown('there is no Bot', 'kubectl apply -f config/samples/hello.yaml')]
  }
  return seen.flatMap((one) => [...judge(one, isEnabled(facts, one.bot.metadata.namespace)), ...leftOut(one)])
}

/** A line for each Event, which may be in several bindings of the Bot. */
function leftOut({ bot, bindings }: BotSeen): Finding[] {
  const problems = bindings.flatMap(({ status }) => status?.rejected ?? [])
  const distinct = distinctBy(problems, ({ event, path, message }) => `${event} ${path} ${message}`)
  return [...Map.groupBy(distinct, ({ event }) => event)].map(([event, [first, ...more]]) => {
    const rest = more.length > 0 ? ` (and ${more.length} more)` : ''
    return unknown(
      `${titleOf(bot)}: Event ${event} has rules that are left out: ${first?.path}: ${first?.message}${rest}`,
      `kubectl describe lbe -n ${bot.metadata.namespace} ${event}`,
    )
  })
}

function judge({ bot }: BotSeen, enabled: boolean): Finding[] {
  const title = titleOf(bot)
  const describe = `kubectl describe lbot -n ${bot.metadata.namespace} ${bot.metadata.name}`
  const conditions = bot.status?.conditions ?? []
  // Of a namespace that is not enabled, its own finding says why.
  if (conditions.length === 0) return !enabled ? [] : [bad(`${title}: no controller has looked at it yet`, describe)]
  const broken = conditions.filter(({ type, status }) => /^(Rules|Service)Ready$/.test(type) && status !== 'True')
  if (broken.length > 0) {
    return broken.map(({ status, reason, message }) => {
      const sentence = `${title}: ${reason}: ${message}`
      return status === 'False' ? bad(sentence, describe) : unknown(sentence, describe)
    })
  }
  const told = readyOf(conditions)
  return [good(`${title}: ${told?.status === 'True' ? told.message : 'its rules and its Service are ready'}`)]
}
