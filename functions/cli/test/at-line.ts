import type { Mentioned } from '../../core/conversation/happening.ts'
import type { ConversationStep } from '../../core/conversation.ts'
import type { Message } from '../../core/rule.ts'
import { isObject, type Json } from '../../core/shape.ts'
import { channelOf, Failed, groupFor, meet, platformAt, shown, tell, type Wanted } from '../platform.ts'
import type { Reaction } from './engine.ts'
import type { Suite } from './suite.ts'

/** A deployed bot, as LINE's users meet it. */
export interface AtLine {
  readonly bot: Mentioned
  /** What LINE shows after it has told the bot of the event, or why that is nothing. */
  hear(event: Json, step: ConversationStep): Promise<readonly Message[] | string>
}

/** For a bot that starts on a busy machine; a reply token lives no longer than twice that. */
const seconds = 30

/**
 * The bot at the stand-in of LINE that it calls, or why it is not to be had there. undefined where it calls LINE itself,
 * where nobody can speak for a user.
 */
export async function meetAtLine(
  lineApi: string | undefined,
  told: string | undefined,
  wanted: Wanted,
): Promise<AtLine | string | undefined> {
  if (!lineApi?.startsWith('http:')) return undefined
  const address = told ?? lineApi
  const ask = platformAt(address)
  try {
    const channel = await channelOf(ask, wanted, seconds)
    return {
      bot: { userId: channel.destination, displayName: channel.name },
      hear: (event, { as, chat, act }) =>
        orWhyNot(async () => {
          for (const name of [as, ...namesIn(act)]) await meet(ask, name)
          if (chat.in === 'group') await groupFor(ask, channel, chat.name, await meet(ask, as))
          const body = { channel: channel.id, events: [unnumbered(event)] }
          // LINE has judged them.
          return shown(await tell(ask, '/events', body, seconds), seconds) as readonly Message[] | string
        }),
    }
  } catch (error) {
    return error instanceof Failed ? error.message : `what answers at ${address} is no LINE of local mode`
  }
}

const orWhyNot = async <T>(work: () => Promise<T>): Promise<T | string> => {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Failed) return error.message
    throw error
  }
}

/** Without what LINE numbers itself: a bot that runs on remembers the numbers of the last test. */
export function unnumbered({ webhookEventId: _id, replyToken: _token, message, ...event }: Json): Json {
  if (!isObject(message)) return event
  const { id: _number, ...content } = message
  return { ...event, message: content }
}

const namesIn = (act: ConversationStep['act']): readonly string[] => (act.do === 'happen' ? (act.names ?? []) : [])

/**
 * Whether LINE would show the same as the engine has said. Silence has no end to wait for, chance picks once, whom a
 * rule forwards to is not to be bothered, and the stand-in knows no more of people than their names.
 */
export const isPlayable = (
  { as, act }: ConversationStep,
  people: Suite['people'],
  reactions: readonly Reaction[],
): boolean => {
  const [reaction, another] = reactions
  if (another || reaction?.outcome !== 'answered' || reaction.match?.rule.forward) return false
  return [as, ...namesIn(act)].every((name) => !Object.hasOwn(people, name))
}
