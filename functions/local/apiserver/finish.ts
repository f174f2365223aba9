import { randomUUID } from 'node:crypto'
import { label } from '../../core/names.ts'
import { type Ask, isDryRun, managerOf } from './ask.ts'
import { refuseImmutable, withCoreDefaults } from './core-kinds.ts'
import { namespaceThing } from './given.ts'
import { refuseInvalid, settled } from './judge.ts'
import { type Manager, managedFields, ownersAfter } from './managed.ts'
import { badRequest, conflict, invalid, modified, Refusal } from './refusal.ts'
import type { Resource } from './resources.ts'
import { scaleOf } from './scale.ts'
import type { Store } from './store.ts'
import { same, type Thing, type ThingMeta, without } from './thing.ts'

export interface Written {
  readonly status: 200 | 201
  readonly object: object
  readonly warnings: readonly string[]
}

type Owners = Parameters<typeof managedFields>[0]

interface Write {
  readonly live?: Thing
  readonly next: Thing
  /** Given by server-side apply, which has worked them out. */
  readonly owners?: Owners
  readonly patched?: true
  readonly replaced?: true
}

/** From here on all writes are the same: judged, owned, and stored when something is new. */
export function finish(store: Store, ask: Ask, { live, next, owners, patched, replaced }: Write): Written {
  const { resource, subresource } = ask
  if (live) refuseStale(resource, live, next, replaced)
  const { thing, unknown } = settled(resource, withCoreDefaults(resource, next))
  const warnings = [...unknownWarnings(ask, unknown, patched), ...optInWarnings(store, ask)]
  const masked = mask(resource, subresource, live, thing)
  refuseInvalid(resource, masked, patched ? misfit : badRequest)
  refuseImmutable(resource, live, masked)
  const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z')
  const manager: Manager = { manager: managerOf(ask), operation: 'Update', ...(subresource && { subresource }) }
  const whose = owners ?? ownersAfter(live, masked, manager, resource)
  const kept = withMeta(resource, live, masked, managedFields(whose, live, now), now)
  const answer = (object: Thing): Written => ({
    status: live ? 200 : 201,
    object: subresource === 'scale' ? scaleOf(resource, object) : object,
    warnings,
  })
  if (live && same(kept, live)) return answer(live)
  if (isDryRun(ask)) return answer(kept)
  return answer(store.put(resource, kept))
}

function refuseStale(resource: Resource, live: Thing, { metadata }: Thing, replaced: true | undefined): void {
  const { name, uid, resourceVersion } = live.metadata
  if (metadata.resourceVersion && metadata.resourceVersion !== resourceVersion) throw conflict(resource, name, modified)
  if (!metadata.uid || metadata.uid === uid) return
  const why = `Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${uid}`
  if (replaced) throw conflict(resource, name, why)
  const message = `Invalid value: "${metadata.uid}": field is immutable`
  const cause = { reason: 'FieldValueInvalid', message, field: 'metadata.uid' }
  // Twice, as the API server says it.
  throw invalid(resource, name, [cause, cause])
}

function unknownWarnings({ query, resource }: Ask, unknown: readonly string[], patched: true | undefined): string[] {
  const said = unknown.map((path) => `unknown field "${path}"`)
  const validation = query.get('fieldValidation') || 'Warn'
  if (validation === 'Ignore' || said.length === 0) return []
  if (validation !== 'Strict') return said
  const strict = `strict decoding error: ${said.join(', ')}`
  if (patched) throw misfit(strict)
  throw badRequest(
    `${resource.kind} in version "${resource.version}" cannot be handled as a ${resource.kind}: ${strict}`,
  )
}

/** A patch is refused as such, not as an object of its kind. */
const misfit = (why: string) =>
  new Refusal(422, 'Invalid', ` "" is invalid: patch: Invalid value: ${why}`, {
    causes: [{ reason: 'FieldValueInvalid', message: `Invalid value: ${why}`, field: 'patch' }],
  })

/** As config/400-warning.yaml makes a cluster say it. */
function optInWarnings(store: Store, { resource, namespace, subresource }: Ask): string[] {
  if (!resource.ours || subresource) return []
  const space = namespaceThing(store, namespace)
  if (space?.metadata.labels?.[label.bots] === 'true') return []
  const policy = 'linebot-namespace-opted-in'
  return [
    `Validation failed for ValidatingAdmissionPolicy '${policy}' with binding '${policy}': the namespace ${namespace} has not opted in, so nothing will happen: run npx linebot enable ${namespace}`,
  ]
}

/** A path lets one write its own part; the rest is as it was. */
function mask(resource: Resource, subresource: string | undefined, live: Thing | undefined, next: Thing): Thing {
  const status = subresource === 'status' ? next['status'] : live?.['status']
  const rest = subresource === 'status' && live ? withManaged(live, next) : next
  if (!resource.status) return rest
  // Objects without a member are objects.
  return { ...(without(rest, 'status') as Thing), ...(status !== undefined && { status }) }
}

const withManaged = (live: Thing, { metadata }: Thing): Thing => ({
  ...live,
  metadata: { ...live.metadata, ...(metadata.managedFields && { managedFields: metadata.managedFields }) },
})

function withMeta(
  resource: Resource,
  live: Thing | undefined,
  next: Thing,
  managed: ThingMeta['managedFields'],
  now: string,
): Thing {
  const { name, namespace, labels, annotations, ownerReferences, finalizers, generateName } = next.metadata
  const old = live?.metadata
  const counted = resource.status
  const generation = !live ? 1 : (old?.generation ?? 1) + (same(countedIn(live), countedIn(next)) ? 0 : 1)
  const { deletionTimestamp, deletionGracePeriodSeconds } = old ?? {}
  return {
    ...next,
    apiVersion: resource.apiVersion,
    kind: resource.kind,
    metadata: {
      ...(some(annotations) && { annotations }),
      creationTimestamp: old?.creationTimestamp ?? now,
      ...(deletionGracePeriodSeconds !== undefined && { deletionGracePeriodSeconds }),
      ...(deletionTimestamp && { deletionTimestamp }),
      ...(some(finalizers) && { finalizers }),
      ...(generateName && { generateName }),
      ...(counted && { generation }),
      ...(some(labels) && { labels }),
      ...(managed?.length && { managedFields: managed }),
      name,
      ...(namespace && { namespace }),
      ...(some(ownerReferences) && { ownerReferences }),
      ...(old?.resourceVersion && { resourceVersion: old.resourceVersion }),
      uid: old?.uid ?? randomUUID(),
    },
  }
}

const some = <T extends object>(value: T | undefined): value is T =>
  value !== undefined && Object.keys(value).length > 0

const countedIn = (thing: Thing) => without(thing, 'metadata', 'status', 'apiVersion', 'kind')
