import { ticketIn } from '../core/forward/ticket.ts'
import type { Incoming } from '../core/incoming.ts'
import type { Groups, Match, Matcher } from '../core/match.ts'
import type { Message, RuleFile } from '../core/rule.ts'
import { isOpen, type Schedule } from '../core/schedule.ts'
import type { Forward, HandOver } from '../edge/forward.ts'
import { type Delivery, type Line, LineError } from '../edge/line.ts'
import type { Log } from '../edge/log.ts'
import type { Budget } from './budget.ts'
import type { Memory } from './memory.ts'
import type { Choice } from './pick.ts'
import { rendered, timeOf } from './say.ts'
import type { LatePolicy } from './settings.ts'
import type { StartTimer } from './timer.ts'

export type Outcome =
  | 'answered'
  /** No rule wants it. */
  | 'unmatched'
  /** LINE gave nothing to answer with, as for an unfollow, and no rule forwards it. */
  | 'unrepliable'
  /** Given to whom the rule names, who has nothing to say to it, or says it himself. */
  | 'forwarded'
  /** Whom the rule names takes longer; that was said, and `later` tells the rest. */
  | 'late'
  /** The button under "this takes longer" was tapped, and the answer given. */
  | 'fetched'
  /** … but the answer is gone. */
  | 'expired'
  /** A later edit of the message is known. */
  | 'outdated'
  /** The message was taken back. */
  | 'unsent'
  /** It is the Bot's quiet hours. */
  | 'quiet'
  /** Another module of the channel holds the chat. */
  | 'standby'
  | 'suspended'
  | 'duplicate'
  | 'failed'
  /** Only as what became of a late answer: pushed, kept for who taps the button, or dropped. */
  | 'pushed'
  | 'kept'
  | 'dropped'

export interface Done {
  readonly outcome: Outcome
  readonly match?: Match
  readonly error?: unknown
  /** Whether doing it again may go better. */
  readonly again?: boolean
  /** LINE never said that it has the answer, but most likely it has. */
  readonly unconfirmed?: boolean
  /** What becomes of a late answer. Never rejects. */
  readonly later?: Promise<Done>
}

/** A Bot, and all it takes to answer; everything that is not pure is handed in. */
export interface Answering {
  /** The Bot's name. */
  readonly name: string
  /** What the matcher was made of. */
  readonly rules: readonly RuleFile[]
  readonly matcher: Pick<Matcher, 'choose'>
  readonly groups: Groups
  readonly suspend: boolean
  readonly quietHours?: Schedule | undefined
  readonly late: LatePolicy
  readonly line: Talk
  readonly forward: Forward
  /** Absent for what another Bot handed over: it goes no further. */
  readonly handOver?: HandOver
  /** One for all Incomings of a Bot, as are `memory` and `budget`. */
  readonly memory: Memory
  readonly budget: Budget
  readonly pick: Choice
  readonly log: Log
  /** The time now; rules go by the Incoming's own, where it has one. */
  readonly now: () => Date
  readonly startTimer: StartTimer
}

type Talk = Pick<Line, 'reply' | 'push' | 'startLoading' | 'profile' | 'group'>

/** Does what the rules say about one Incoming, and says what was done. Never rejects. */
export async function answer(incoming: Incoming, bot: Answering): Promise<Done> {
  bot.memory.note(incoming)
  if (incoming.mode === 'standby') return { outcome: 'standby' }
  if (bot.suspend) return { outcome: 'suspended' }
  if (dummyTokens.has(incoming.replyToken ?? '')) return { outcome: 'unrepliable' }
  const gone = bot.memory.gone(incoming)
  if (gone) return { outcome: gone }
  const matched: { match?: Match } = {}
  try {
    return await answerBy(matched, incoming, bot)
  } catch (error) {
    return { ...matched, outcome: 'failed', error, again: canMend(error) }
  }
}

/** LINE's old verify call sends events with these tokens; replying to them is an error. */
const dummyTokens = new Set(['0'.repeat(32), 'f'.repeat(32)])

/** Tells of the match at once, so that a failure can be told with it. */
async function answerBy(matched: { match?: Match }, incoming: Incoming, bot: Answering): Promise<Done> {
  if (bot.quietHours && isRepliable(incoming) && isOpen(bot.quietHours, timeOf(incoming, bot)))
    return { outcome: 'quiet' }
  const ticket = ticketIn(incoming)
  if (ticket && isRepliable(incoming)) return await (await import('./fetch.ts')).fetchAnswer(ticket, incoming, bot)
  const match = bot.matcher.choose(incoming, bot.groups, timeOf(incoming, bot))
  if (match) matched.match = match
  // Loaded when it is needed: most bots forward nothing.
  if (match?.rule.forward) return await (await import('./forward.ts')).forward(incoming, match, match.rule.forward, bot)
  if (!isRepliable(incoming)) return { outcome: 'unrepliable' }
  const messages = match && replyOf(match, incoming, bot.pick)
  if (!messages) return { outcome: 'unmatched' }
  const said = await rendered(messages, incoming, match, bot)
  if (said.length === 0) return { outcome: 'failed', match, error: allEmpty, again: false }
  return { outcome: 'answered', match, ...confirmed(await bot.line.reply(incoming.replyToken, said)) }
}

const allEmpty = 'no message is left of the reply, so nothing is said; give its names a default'

export const isRepliable = (incoming: Incoming): incoming is Incoming & { readonly replyToken: string } =>
  incoming.replyToken !== undefined && incoming.replyToken !== ''

function replyOf({ rule }: Match, incoming: Incoming, pick: Choice): readonly Message[] | undefined {
  const { replies } = rule
  return replies.length > 1 ? replies[pick(incoming.webhookEventId ?? '', replies.length)] : replies[0]
}

export const confirmed = (delivery: Delivery) => (delivery === 'unconfirmed' ? { unconfirmed: true } : {})

const canMend = (error: unknown) =>
  error instanceof LineError && (error.kind === 'unavailable' || error.kind === 'rateLimit')
