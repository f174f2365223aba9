import type { Incoming } from '../core/incoming.ts'
import type { Match } from '../core/match.ts'
import type { Message } from '../core/rule.ts'
import { namesFor, needs, personIn, profileNames, render } from '../core/template.ts'
import type { Answering } from './answer.ts'

/**
 * The messages as they are said to this person, here and now: cut to what LINE takes, and without texts that came out
 * empty. LINE is asked only for names that occur.
 */
export async function rendered(
  messages: readonly Message[],
  incoming: Incoming,
  match: Match | undefined,
  bot: Answering,
): Promise<Message[]> {
  const needed = needs(messages)
  if (needed.size === 0) return render(messages, () => undefined)
  const [profile, group] = await Promise.all([
    [...needed].some((name) => profileNames.has(name))
      ? told('profile', () => bot.line.profile(personIn(incoming)), bot)
      : undefined,
    needed.has('group.name') ? told('group', async () => await groupOf(incoming, bot), bot) : undefined,
  ])
  const names = namesFor(incoming, {
    bot: bot.name,
    now: timeOf(incoming, bot),
    ...(match && { match }),
    ...(profile && { profile }),
    ...(group && { group }),
  })
  const said = render(messages, names, ({ path, message }) =>
    bot.log.error('a message was left out', {
      rule: match && `${match.rule.event}/${match.rule.index}`,
      webhookEventId: incoming.webhookEventId,
      path,
      because: message,
    }),
  )
  // What names stand for can be longer or shorter than its author knew.
  const { fit } = await import('../core/line/fit.ts')
  return fit(said).filter((message) => !isEmpty(message))
}

const isEmpty = (message: Message) =>
  (message.type === 'text' || message.type === 'textV2') && message.text.trim() === ''

/** When it happened, by LINE's clock: what is redelivered is answered as of then. */
export function timeOf({ timestamp = Number.NaN }: Incoming, bot: Pick<Answering, 'now'>): Date {
  const time = new Date(timestamp)
  return Number.isNaN(time.getTime()) ? bot.now() : time
}

const groupOf = async ({ source }: Incoming, { line }: Answering) =>
  source?.groupId === undefined ? undefined : await line.group(source.groupId)

/** An answer without the name is better than none. */
async function told<T>(what: string, ask: () => Promise<T>, { log }: Answering): Promise<T | undefined> {
  try {
    return await ask()
  } catch (error) {
    log.warn(`LINE told no ${what}, answering without`, { error })
    return undefined
  }
}
