import type { Finding } from '../finding.ts'
import { findings } from '../finding.ts'
import type { BotSeen, Facts } from '../see.ts'
import { titleOf } from '../title.ts'

const { good, bad, unknown } = findings('Quota')

/** From here on it is worth a word. */
const nearly = 0.9

/** What may still be pushed this month; replies are free. */
export const quota = ({ bots }: Facts): Finding[] => bots.flatMap(judge)

function judge({ bot, channel }: BotSeen): Finding[] {
  const { quota: most, consumption: used, untold } = channel ?? {}
  const title = titleOf(bot)
  if (untold !== undefined) return [unknown(`${title}: LINE does not tell what may be pushed, or was: ${untold}`)]
  if (used === undefined) return []
  if (most === undefined) return [good(`${title}: ${used} pushed this month, no limit`)]
  const sentence = `${title}: ${used} of ${most} pushed this month`
  const raise = 'raise the plan: https://manager.line.biz/ (Settings, Messaging API)'
  if (used >= most) return [bad(`${sentence}; replies go on, pushes are refused until next month`, raise)]
  return [used >= most * nearly ? unknown(`${sentence}, nearly all`, raise) : good(sentence)]
}
