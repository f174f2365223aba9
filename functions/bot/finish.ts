import type { Incoming } from '../core/incoming.ts'
import type { Match } from '../core/match.ts'
import type { Forward, Message } from '../core/rule.ts'
import { ForwardError } from '../edge/forward.ts'
import { LineError } from '../edge/line.ts'
import { type Answering, confirmed, type Done, isRepliable } from './answer.ts'
import type { Asking, Told } from './memory.ts'
import { rendered } from './say.ts'

/** One try to answer a forwarded question: at once, or with the token that a tap on the button brought. */
export interface Turn {
  /** Whose reply token is used: the question itself, or the tap. */
  readonly incoming: Incoming
  readonly asking: Asking
  readonly forward: Forward
  readonly fetched: boolean
  readonly bot: Answering
}

/** Says what there is to say, for free. */
export async function finish(turn: Turn, told: Told): Promise<Done> {
  const { incoming, asking, fetched, bot } = turn
  const { match } = asking
  const gone = bot.memory.gone(asking.incoming)
  if (gone) return { outcome: gone, match }
  if ('error' in told) return await fail(turn, told.error)
  if (!isRepliable(incoming) || told.messages.length === 0) return { outcome: 'forwarded', match }
  try {
    const delivery = await bot.line.reply(incoming.replyToken, told.messages)
    return { outcome: fetched ? 'fetched' : 'answered', match, ...confirmed(delivery) }
  } catch (error) {
    if (!(error instanceof LineError && error.kind === 'badRequest')) throw error
    return await failRefused(turn, error)
  }
}

/** LINE did not take the answer, which is not what uses a token up; who taps the button asks again. */
async function failRefused(turn: Turn, error: LineError): Promise<Done> {
  const { asking, bot } = turn
  bot.memory.forget(asking)
  try {
    return await fail(turn, error)
  } catch (unsaid) {
    bot.log.warn('nor was it said that it failed', { error: unsaid })
    return { outcome: 'failed', match: asking.match, error, again: false }
  }
}

async function fail({ incoming, asking: { match }, forward: to, fetched, bot }: Turn, error: unknown): Promise<Done> {
  if (!isRepliable(incoming)) {
    return { outcome: 'failed', match, error, again: error instanceof ForwardError && error.again }
  }
  const words = to.failed ?? (fetched ? [{ type: 'text', text: bot.late.expired } as const] : [])
  await sayAll(words, incoming, match, bot)
  return { outcome: 'failed', match, error, again: false }
}

async function sayAll(
  words: readonly Message[],
  incoming: Incoming & { readonly replyToken: string },
  match: Match,
  bot: Answering,
): Promise<void> {
  const said = await rendered(words, incoming, match, bot)
  if (said.length > 0) await bot.line.reply(incoming.replyToken, said)
}
