import { type Answering, answer, type Done } from '../../bot/answer.ts'
import { makeBudget } from '../../bot/budget.ts'
import { makeMemory } from '../../bot/memory.ts'
import { settingsFrom } from '../../bot/settings.ts'
import { envFor } from '../../bot-controller/wanted.ts'
import type { BotWithRules } from '../../core/bound.ts'
import { idFor } from '../../core/conversation/people.ts'
import type { ConversationStep } from '../../core/conversation.ts'
import { makeExplainer } from '../../core/explain.ts'
import type { Incoming } from '../../core/incoming.ts'
import { judgeMessages } from '../../core/line/messages.ts'
import type { Match } from '../../core/match.ts'
import type { Message } from '../../core/rule.ts'
import type { Json } from '../../core/shape.ts'
import { parseWebhook } from '../../core/webhook.ts'
import type { Profile } from '../../edge/line.ts'
import { linearRegex } from '../../edge/linear-regex.ts'
import type { Log } from '../../edge/log.ts'
import { makeTarget } from './target.ts'

/** What a bot did with one event. */
export interface Reaction {
  readonly outcome: string
  readonly match?: Match
  /** Why no rule is asked at all, where the Bot's own settings say so. */
  readonly silent?: string
  /** Everything that it said to LINE, in order. */
  readonly said: readonly Message[]
  /** Why LINE would not have taken it, or what failed. */
  readonly problems: readonly string[]
}

/** What a bot hears of in one step. */
export type Heard = Pick<ConversationStep, 'at' | 'chat' | 'forward'>

/** The production engine on a Bot and its rules, with LINE, time and chance in the hands of a test. */
export interface Engine {
  readonly bot: { readonly userId: string; readonly displayName: string }
  /** All that it may do: one reaction, or one for each reply that a rule picks among. */
  react(event: Json, heard: Heard): Promise<readonly Reaction[]>
}

/** What LINE tells of people, by user ID; who is not there is not known. */
export type Profiles = ReadonlyMap<string, Profile>

const silent = () => undefined
const log: Log = { debug: silent, info: silent, warn: silent, error: silent }

/** An engine remembers what was said to it, as a pod does; `others` are the Bots that it may forward to. */
export function makeEngine(given: BotWithRules, others: readonly BotWithRules[], profiles: Profiles): Engine {
  const { bot, files } = given
  const settings = settingsFrom(environmentOf(given))
  const steady = {
    name: bot.metadata.name,
    rules: files,
    matcher: makeExplainer(files, linearRegex),
    groups: settings.groups,
    suspend: settings.suspend,
    quietHours: settings.quietHours,
    late: settings.late,
    memory: makeMemory(),
    log,
  }
  const reactOnce = async (event: Json, heard: Heard, chosen: number) => {
    const said: Message[] = []
    const target = makeTarget(heard, handOverTo(event, heard, others, profiles, said))
    const now = () => heard.at
    let choices = 1
    const answering: Answering = {
      ...steady,
      now,
      line: lineFor(heard, profiles, said),
      budget: makeBudget({ monthly: settings.pushBudget, consumption: async () => 0, now }),
      forward: target.forward,
      handOver: target.handOver,
      startTimer: target.startTimer,
      pick: (_seed, count) => {
        choices = count
        return chosen
      },
    }
    const incoming = incomingOf(event)
    const done = await answer(incoming, answering)
    target.answerAtLast()
    const last = await done.later
    const reaction = reactionOf(done, last, said, target.problems())
    const { silent: why } =
      done.outcome === 'unmatched' ? steady.matcher.explain(incoming, steady.groups, heard.at) : {}
    return { reaction: { ...reaction, ...(why !== undefined && { silent: why }) }, choices }
  }
  return {
    bot: { userId: idFor('user', `bot ${bot.metadata.name}`), displayName: bot.metadata.name },
    async react(event, heard) {
      const { reaction, choices } = await reactOnce(event, heard, 0)
      const more = Array.from({ length: choices - 1 }, async (_, i) => await reactOnce(event, heard, i + 1))
      return [reaction, ...(await Promise.all(more)).map((one) => one.reaction)]
    },
  }
}

/** As the bot-controller gives it to the pod. */
function environmentOf({ bot, env }: BotWithRules): Record<string, string> {
  const metadata = { namespace: 'default', ...bot.metadata }
  return (
    env ??
    Object.fromEntries(
      envFor({ ...bot, metadata }, { lineApi: 'http://line.test' }).map(({ name, value }) => [name, value]),
    )
  )
}

function lineFor({ chat }: Heard, profiles: Profiles, said: Message[]): Answering['line'] {
  return {
    reply: async (_token, messages) => {
      said.push(...messages)
      return 'confirmed'
    },
    push: async (_to, messages) => void said.push(...messages),
    startLoading: async () => undefined,
    profile: async (source) => profileIn(chat, profiles.get(source?.userId ?? '')),
    group: async () => ({ groupName: chat.name }),
  }
}

/** Of members of a group LINE tells less. */
function profileIn({ in: place }: Heard['chat'], profile: Profile | undefined): Profile | undefined {
  if (!profile || place === 'user') return profile
  const { displayName, pictureUrl } = profile
  return { displayName, ...(pictureUrl !== undefined && { pictureUrl }) }
}

/** The other Bot answers LINE itself. */
const handOverTo =
  (event: Json, heard: Heard, others: readonly BotWithRules[], profiles: Profiles, said: Message[]) =>
  async (name: string): Promise<readonly string[]> => {
    const other = others.find(({ bot }) => bot.metadata.name === name)
    if (!other) return [`forwarded to Bot ${name}, which is not among the resources`]
    const [reaction] = await makeEngine(other, [], profiles).react(event, heard)
    said.push(...(reaction?.said ?? []))
    return reaction?.problems ?? []
  }

function reactionOf(done: Done, last: Done | undefined, said: readonly Message[], told: readonly string[]): Reaction {
  const { outcome, match } = done
  // What a test lets a target answer is no problem, and what was not told of it already is.
  const errors = [done, last].flatMap((one) => (one?.error === undefined || match?.rule.forward ? [] : [one.error]))
  const problems = [...told, ...errors.map(sentence), ...refusals(said)]
  return { outcome, said, problems, ...(match && { match }) }
}

/** As the bot reads it from LINE's webhook. */
function incomingOf(event: Json): Incoming {
  const [incoming] = parseWebhook(Buffer.from(JSON.stringify({ events: [event] })))?.events ?? []
  if (!incoming) throw new Error('the event is none that LINE could send')
  return incoming
}

const sentence = (error: unknown) => (error instanceof Error ? error.message : String(error))

/** LINE judges what templates have become, not what they were. */
const refusals = (said: readonly Message[]): string[] =>
  said.length === 0
    ? []
    : judgeMessages(said, 'answer').map(({ path, message }) => `LINE would refuse it: ${path}: ${message}`)
