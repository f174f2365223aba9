import { type BotWithRules, bindingsOf, botsOf, eventsOf, type Seen } from '../../core/bound.ts'
import { stepOf, type Told } from '../../core/conversation/told.ts'
import { Bot, Event, EventBinding } from '../../core/kinds.ts'
import { makeMatcher } from '../../core/match.ts'
import type { Kind, Obj } from '../../core/object.ts'
import { check } from '../../core/schema/check.ts'
import { isObject, type Json } from '../../core/schema/path.ts'
import { parseWebhook } from '../../core/webhook.ts'
import { linearRegex } from '../../edge/linear-regex.ts'
import { toYaml } from '../../edge/yaml.ts'
import type { Objects } from '../apiserver/store.ts'
import type { Platform } from '../line/app.ts'
import { botOf, channelNamed } from '../line/channels.ts'
import type { Happened } from '../line/happenings.ts'
import { Refused } from '../line/refused.ts'

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
  const [incoming] = parseWebhook(Buffer.from(JSON.stringify({ events: [event] })))?.events ?? []
  if (!incoming || !bot) return undefined
  const { answer, prefix } = bot.bot.spec.groups
  const groups = { answer, ...(prefix !== undefined && { prefix }) }
  const at = new Date(incoming.timestamp ?? 0)
  const rule = makeMatcher(bot.files, linearRegex).choose(incoming, groups, at)?.rule
  if (!rule || (rule.replies.length < 2 && !rule.forward)) return undefined
  return { name: `${rule.event}/${rule.index}`, forwards: rule.forward !== undefined }
}

const idOf = (metadata: { name: string; namespace?: unknown }) => `${String(metadata.namespace)}/${metadata.name}`

function seenIn(objects: Objects | undefined): Seen {
  const all = <K extends 'Bot' | 'Event' | 'EventBinding'>(kind: Kind & { readonly kind: K }) =>
    (objects?.list(kind) ?? []).flatMap((object) => {
      const checked = check(kind.kind, withoutStatus(object))
      return checked.ok ? [checked.value] : []
    })
  return { bots: all(Bot), bindings: all(EventBinding), events: all(Event) }
}

/** As a person would write it. */
function withoutStatus({ apiVersion, kind, metadata, ...rest }: Obj): object {
  const { name, namespace, labels } = metadata
  const spec = 'spec' in rest ? rest.spec : undefined
  return { apiVersion, kind, metadata: { name, namespace, ...(labels && { labels }) }, spec }
}

function resourcesFor(bot: Seen['bots'][number], seen: Seen): object[] {
  const bindings = bindingsOf(bot, seen)
  const events = new Set(bindings.flatMap((binding) => eventsOf(binding, seen)))
  const { channel, selector, groups, lateAnswers, push, quietHours, suspend } = bot.spec
  const spec = { channel, selector, groups, lateAnswers, push, quietHours, suspend }
  return [{ ...bot, spec }, ...bindings, ...events]
}
