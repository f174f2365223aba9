import { readyOf } from '../../../core/condition.ts'
import type { Finding } from '../finding.ts'
import { findings } from '../finding.ts'
import { type BotSeen, type Facts, type TargetSeen, wasRefused } from '../see.ts'
import { titleOf } from '../title.ts'

const { unknown } = findings('Targets')

/** Whether those whom rules forward to could answer. No fault of the Bot's: the rest of it works. */
export const targets = (facts: Facts): Finding[] =>
  facts.bots.flatMap((seen) =>
    seen.targets.filter(({ path }) => !wasRefused(facts, path)).flatMap((target) => judge(seen, target)),
  )

function judge({ bot }: BotSeen, { rule, kind, name, knative, live }: TargetSeen): Finding[] {
  const sentence = `${titleOf(bot)}: rule ${rule} forwards to ${kind} ${name}, which`
  const where = `-n ${bot.metadata.namespace}`
  const short = kind === 'Bot' ? 'lbot' : knative ? 'ksvc' : 'service'
  if (!live) return [unknown(`${sentence} is not there`, `kubectl get ${short} ${where}`)]
  const told = readyOf(live.status?.conditions)
  if (!knative || told?.status === 'True') return []
  const why = told?.message ? `: ${told.message}` : ''
  return [unknown(`${sentence} is not Ready${why}`, `kubectl describe ${short} ${where} ${name}`)]
}
