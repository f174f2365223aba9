import { stamp } from '../core/condition.ts'
import { ConfigMap, Event, EventBinding } from '../core/kinds.ts'
import { label } from '../core/names.ts'
import { type Obj, refTo, type Stored } from '../core/object.ts'
import { keepsMeta, type Plan, type Step, same } from '../core/plan.ts'
import type { Problem } from '../core/problem.ts'
import type { EventBinding as BindingResource, EventBindingStatus } from '../core/resources/binding.ts'
import type { EventResource, EventStatus } from '../core/resources/event.ts'
import type { Rule, RuleFile } from '../core/rule.ts'
import { selects } from '../core/selector.ts'
import { bindingReady, eventReady } from './checks.ts'
import type { RulesSeen } from './see.ts'
import { named, ownersOf, shardBytes, shards, sizeOf } from './wanted.ts'

export const manager = 'linebot-event-controller'
/** Owners come and go while the rest of a ConfigMap is immutable: they have a field manager of their own. */
export const ownersManager = `${manager}-owners`

/** What the pure part needs of the modules that judge rules; a value, so that a row of a test can stand in. */
export interface Judge {
  compile(event: EventResource): { rules: readonly Rule[]; problems: readonly Problem[] }
  shadowed(files: readonly RuleFile[]): readonly Shadow[]
}

/** A keyword that never wins: `by` says in words which rule always comes before it. */
export interface Shadow {
  readonly event: string
  readonly path: string
  readonly keyword: string
  readonly by: string
}

type Compiled = { event: Stored<EventResource>; rules: readonly Rule[]; problems: readonly Problem[] }
type Bound = {
  binding: Stored<BindingResource>
  members: Compiled[]
  bots: string[]
  files: RuleFile[]
  hash: string
  configMaps: Obj[]
}

/** The namespace's rules and statuses as they should be. Pure and synchronous; a settled namespace gives no steps. */
export function reconcile(seen: RulesSeen, judge: Judge, now: Date): Plan {
  const compiled = seen.events.filter(alive).map((event) => ({ event, ...guarded(event, judge) }))
  const bound = seen.bindings.filter(alive).map((binding) => bind(binding, compiled, seen))
  const shadows = judge.shadowed(bound.flatMap(({ files }) => files))
  const steps = [
    ...bound.flatMap((one) => rulesSteps(one, seen)),
    ...leftovers(bound, seen),
    ...bound.flatMap((one) => bindingStatusStep(one, now)),
    ...compiled.flatMap((one) => eventStatusStep(one, bound, shadows, now)),
  ]
  return { steps, outcome: { ended: 'settled' } }
}

/** Whether the plan would put other rules in force: then it is worth waiting for the rest of a burst. */
export const changesRules = ({ steps }: Plan): boolean =>
  steps.some((step) => step.do === 'apply' && step.manager === manager)

const alive = ({ metadata }: Obj) => metadata.deletionTimestamp === undefined

function guarded(event: EventResource, judge: Judge): Pick<Compiled, 'rules' | 'problems'> {
  const { rules, problems } = judge.compile(event)
  const tooBig = rules.filter((rule) => sizeOf(rule) > shardBytes)
  const said = tooBig.map((rule) => ({
    path: `spec.rules[${rule.index}]`,
    message: `${sizeOf(rule)} bytes as JSON, at most ${shardBytes}`,
  }))
  return { rules: rules.filter((rule) => !tooBig.includes(rule)), problems: [...problems, ...said] }
}

function bind(binding: Stored<BindingResource>, compiled: readonly Compiled[], seen: RulesSeen): Bound {
  const { name, namespace = seen.namespace } = binding.metadata
  // By name, so that the same rules have the same bytes whatever order the API server lists them in.
  const members = compiled
    .filter(({ event }) => selects(binding.spec.selector, event.metadata.labels))
    .toSorted((a, b) => (a.event.metadata.name < b.event.metadata.name ? -1 : 1))
  const files = shards(
    name,
    binding.spec.priority,
    members.flatMap(({ rules }) => rules),
  )
  const bots = seen.bots.filter((bot) => alive(bot) && uses(bot, binding)).map(({ metadata }) => metadata.name)
  return { binding, members, bots: bots.toSorted(), files, ...named(namespace, files) }
}

/** Whether the Bot uses the binding: by its selector, or by the same name where it has none. */
export const uses = (bot: RulesSeen['bots'][number], binding: Obj): boolean =>
  bot.spec.selector ? selects(bot.spec.selector, binding.metadata.labels) : bot.metadata.name === binding.metadata.name

