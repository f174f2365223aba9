import { type BotWithRules, bindingsOf, botsOf, eventsOf, type Seen } from '../../core/bound.ts'
import { stepOf, type Told } from '../../core/conversation/told.ts'
import { isObject, type Json } from '../../core/shape.ts'
import { linearRegex } from '../../edge/linear-regex.ts'
import { toYaml } from '../../edge/yaml.ts'
import type { Objects } from '../apiserver/store.ts'
import type { Platform } from '../line/app.ts'
import { botOf, channelNamed } from '../line/channels.ts'
import type { Happened } from '../line/happenings.ts'
import { Refused } from '../line/refused.ts'
import { explained, idOf, seenIn } from './rules.ts'

/** Whose chat: the channel's ID, and that of the user or group. */
export interface Asked {
  readonly channel: string
  readonly chat: string
}

const head = `# A conversation as it was in the chat page of npm start. To test it: npx linebot test FILE
# resources are the objects as they were then; name your files instead, as in [bot.yaml, events.yaml].
`

/** The chat as a test of linebot test, with all that it needs. Throws Refused where there is nothing to test. */
export function conversationOf({ channel: id, chat }: Asked, platform: Platform, objects: Objects | undefined): string {
  const channel = channelNamed(platform.channels, id)
  const seen = seenIn(objects)
  const bot = seen.bots.find(({ metadata }) => idOf(metadata) === botOf(channel))
  if (!bot) throw new Refused(404, 'this channel has no Bot whose conversation could be tested')
  const [rules] = botsOf({ ...seen, bots: [bot] }, linearRegex)
  const happened = platform.happenings.list().filter((one) => 'channel' in one && one.channel === id)
  const steps = stepsOf(happened, chat, platform, rules)
  if (steps.length === 0) throw new Refused(404, 'nothing was said in this chat yet')
  const group = platform.groups.byId(chat)
  const name = group?.name ?? nameOf(platform)(chat)
  const conversation = { name: `With ${name}`, ...(group ? { group: group.name } : {}), steps }
  return head + toYaml({ resources: resourcesFor(bot, seen), conversations: [conversation] })
}

const nameOf =
  ({ people }: Platform) =>
  (userId: string) =>
    people.list().find((one) => one.userId === userId)?.displayName ?? userId

function stepsOf(
  happened: readonly Happened[],
  chat: string,
  platform: Platform,
  rules: BotWithRules | undefined,
): Json[] {
  const said = Map.groupBy(
    happened.filter((one) => one.kind === 'answer'),
    ({ webhookEventId }) => webhookEventId,
  )
  return happened.flatMap((one) => {
    if (one.kind !== 'event' || one.chat !== chat) return []
    const { event } = one
    const answers = said.get(String(event['webhookEventId']))?.flatMap(({ messages }) => messages) ?? []
    const { userId } = isObject(event['source']) ? event['source'] : {}
    const by = typeof userId === 'string' ? nameOf(platform)(userId) : 'You'
    const rule = ruleFor(event, rules)
    return [stepOf({ event, said: answers, by, nameOf: nameOf(platform), ...(rule && { rule }) })]
  })
}

/** Of rules that pick at random or forward, the answer was one of many. */
function ruleFor(event: Json, bot: BotWithRules | undefined): Told['rule'] {
  const rule = bot && explained(event, bot)?.chosen?.rule
  if (!rule || (rule.replies.length < 2 && !rule.forward)) return undefined
  return { name: `${rule.event}/${rule.index}`, forwards: rule.forward !== undefined }
}

function resourcesFor(bot: Seen['bots'][number], seen: Seen): object[] {
  const bindings = bindingsOf(bot, seen)
  const events = new Set(bindings.flatMap((binding) => eventsOf(binding, seen)))
  const { channel, selector, groups, lateAnswers, push, quietHours, suspend } = bot.spec
  const spec = { channel, selector, groups, lateAnswers, push, quietHours, suspend }
  return [{ ...bot, spec }, ...bindings, ...events]
}
