import { ConfigMap, EventBinding } from '../core/kinds.ts'
import { label } from '../core/names.ts'
import { type Obj, type OwnerReference, type Ref, refTo } from '../core/object.ts'
import { keepsMeta, type Step, same } from '../core/plan.ts'
import type { Bound } from './bind.ts'
import type { RulesSeen } from './see.ts'
import { botsNaming, ownersOf } from './wanted.ts'

export const manager = 'linebot-event-controller'
/** Owners come and go while the rest of a ConfigMap is immutable: they have a field manager of their own. */
export const ownersManager = `${manager}-owners`

/** Makes the ConfigMaps of a binding's rules of today, and sees that all who need them own them. */
export function current({ binding, bots, hash, configMaps }: Bound, seen: RulesSeen): Step[] {
  const serves = refTo(EventBinding, binding)
  const owners = ownersOf(hash, { binding, bots }, seen)
  return configMaps.flatMap((wanted): Step[] => {
    const live = seen.configMaps.find(({ metadata }) => metadata.name === wanted.metadata.name)
    const make: Step = { do: 'apply', kind: ConfigMap, object: wanted, manager, serves }
    return [
      ...(live && keepsMeta(live.metadata, wanted.metadata) ? [] : [make]),
      ...own(live ?? wanted, owners, serves),
    ]
  })
}

/**
 * Rules that no Revision names, and that are kept while a Bot of their binding has not moved: its Service may be being
 * written with them right now. A run of the bot-controller takes seconds, and changes are a second apart at least. A
 * Bot that never comes to a Revision would keep all that ever were.
 */
const keptUnnamed = 10

/**
 * The rules of yesterday: owned by the Bots that still mount them, and removed when there is none. Until every Bot of
 * the binding has moved to today's rules they stay as they are, but for those of long ago that nobody came to mount.
 */
export function leftovers(bound: readonly Bound[], seen: RulesSeen): Step[] {
  const wanted = new Set(bound.flatMap(({ configMaps }) => configMaps.map(({ metadata }) => metadata.name)))
  const old = seen.configMaps.filter(({ metadata }) => !wanted.has(metadata.name))
  return [...Map.groupBy(old, bindingOf)].flatMap(([name, configMaps]): Step[] => {
    const home = bound.find(({ binding }) => binding.metadata.name === name)
    const serves = { ...EventBinding, namespace: seen.namespace, name }
    if (home && moving(home, seen)) return ofLongAgo(configMaps, seen).map((one) => removal(one, serves))
    return configMaps.flatMap((live) => {
      const owners = ownersOf(hashIn(live), undefined, seen)
      return owners.length > 0 ? own(live, owners, serves) : [removal(live, serves)]
    })
  })
}

const bindingOf = ({ metadata }: Obj) => metadata.labels?.[label.binding] ?? ''
const hashIn = ({ metadata }: Obj) => metadata.labels?.[label.rules] ?? ''

const moving = ({ bots, hash }: Bound, seen: RulesSeen): boolean => {
  const there = botsNaming(hash, seen)
  return bots.some((bot) => !there.has(bot))
}

/** What no Revision names, without the newest; rules in several ConfigMaps are kept or left together. */
function ofLongAgo(configMaps: readonly Obj[], seen: RulesSeen): Obj[] {
  const born = ({ metadata }: Obj) => metadata.creationTimestamp ?? ''
  const unnamed = configMaps
    .filter((one) => botsNaming(hashIn(one), seen).size === 0)
    .toSorted((a, b) => (born(a) > born(b) ? -1 : born(a) < born(b) ? 1 : 0))
  const kept = new Set([...new Set(unnamed.map(hashIn))].slice(0, keptUnnamed))
  return unnamed.filter((one) => !kept.has(hashIn(one)))
}

const removal = (live: Obj, serves: Ref): Step => ({
  do: 'remove',
  ref: refTo(ConfigMap, live),
  uid: live.metadata.uid ?? '',
  serves,
})

function own(configMap: Obj, ownerReferences: readonly OwnerReference[], serves: Ref): Step[] {
  const { name, namespace, uid, ownerReferences: before } = configMap.metadata
  const uids = (owners: readonly OwnerReference[] = []) => owners.map((owner) => owner.uid).toSorted()
  if (uid !== undefined && same(uids(before), uids(ownerReferences))) return []
  // With its uid, an apply to one that has just gone makes no hollow one in its place.
  const metadata = { name, ...(namespace && { namespace }), ...(uid && { uid }), ownerReferences }
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata }
  return [{ do: 'apply', kind: ConfigMap, object, manager: ownersManager, serves }]
}
