import { answerIn } from '../core/forward/answer.ts'
import type { Incoming } from '../core/incoming.ts'
import type { Match } from '../core/match.ts'
import { chatTypes, type Forward } from '../core/rule.ts'
import { ForwardError, type Question } from '../edge/forward.ts'
import { type Answering, type Done, isRepliable } from './answer.ts'
import { finish, type Turn } from './finish.ts'
import { beLate } from './late.ts'
import type { Asking, Told } from './memory.ts'
import { within } from './timer.ts'

/** Asks whom the rule names, and does with the answer what there is to do. Rejects only when LINE cannot be told. */
export async function forward(incoming: Incoming, match: Match, to: Forward, bot: Answering): Promise<Done> {
  if (to.to.bot) return await handOver(incoming, match, to, bot)
  return await settle({ incoming, asking: ask(incoming, match, to, bot), forward: to, fetched: false, bot })
}

const questionFor = (incoming: Incoming, { rule }: Match, { to }: Forward): Question => ({
  url: to.url,
  incoming,
  rule: `${rule.event}/${rule.index}`,
})

/** The forward of this Incoming: the one that is known, or a new one. */
export function ask(incoming: Incoming, match: Match, to: Forward, bot: Answering): Asking {
  const known = bot.memory.asking(incoming.webhookEventId)
  if (known) return known
  const told = askOnce(incoming, match, to, bot)
  const asking = { incoming, match, told }
  bot.memory.keep(asking)
  // Who taps the button then asks again.
  void told.then((result) => 'error' in result && bot.memory.forget(asking))
  return asking
}

async function askOnce(incoming: Incoming, match: Match, to: Forward, bot: Answering): Promise<Told> {
  try {
    const raw = await bot.forward(questionFor(incoming, match, to), to.timeoutSeconds * 1000)
    const { messages, problems, leftOut } = answerIn(raw, {
      in: chatTypes.filter((type) => type === incoming.source?.type),
    })
    const about = { rule: `${match.rule.event}/${match.rule.index}`, webhookEventId: incoming.webhookEventId }
    if (leftOut > 0) bot.log.warn(`an answer had ${leftOut} messages more than LINE takes`, about)
    if (problems.length === 0) return { messages }
    const said = problems.map(({ path, message }) => `${path}: ${message}`).join('; ')
    return { error: new ForwardError(`it answered what LINE would refuse: ${said}`, false) }
  } catch (error) {
    return { error }
  }
}

export async function settle(turn: Turn): Promise<Done> {
  const { asking, forward: to, bot } = turn
  const loading = showLoading(turn)
  const told = await within(asking.told, to.timeoutSeconds * 1000, bot.startTimer)
  if (!told) return await beLate(turn)
  // It ends with the next message, so it must not begin after that.
  await loading
  return await finish(turn, told)
}

/** LINE's own recommendation is to show it when an answer takes more than a moment. */
const loadingAfterMs = 1000

async function showLoading({ incoming, asking, forward: to, bot }: Turn): Promise<void> {
  const { type, userId } = incoming.source ?? {}
  if (type !== 'user' || userId === undefined || !isRepliable(incoming)) return
  if (await within(asking.told, loadingAfterMs, bot.startTimer)) return
  try {
    await bot.line.startLoading(userId, to.timeoutSeconds)
  } catch (error) {
    bot.log.warn('LINE did not show that an answer is on its way', { error })
  }
}

/** The other Bot answers LINE itself, with the token of the webhook that it gets. */
async function handOver(incoming: Incoming, match: Match, to: Forward, bot: Answering): Promise<Done> {
  if (!bot.handOver) return { outcome: 'failed', match, error: new ForwardError(noFurther, false), again: false }
  const ms = to.timeoutSeconds * 1000
  const told = bot.handOver(questionFor(incoming, match, to), ms).then(
    (): Told => ({ messages: [] }),
    (error: unknown): Told => ({ error }),
  )
  const turn: Turn = { incoming, asking: { incoming, match, told }, forward: to, fetched: false, bot }
  const result = await within(told, ms, bot.startTimer)
  return result ? await finish(turn, result) : { outcome: 'forwarded', match, later: endOf(told, match) }
}

/** A hand-over that takes longer may still fail, and then nobody answers. */
async function endOf(told: Promise<Told>, match: Match): Promise<Done> {
  const end = await told
  return 'error' in end ? { outcome: 'failed', match, error: end.error, again: false } : { outcome: 'forwarded', match }
}

const noFurther = 'what one Bot forwarded to this one is not forwarded to a Bot again; let the rule reply'
