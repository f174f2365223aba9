import { disowned, foreground, marked } from './remove.ts'
import { type Resource, resourceAt } from './resources.ts'
import type { Store } from './store.ts'
import type { Thing } from './thing.ts'

/** What a cluster's garbage collector and namespace controller do, a moment after each change. Gives what stops it. */
export function collect(store: Store): () => void {
  let asked: NodeJS.Immediate | undefined
  const sweep = () => {
    asked = undefined
    for (const { resource, thing } of store.all()) sweepOne(store, resource, thing)
  }
  const stop = store.onChange(({ verb, object }) => {
    const { deletionTimestamp, ownerReferences } = object.metadata
    if (verb === 'delete' || deletionTimestamp || ownerReferences) asked ??= setImmediate(sweep)
  })
  return () => {
    stop()
    clearImmediate(asked)
  }
}

function sweepOne(store: Store, resource: Resource, seen: Thing): void {
  const { namespace, name, uid } = seen.metadata
  const thing = store.get(resource, namespace, name)
  if (thing?.metadata.uid !== uid || !thing) return
  const { ownerReferences = [], deletionTimestamp, finalizers = [] } = thing.metadata
  if (deletionTimestamp) return finishDeletion(store, resource, thing, finalizers)
  const there = new Set(store.all().map((one) => one.thing.metadata.uid))
  const gone = ownerReferences.filter((owner) => !there.has(owner.uid))
  if (gone.length === 0) return
  if (gone.length === ownerReferences.length) release(store, resource, thing)
  else
    store.put(
      resource,
      disowned(
        thing,
        gone.map((owner) => owner.uid),
      ),
    )
}

/** Deletes as a person without a word about propagation would. */
function release(store: Store, resource: Resource, thing: Thing): void {
  if (thing.metadata.finalizers?.length) store.put(resource, marked(thing))
  else store.remove(resource, thing)
}

function finishDeletion(store: Store, resource: Resource, thing: Thing, finalizers: readonly string[]): void {
  const { name, uid } = thing.metadata
  if (resource === resourceAt('v1', 'namespaces')) {
    for (const inside of store.all(name)) release(store, inside.resource, inside.thing)
    if (store.all(name).length === 0) store.remove(resource, thing)
    return
  }
  if (finalizers.length === 0) {
    store.remove(resource, thing)
    return
  }
  if (!finalizers.includes(foreground)) return
  for (const one of store.all()) if (blocks(one.thing, uid)) release(store, one.resource, one.thing)
  if (store.all().some((one) => blocks(one.thing, uid))) return
  store.put(resource, {
    ...thing,
    metadata: { ...thing.metadata, finalizers: finalizers.filter((one) => one !== foreground) },
  })
}

const blocks = ({ metadata: { ownerReferences } }: Thing, uid: string | undefined) =>
  ownerReferences?.some((owner) => owner.uid === uid) ?? false