function rulesSteps({ binding, bots, hash, configMaps }: Bound, seen: RulesSeen): Step[] {
  const serves = refTo(EventBinding, binding)
  return configMaps.flatMap((wanted): Step[] => {
    const live = seen.configMaps.find(({ metadata }) => metadata.name === wanted.metadata.name)
    const make: Step = { do: 'apply', kind: ConfigMap, object: wanted, manager, serves }
    return [
      ...(live && keepsMeta(live.metadata, wanted.metadata) ? [] : [make]),
      ...ownStep(wanted, live, hash, { binding, bots }, seen, serves),
    ]
  })
}

/** The rules of yesterday: owned by the Bots that still mount them, and removed when there is none. */
function leftovers(bound: readonly Bound[], seen: RulesSeen): Step[] {
  const wanted = new Set(bound.flatMap(({ configMaps }) => configMaps.map(({ metadata }) => metadata.name)))
  return seen.configMaps
    .filter(({ metadata }) => !wanted.has(metadata.name))
    .flatMap((live): Step[] => {
      const binding = live.metadata.labels?.[label.binding] ?? ''
      const hash = live.metadata.labels?.[label.rules] ?? ''
      const serves = { ...EventBinding, namespace: seen.namespace, name: binding }
      // A bot-controller at work may be about to mount what the status named until now.
      const told = bound.some(
        (one) => one.binding.metadata.name === binding && one.binding.status?.rules?.hash === hash,
      )
      if (told || ownersOf(hash, undefined, seen).length > 0) return ownStep(live, live, hash, undefined, seen, serves)
      return [{ do: 'remove', ref: refTo(ConfigMap, live), uid: live.metadata.uid ?? '', serves }]
    })
}

function ownStep(
  configMap: Obj,
  live: Obj | undefined,
  hash: string,
  current: { binding: Obj; bots: string[] } | undefined,
  seen: RulesSeen,
  serves: ReturnType<typeof refTo>,
): Step[] {
  const ownerReferences = ownersOf(hash, current, seen)
  const uids = (owners: readonly { uid: string }[] = []) => owners.map(({ uid }) => uid).toSorted()
  if (live && same(uids(live.metadata.ownerReferences), uids(ownerReferences))) return []
  const { name, namespace = seen.namespace } = configMap.metadata
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name, ownerReferences } }
  return [{ do: 'apply', kind: ConfigMap, object, manager: ownersManager, serves }]
}

function bindingStatusStep({ binding, members, bots, files, hash, configMaps }: Bound, now: Date): Step[] {
  const count = files.reduce((sum, { rules }) => sum + rules.length, 0)
  const rejected = members.flatMap(({ event, problems }) =>
    problems.map((problem) => ({ event: event.metadata.name, ...problem })),
  )
  const leftOut = members.reduce((sum, { event, rules }) => sum + event.spec.rules.length - rules.length, 0)
  const { generation = 0 } = binding.metadata
  const status: EventBindingStatus = {
    observedGeneration: generation,
    conditions: stamp(
      [bindingReady(binding, members.length, count, leftOut)],
      binding.status?.conditions,
      generation,
      now,
    ),
    events: members.length,
    rules: { count, hash, configMaps: configMaps.map(({ metadata }) => metadata.name) },
    ...(rejected.length > 0 && { rejected: rejected.slice(0, 50) }),
    ...(bots.length > 0 && { bots }),
  }
  return statusStep(EventBinding, binding, status)
}

function eventStatusStep(
  { event, rules, problems }: Compiled,
  bound: readonly Bound[],
  shadows: readonly Shadow[],
  now: Date,
): Step[] {
  const { name, generation = 0 } = event.metadata
  const bindings = bound
    .filter(({ members }) => members.some((one) => one.event === event))
    .map(({ binding }) => binding.metadata.name)
    .toSorted()
  const shadowed = shadows
    .filter((shadow) => shadow.event === name)
    .map(({ keyword, path, by }) => ({ keyword, path, by }))
  const status: EventStatus = {
    observedGeneration: generation,
    conditions: stamp([eventReady(rules.length, problems, bindings)], event.status?.conditions, generation, now),
    accepted: rules.length,
    ...(problems.length > 0 && { problems: problems.slice(0, 50).map(({ path, message }) => ({ path, message })) }),
    ...(bindings.length > 0 && { bindings }),
    ...(shadowed.length > 0 && { shadowed: shadowed.slice(0, 50) }),
  }
  return statusStep(Event, event, status)
}

function statusStep(kind: typeof Event | typeof EventBinding, of: Obj & { status?: unknown }, status: unknown): Step[] {
  if (same(of.status, status)) return []
  const { name, namespace, uid } = of.metadata
  // The uid makes the write fail when another object of this name has taken its place.
  const metadata = { name, ...(namespace && { namespace }), ...(uid && { uid }) }
  const object = { apiVersion: kind.apiVersion, kind: kind.kind, metadata, status }
  return [{ do: 'status', kind, object, manager, serves: refTo(kind, of) }]
}
