import { ticketFor } from '../core/forward/ticket.ts'
import { retryKeyFor } from '../core/retry-key.ts'
import type { Message } from '../core/rule.ts'
import { LineError } from '../edge/line.ts'
import { type Done, isRepliable } from './answer.ts'
import type { Reservation } from './budget.ts'
import { finish, type Turn } from './finish.ts'
import { rendered } from './say.ts'
import { within } from './timer.ts'

/** The answer is not there in time. Says so as the rule and the Bot have it, and leaves the rest to `later`. */
export async function beLate(turn: Turn): Promise<Done> {
  const { incoming, asking, bot } = turn
  const { match } = asking
  const gone = bot.memory.gone(asking.incoming)
  if (gone) return { outcome: gone, match }
  if (!isRepliable(incoming)) return { outcome: 'forwarded', match, later: whenTold(turn, 'dropped') }
  const reservation = await reservationFor(turn)
  if (reservation) return await pushLater(turn, incoming.replyToken, reservation)
  const hasButton = turn.fetched || bot.late.policy !== 'Say'
  const words = await wordsOf(turn, hasButton)
  const said = hasButton ? [...words, buttonFor(turn)] : words
  if (said.length > 0) await bot.line.reply(incoming.replyToken, said)
  return { outcome: 'late', match, later: whenTold(turn, hasButton ? 'kept' : 'dropped') }
}

/** In a group one push costs as many messages as there are members, so there it is the button. */
async function reservationFor({ incoming, asking, fetched, bot }: Turn): Promise<Reservation | undefined> {
  const isAlone = incoming.source?.type === 'user' && incoming.source.userId !== undefined
  if (fetched || bot.late.policy !== 'Push' || !isAlone || asking.incoming.webhookEventId === undefined)
    return undefined
  return await bot.budget.reserve()
}

/** What the rule says; with a button beside it there is room for four, without one the Bot says something. */
async function wordsOf({ incoming, asking, forward, bot }: Turn, hasButton: boolean): Promise<Message[]> {
  if (forward.late)
    return await rendered(hasButton ? forward.late.slice(0, 4) : forward.late, incoming, asking.match, bot)
  return hasButton ? [] : [{ type: 'text', text: bot.late.text }]
}

/**
 * A template and not a quick reply: those are shown on phones alone, and go with the next message that is written. The
 * label is said for who taps, so that the tap is seen at once.
 */
function buttonFor({ asking: { incoming, match }, bot }: Turn): Message {
  const { text, label } = bot.late
  const data = ticketFor(incoming, match.rule)
  return {
    type: 'template',
    altText: text,
    template: { type: 'buttons', text, actions: [{ type: 'postback', label, data, displayText: label }] },
  }
}

async function whenTold({ asking }: Turn, outcome: 'kept' | 'dropped'): Promise<Done> {
  const told = await asking.told
  const { match } = asking
  return 'error' in told ? { outcome: 'failed', match, error: told.error, again: false } : { outcome, match }
}

/** A rule with words for it uses up the token; without, the token may still do for a free answer. */
async function pushLater(turn: Turn, replyToken: string, reservation: Reservation): Promise<Done> {
  const { incoming, asking, forward, bot } = turn
  try {
    const words = forward.late ? await rendered(forward.late, incoming, asking.match, bot) : []
    if (words.length > 0) await bot.line.reply(replyToken, words)
  } catch (error) {
    reservation.giveBack()
    throw error
  }
  return { outcome: 'late', match: asking.match, later: push(turn, reservation) }
}

async function push(turn: Turn, reservation: Reservation): Promise<Done> {
  const { match } = turn.asking
  let spent = false
  try {
    const told = turn.forward.late ? undefined : await within(turn.asking.told, freeMs(turn), turn.bot.startTimer)
    // Once a reply was tried nothing is pushed any more: it may have been delivered.
    if (told) return await finish(turn, told)
    return await pushAnswer(turn, () => {
      spent = true
    })
  } catch (error) {
    return { outcome: 'failed', match, error, again: false }
  } finally {
    if (spent) reservation.spend()
    else reservation.giveBack()
  }
}

async function pushAnswer({ incoming, asking, bot }: Turn, spend: () => void): Promise<Done> {
  const { match } = asking
  const told = await asking.told
  const gone = bot.memory.gone(asking.incoming)
  if (gone) return { outcome: gone, match }
  if ('error' in told) return { outcome: 'failed', match, error: told.error, again: false }
  const { userId } = incoming.source ?? {}
  const { webhookEventId } = asking.incoming
  if (told.messages.length === 0 || userId === undefined || webhookEventId === undefined) {
    return { outcome: 'forwarded', match }
  }
  try {
    await bot.line.push(userId, told.messages, retryKeyFor(webhookEventId))
    spend()
  } catch (error) {
    if (error instanceof LineError && error.ambiguous) spend()
    throw error
  }
  return { outcome: 'pushed', match }
}

/** A reply token lives about a minute from when LINE sent it. */
const trustedTokenMs = 45_000

/** How long the token still does; nothing is known of when LINE sent an event again. */
function freeMs({ incoming: { timestamp, deliveryContext }, bot }: Turn): number {
  if (timestamp === undefined || deliveryContext?.isRedelivery) return 0
  return Math.min(trustedTokenMs, Math.max(0, timestamp + trustedTokenMs - bot.now().getTime()))
}
