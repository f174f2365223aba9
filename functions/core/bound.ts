import { compile } from './compile.ts'
import type { LinearRegex } from './linear.ts'
import type { Obj } from './object.ts'
import type { EventBinding } from './resources/binding.ts'
import type { Bot } from './resources/bot.ts'
import type { EventResource } from './resources/event.ts'
import type { RuleFile } from './rule.ts'
import { nearest } from './schema/nearest.ts'
import { selects } from './selector.ts'

/** Everything of a namespace, or of some files. */
export interface Seen {
  readonly bots: readonly Bot[]
  readonly bindings: readonly EventBinding[]
  readonly events: readonly EventResource[]
}

/** A Bot with the rules that it answers by. */
export interface BotWithRules {
  readonly bot: Bot
  readonly files: readonly RuleFile[]
  /** Of its pod, where there is one; else as the bot-controller would make it. */
  readonly env?: Readonly<Record<string, string>>
  /** Why no Event reaches it, and what to do; absent where one does. */
  readonly unwired?: string
}

/** Whether the Bot uses the EventBinding of its namespace: by its selector, or by the same name where it has none. */
export const uses = ({ spec, metadata }: Pick<Bot, 'spec' | 'metadata'>, binding: Pick<Obj, 'metadata'>): boolean =>
  spec.selector ? selects(spec.selector, binding.metadata.labels) : metadata.name === binding.metadata.name

/** The EventBindings that the Bot uses. */
export const bindingsOf = (bot: Bot, { bindings }: Pick<Seen, 'bindings'>): EventBinding[] =>
  bindings.filter((binding) => sameNamespace(binding, bot) && uses(bot, binding))

/** The Events that belong to the EventBinding. */
export const eventsOf = (binding: EventBinding, { events }: Pick<Seen, 'events'>): EventResource[] =>
  events.filter((event) => sameNamespace(event, binding) && selects(binding.spec.selector, labelsOf(event)))

/** Each Bot with its rules, as the event-controller gathers them; what it would reject is left out. */
export const botsOf = (seen: Seen, linear: LinearRegex): BotWithRules[] =>
  seen.bots.map((bot) => {
    const unwired = whyUnwired(bot, seen)
    return {
      bot,
      files: bindingsOf(bot, seen).map((binding) => ({
        binding: binding.metadata.name,
        priority: binding.spec.priority,
        rules: eventsOf(binding, seen).flatMap((event) => compile(event, linear).rules),
      })),
      ...(unwired !== undefined && { unwired }),
    }
  })

/** What to do where the Bot uses no EventBinding. */
export const bindingMissing = ({ metadata, spec }: Pick<Bot, 'spec' | 'metadata'>): string =>
  spec.selector
    ? 'no EventBinding has the labels that spec.selector asks for: label one, or change the selector'
    : `create EventBinding ${metadata.name}, or set spec.selector`

/** Why no Event reaches the Bot, and what to do; undefined where one does. */
export function whyUnwired(bot: Bot, seen: Seen): string | undefined {
  const bindings = bindingsOf(bot, seen)
  if (bindings.some((binding) => eventsOf(binding, seen).length > 0)) return undefined
  if (bindings.length > 0) {
    const names = bindings.map(({ metadata }) => metadata.name).join(', ')
    const far = seen.events.find((event) => bindings.some(({ spec }) => selects(spec.selector, labelsOf(event))))
    if (far) return apart(`Event ${far.metadata.name}`, far, `EventBinding ${names}`, bot)
    return `no Event has the labels that spec.selector of EventBinding ${names} asks for: label one, or change the selector`
  }
  const far = seen.bindings.find((binding) => uses(bot, binding))
  if (far) return apart(`EventBinding ${far.metadata.name}`, far, 'the Bot', bot)
  const others = seen.bindings.filter((binding) => sameNamespace(binding, bot)).map(({ metadata }) => metadata.name)
  const near = bot.spec.selector ? undefined : nearest(bot.metadata.name, others)
  return `${bindingMissing(bot)}${near === undefined ? '' : `; there is EventBinding ${near}, which it does not use`}`
}

/** Only what is in one namespace meets. */
const apart = (one: string, far: Named, other: string, near: Named): string =>
  `${one} is ${placeOf(far)}, ${other} ${placeOf(near)}: write the same metadata.namespace in both`

const placeOf = (named: Named): string => {
  const namespace = namespaceOf(named)
  return namespace === undefined ? 'without a namespace' : `in namespace ${String(namespace)}`
}

type Named = Pick<Bot, 'metadata'>

/** The schema of metadata speaks of the name alone; the rest is Kubernetes' own. */
const labelsOf = ({ metadata }: Named) => ('labels' in metadata ? (metadata.labels as Record<string, string>) : {})
const namespaceOf = ({ metadata }: Named) => ('namespace' in metadata ? metadata.namespace : undefined)
const sameNamespace = (a: Named, b: Named) => namespaceOf(a) === namespaceOf(b)
