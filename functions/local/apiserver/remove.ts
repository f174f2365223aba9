import { type Ask, isDryRun } from './ask.ts'
import { conflict, notFound } from './refusal.ts'
import { type Resource, resourceAt } from './resources.ts'
import type { Store } from './store.ts'
import { at, type Thing, textAt } from './thing.ts'

/** DELETE of one object: gone at once, or marked where somebody has still to do something. */
export function remove(store: Store, ask: Ask, body: unknown): object {
  const { resource, namespace, name = '' } = ask
  const live = store.get(resource, namespace, name)
  if (!live) throw notFound(resource, name)
  refuseOther(resource, live, body)
  const propagation = ask.query.get('propagationPolicy') ?? textAt(body, 'propagationPolicy')
  if (isDryRun(ask) || isDryRunBody(body)) return done(resource, live)
  if (resource.kind === 'Namespace') return store.put(resource, terminating(live))
  if (propagation === 'Orphan') orphan(store, live)
  const waits =
    propagation === 'Foreground' ? [...(live.metadata.finalizers ?? []), foreground] : live.metadata.finalizers
  if (!waits?.length) {
    store.remove(resource, live)
    return done(resource, live)
  }
  return live.metadata.deletionTimestamp
    ? live
    : store.put(resource, marked({ ...live, metadata: { ...live.metadata, finalizers: waits } }))
}

export const foreground = 'foregroundDeletion'

const isDryRunBody = (body: unknown) => {
  const dryRun = at(body, 'dryRun')
  return Array.isArray(dryRun) && dryRun.includes('All')
}

function refuseOther(resource: Resource, { metadata }: Thing, body: unknown): void {
  const { name, uid } = metadata
  const wanted = textAt(body, 'preconditions', 'uid')
  if (wanted === undefined || wanted === uid) return
  const why = `the UID in the precondition (${wanted}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`
  throw conflict(resource, name, why)
}

const done = ({ group, plural }: Resource, { metadata: { name, uid } }: Thing) => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Success',
  details: { name, ...(group && { group }), kind: plural, uid },
})

const marked = (thing: Thing): Thing => ({
  ...thing,
  metadata: {
    ...thing.metadata,
    deletionGracePeriodSeconds: 0,
    deletionTimestamp: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
  },
})

const terminating = (thing: Thing): Thing => ({ ...marked(thing), status: { phase: 'Terminating' } })

/** Those it owned stay, and forget it. */
function orphan(store: Store, { metadata: { uid } }: Thing): void {
  for (const { resource, thing } of store.all()) if (owns(thing, uid)) store.put(resource, disowned(thing, [uid]))
}

const owns = ({ metadata: { ownerReferences = [] } }: Thing, uid: string | undefined) =>
  ownerReferences.some((owner) => owner.uid === uid)

function disowned(thing: Thing, uids: readonly (string | undefined)[]): Thing {
  const { ownerReferences = [], ...metadata } = thing.metadata
  const left = ownerReferences.filter(({ uid }) => !uids.includes(uid))
  return { ...thing, metadata: { ...metadata, ...(left.length > 0 && { ownerReferences: left }) } }
}

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
