import { type Answering, answer } from '../../bot/answer.ts'
import { idFor } from '../../core/conversation/people.ts'
import type { Step } from '../../core/conversation.ts'
import type { Incoming } from '../../core/incoming.ts'
import { judgeMessages } from '../../core/line/messages.ts'
import { type Match, makeMatcher } from '../../core/match.ts'
import type { Message } from '../../core/rule.ts'
import type { Json } from '../../core/schema/path.ts'
import { parseWebhook } from '../../core/webhook.ts'
import type { Profile } from '../../edge/line.ts'
import { linearRegex } from '../../edge/linear-regex.ts'
import type { Log } from '../../edge/log.ts'
import type { BotWithRules } from '../resources.ts'

/** What a bot did with one event. */
export interface Reaction {
  readonly outcome: string
  readonly match?: Match
  /** Everything that it said to LINE, in order. */
  readonly said: readonly Message[]
  /** Why LINE would not have taken it, or what failed. */
  readonly problems: readonly string[]
}

/** The production engine on a Bot and its rules, with LINE, time and chance in the hands of a test. */
export interface Engine {
  readonly bot: { readonly userId: string; readonly displayName: string }
  /** All that it may do: one reaction, or one for each reply that a rule picks among. */
  react(event: Json, step: Pick<Step, 'at' | 'forward'>): Promise<readonly Reaction[]>
}

/** What LINE tells of people, by user ID; who is not there is not known. */
export type Profiles = ReadonlyMap<string, Profile>

const silent = () => undefined
const log: Log = { debug: silent, info: silent, warn: silent, error: silent }

export function makeEngine({ bot, files }: BotWithRules, profiles: Profiles): Engine {
  const matcher = makeMatcher(files, linearRegex)
  const reactOnce = async (event: Json, chosen: number): Promise<{ reaction: Reaction; choices: number }> => {
    const said: Message[] = []
    let choices = 1
    const answering: Answering = {
      name: bot.metadata.name,
      matcher,
      groups: groupsOf(bot.spec.groups),
      suspend: bot.spec.suspend,
      line: {
        reply: async (_token, messages) => void said.push(...messages),
        profile: async (source) => profiles.get(source?.userId ?? ''),
      },
      pick: (_seed, count) => {
        choices = count
        return chosen
      },
      log,
    }
    const { outcome, match, error } = await answer(incomingOf(event), answering)
    const problems = [...(error === undefined ? [] : [sentence(error)]), ...refusals(said)]
    return { reaction: { outcome, said, problems, ...(match && { match }) }, choices }
  }
  return {
    bot: { userId: idFor('user', `bot ${bot.metadata.name}`), displayName: bot.metadata.name },
    async react(event) {
      const { reaction, choices } = await reactOnce(event, 0)
      const others = Array.from({ length: choices - 1 }, async (_, i) => (await reactOnce(event, i + 1)).reaction)
      return [reaction, ...(await Promise.all(others))]
    },
  }
}

/** As the bot reads it from LINE's webhook. */
function incomingOf(event: Json): Incoming {
  const [incoming] = parseWebhook(Buffer.from(JSON.stringify({ events: [event] })))?.events ?? []
  if (!incoming) throw new Error('the event is none that LINE could send')
  return incoming
}

const groupsOf = ({ answer: when, prefix }: BotWithRules['bot']['spec']['groups']) => ({
  answer: when,
  ...(prefix !== undefined && { prefix }),
})

const sentence = (error: unknown) => (error instanceof Error ? error.message : String(error))

/** LINE judges what templates have become, not what they were. */
const refusals = (said: readonly Message[]): string[] =>
  said.length === 0
    ? []
    : judgeMessages(said, 'answer').map(({ path, message }) => `LINE would refuse it: ${path}: ${message}`)
