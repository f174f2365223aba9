import { type BotWithRules, botsOf, type Seen } from '../../core/bound.ts'
import { type Explanation, makeExplainer } from '../../core/explain.ts'
import { Bot, Event, EventBinding } from '../../core/kinds.ts'
import type { Kind, Obj } from '../../core/object.ts'
import { check } from '../../core/schema/check.ts'
import type { Json } from '../../core/shape.ts'
import { parseWebhook } from '../../core/webhook.ts'
import { linearRegex } from '../../edge/linear-regex.ts'
import type { Objects } from '../apiserver/store.ts'
import type { Platform } from '../line/app.ts'

/** `NAMESPACE/NAME`. */
export const idOf = (metadata: { readonly name: string; readonly namespace?: unknown }): string =>
  `${String(metadata.namespace)}/${metadata.name}`

/** The objects that rules come from. */
export function seenIn(objects: Objects | undefined): Seen {
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

/** What the bot's rules say of the event, as of when it happened. */
export function explained(event: Json, { bot, files }: BotWithRules): Explanation | undefined {
  const [incoming] = parseWebhook(Buffer.from(JSON.stringify({ events: [event] })))?.events ?? []
  if (!incoming) return undefined
  const { answer, prefix } = bot.spec.groups
  const groups = { answer, ...(prefix !== undefined && { prefix }) }
  return makeExplainer(files, linearRegex).explain(incoming, groups, new Date(incoming.timestamp ?? 0))
}

/** What the rules of the Bot `NAMESPACE/NAME` say of the event with this webhookEventId. */
export type Explain = (bot: string, webhookEventId: string) => Explanation | undefined

/** By the objects as they are; between two changes of them they are compiled once. */
export function makeExplain({ happenings }: Platform, objects: Objects | undefined): Explain {
  let bots: readonly BotWithRules[] | undefined
  objects?.onChange(() => {
    bots = undefined
  })
  return (id, webhookEventId) => {
    bots ??= botsOf(seenIn(objects), linearRegex)
    const bot = bots.find((one) => idOf(one.bot.metadata) === id)
    const happened = happenings
      .list()
      .findLast((one) => one.kind === 'event' && one.event['webhookEventId'] === webhookEventId)
    return bot && happened?.kind === 'event' ? explained(happened.event, bot) : undefined
  }
}
