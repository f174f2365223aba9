import type { Incoming } from '../core/incoming.ts'
import type { Groups, Match, Matcher } from '../core/match.ts'
import type { Message } from '../core/rule.ts'
import { type Names, namesFor, needs, personIn, profileNames, render } from '../core/template.ts'
import { type Line, LineError, type Profile } from '../edge/line.ts'
import type { Log } from '../edge/log.ts'
import type { Choice } from './pick.ts'

export type Outcome =
  | 'answered'
  /** No rule wants it. */
  | 'unmatched'
  /** LINE gave nothing to answer with, as for an unfollow. */
  | 'unrepliable'
  /** Another module of the channel holds the chat. */
  | 'standby'
  | 'suspended'
  | 'duplicate'
  | 'failed'

export interface Done {
  readonly outcome: Outcome
  readonly match?: Match
  readonly error?: unknown
  /** Whether doing it again may go better. */
  readonly again?: boolean
}

export interface Answering {
  /** The Bot's name. */
  readonly name: string
  readonly matcher: Matcher
  readonly groups: Groups
  readonly suspend: boolean
  readonly line: Replier
  readonly pick: Choice
  readonly log: Log
}

type Replier = Pick<Line, 'reply' | 'profile'>

/** Does what the rules say about one Incoming, and says what was done. Never rejects. */
export async function answer(incoming: Incoming, bot: Answering): Promise<Done> {
  if (incoming.mode === 'standby') return { outcome: 'standby' }
  if (bot.suspend) return { outcome: 'suspended' }
  if (!isRepliable(incoming)) return { outcome: 'unrepliable' }
  let match: Match | undefined
  try {
    match = bot.matcher.choose(incoming, bot.groups)
    const messages = match && replyOf(match, incoming, bot.pick)
    if (!messages) return { outcome: 'unmatched' }
    const rendered = render(messages, await namesOf(messages, incoming, match, bot), ({ path, message }) =>
      bot.log.error('a message was left out', {
        rule: match && `${match.rule.event}/${match.rule.index}`,
        path,
        message,
      }),
    )
    if (rendered.length === 0) throw new Error('no message is left of the reply')
    await bot.line.reply(incoming.replyToken, rendered)
    return { outcome: 'answered', ...(match && { match }) }
  } catch (error) {
    return { outcome: 'failed', ...(match && { match }), error, again: canMend(error) }
  }
}

/** LINE's old verify call sends events with these tokens; replying to them is an error. */
const dummyTokens = new Set(['0'.repeat(32), 'f'.repeat(32)])

const isRepliable = (incoming: Incoming): incoming is Incoming & { readonly replyToken: string } =>
  incoming.replyToken !== undefined && incoming.replyToken !== '' && !dummyTokens.has(incoming.replyToken)

function replyOf({ rule }: Match, incoming: Incoming, pick: Choice): readonly Message[] | undefined {
  const { replies } = rule
  return replies.length > 1 ? replies[pick(incoming.webhookEventId ?? '', replies.length)] : replies[0]
}

async function namesOf(
  messages: readonly Message[],
  incoming: Incoming,
  match: Match | undefined,
  bot: Answering,
): Promise<Names> {
  const asksProfile = [...needs(messages)].some((name) => profileNames.has(name))
  const profile = asksProfile ? await profileOf(incoming, bot) : undefined
  return namesFor(incoming, { bot: bot.name, now: new Date(), ...(match && { match }), ...(profile && { profile }) })
}

/** An answer without the name is better than none. */
async function profileOf(incoming: Incoming, { line, log }: Answering): Promise<Profile | undefined> {
  try {
    return await line.profile(personIn(incoming))
  } catch (error) {
    log.warn('LINE told no profile, answering without', { error })
    return undefined
  }
}

const canMend = (error: unknown) =>
  error instanceof LineError && (error.kind === 'unavailable' || error.kind === 'rateLimit')
