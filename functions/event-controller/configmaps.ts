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
 * The rules of yesterday: owned by the Bots that still mount them, and removed when there is none. Until every Bot of
 * the binding has moved to today's rules they stay as they are, because its Service may be being written right now.
 */
export function leftovers(bound: readonly Bound[], seen: RulesSeen): Step[] {
  const wanted = new Set(bound.flatMap(({ configMaps }) => configMaps.map(({ metadata }) => metadata.name)))
  return seen.configMaps
    .filter(({ metadata }) => !wanted.has(metadata.name))
    .flatMap((live): Step[] => {
      const name = live.metadata.labels?.[label.binding] ?? ''
      const home = bound.find(({ binding }) => binding.metadata.name === name)
      if (home && moving(home, seen)) return []
      const serves = { ...EventBinding, namespace: seen.namespace, name }
      const owners = ownersOf(live.metadata.labels?.[label.rules] ?? '', undefined, seen)
      if (owners.length > 0) return own(live, owners, serves)
      return [{ do: 'remove', ref: refTo(ConfigMap, live), uid: live.metadata.uid ?? '', serves }]
    })
}

const moving = ({ bots, hash }: Bound, seen: RulesSeen): boolean => {
  const there = botsNaming(hash, seen)
  return bots.some((bot) => !there.has(bot))
}

function own(configMap: Obj, ownerReferences: readonly OwnerReference[], serves: Ref): Step[] {
  const { name, namespace, uid, ownerReferences: before } = configMap.metadata
  const uids = (owners: readonly OwnerReference[] = []) => owners.map((owner) => owner.uid).toSorted()
  if (uid !== undefined && same(uids(before), uids(ownerReferences))) return []
  // With its uid, an apply to one that has just gone makes no hollow one in its place.
  const metadata = { name, ...(namespace && { namespace }), ...(uid && { uid }), ownerReferences }
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata }
  return [{ do: 'apply', kind: ConfigMap, object, manager: ownersManager, serves }]
}
