import { type Ask, isDryRun } from './ask.ts'
import { conflict, notFound } from './refusal.ts'
import type { Resource } from './resources.ts'
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

export const marked = (thing: Thing): Thing => ({
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

export function disowned(thing: Thing, uids: readonly (string | undefined)[]): Thing {
  const { ownerReferences = [], ...metadata } = thing.metadata
  const left = ownerReferences.filter(({ uid }) => !uids.includes(uid))
  return { ...thing, metadata: { ...metadata, ...(left.length > 0 && { ownerReferences: left }) } }
}
