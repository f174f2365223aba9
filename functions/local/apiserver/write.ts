import { randomBytes, randomUUID } from 'node:crypto'
import { label } from '../../core/names.ts'
import { isObject, type Json } from '../../core/schema/path.ts'
import { type Ask, isDryRun, managerOf } from './ask.ts'
import { refuseInvalid, settled } from './judge.ts'
import { applyOnto, type Manager, managedFields, ownersAfter } from './managed.ts'
import { jsonPatch, mergePatch, strategicPatch } from './patch.ts'
import { alreadyExists, badRequest, conflict, invalid, modified, notFound, Refusal } from './refusal.ts'
import { qualified, type Resource, resourceAt } from './resources.ts'
import { fromScale, scaleOf } from './scale.ts'
import type { Store } from './store.ts'
import { at, same, type Thing, type ThingMeta, textAt, without } from './thing.ts'

export interface Written {
  readonly status: 200 | 201
  readonly object: object
  readonly warnings: readonly string[]
}

type Owners = Parameters<typeof managedFields>[0]

export type PatchType = 'json' | 'merge' | 'strategic' | 'apply'

/** POST of one object. */
export function create(store: Store, ask: Ask, body: unknown): Written {
  const given = named(thingIn(ask, body))
  const asked = { ...ask, name: given.metadata.name }
  refuseNamespaceless(store, asked)
  if (liveFor(store, asked)) throw alreadyExists(ask.resource, asked.name)
  return finish(store, asked, { next: inNamespace(given, ask) })
}

/** PUT: all that is not in the body goes. */
export function replace(store: Store, ask: Ask, body: unknown): Written {
  const live = liveFor(store, ask)
  if (!live) throw notFound(ask.resource, ask.name ?? '')
  if (ask.subresource === 'scale') return finish(store, ask, { live, next: fromScale(ask.resource, live, body) })
  const next = inNamespace(thingIn(ask, body), ask)
  if (ask.resource.custom && !next.metadata.resourceVersion) {
    throw invalid(ask.resource, live.metadata.name, [
      {
        reason: 'FieldValueInvalid',
        message: 'Invalid value: 0x0: must be specified for an update',
        field: 'metadata.resourceVersion',
      },
    ])
  }
  return finish(store, ask, { live, next, replaced: true })
}

export function patch(store: Store, ask: Ask, body: unknown, type: PatchType): Written {
  if (type === 'strategic' && ask.resource.custom) throw unsupported()
  if (type === 'apply') return apply(store, ask, body)
  const live = liveFor(store, ask)
  if (!live) throw notFound(ask.resource, ask.name ?? '')
  const scale = ask.subresource === 'scale'
  const target = scale ? scaleOf(ask.resource, live) : live
  const patched = patchedWith(type, ask, target, body)
  const next = scale ? fromScale(ask.resource, live, patched) : thingIn(ask, patched)
  return finish(store, ask, { live, next, patched: true })
}

export const unsupported = (): Refusal =>
  new Refusal(
    415,
    'UnsupportedMediaType',
    'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
  )

function patchedWith(type: Exclude<PatchType, 'apply'>, { resource, name = '' }: Ask, target: unknown, body: unknown) {
  if (type === 'merge') return mergePatch(target, body)
  if (type === 'strategic') return strategicPatch(target, body)
  try {
    return jsonPatch(target, body)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new Refusal(422, 'Invalid', `the server rejected our request due to an error in our request: ${message}`, {
      name,
      kind: resource.plural,
    })
  }
}

/** Server-side apply. */
function apply(store: Store, ask: Ask, body: unknown): Written {
  const { resource, query, subresource, name = '' } = ask
  const manager = query.get('fieldManager')
  if (!manager) throw fieldManagerRequired()
  const said = thingIn(ask, body)
  const given = inNamespace(said, ask)
  if (given.metadata.managedFields?.length) throw badRequest('metadata.managedFields must be nil')
  const live = liveFor(store, ask)
  if (!live && subresource) throw notFound(resource, name)
  if (!live && given.metadata.uid) {
    const why = `uid mismatch: the provided object specified uid ${given.metadata.uid}, and no existing object was found`
    throw conflict(resource, name, why)
  }
  if (!live) refuseNamespaceless(store, ask)
  refuseUndeclared(ask, said)
  const by: Manager = { manager, operation: 'Apply', ...(subresource && { subresource }) }
  const { object, owners } = applyOnto(live, withoutNulls(given), by, resource, query.get('force') === 'true')
  const next = manager === 'kubectl' && !subresource ? withLastApplied(object, said) : object
  return finish(store, ask, { ...(live && { live }), next, owners })
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration'

/** What kubectl has last applied on the client's side stays true while it applies on the server's. */
function withLastApplied(thing: Thing, said: Thing): Thing {
  const { annotations = {} } = thing.metadata
  if (!Object.hasOwn(annotations, lastApplied)) return thing
  const text = `${JSON.stringify(ordered(said))}\n`
  return { ...thing, metadata: { ...thing.metadata, annotations: { ...annotations, [lastApplied]: text } } }
}

const ordered = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(ordered)
  if (!isObject(value)) return value
  const names = Object.keys(value).toSorted()
  return Object.fromEntries(names.map((name) => [name, ordered(value[name])]))
}

const fieldManagerRequired = () =>
  new Refusal(
    422,
    'Invalid',
    'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    {
      group: 'meta.k8s.io',
      kind: 'PatchOptions',
      causes: [
        { reason: 'FieldValueRequired', message: 'Required value: is required for apply patch', field: 'fieldManager' },
      ],
    },
  )

/** Server-side apply knows only what the schema declares, whatever fieldValidation says. */
function refuseUndeclared({ resource }: Ask, given: Thing): void {
  const { unknown } = settled(resource, given)
  if (unknown.length === 0) return
  const { namespace = '', name } = given.metadata
  const what = `${namespace}/${name}; ${resource.apiVersion}, Kind=${resource.kind}`
  const said = unknown.map((path) => `.${path}: field not declared in schema`).join('\n')
  throw new Refusal(500, undefined, `failed to create typed patch object (${what}): ${said}`)
}

const withoutNulls = (thing: Thing): Thing => mergePatch(thing, {}) as Thing // An object merged is an object.

interface Write {
  readonly live?: Thing
  readonly next: Thing
  /** Given by server-side apply, which has worked them out. */
  readonly owners?: Owners
  readonly patched?: true
  readonly replaced?: true
}

/** From here on all writes are the same: judged, owned, and stored when something is new. */
function finish(store: Store, ask: Ask, { live, next, owners, patched, replaced }: Write): Written {
  const { resource, subresource } = ask
  if (live) refuseStale(resource, live, next, replaced)
  const { thing, unknown } = settled(resource, withCoreDefaults(resource, next))
  const warnings = [...unknownWarnings(ask, unknown, patched), ...optInWarnings(store, ask)]
  const masked = mask(resource, subresource, live, thing)
  refuseInvalid(resource, masked)
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

/** What the API server itself writes into the few core kinds. */
function withCoreDefaults({ group, kind }: Resource, thing: Thing): Thing {
  if (group !== '') return thing
  if (kind === 'Secret') return withSecretDefaults(thing)
  if (kind === 'ConfigMap') return withoutEmpty(thing)
  if (kind !== 'Namespace') return thing
  const labels = { ...thing.metadata.labels, 'kubernetes.io/metadata.name': thing.metadata.name }
  return {
    ...thing,
    metadata: { ...thing.metadata, labels },
    spec: { finalizers: ['kubernetes'] },
    status: thing['status'] ?? { phase: 'Active' },
  }
}

const withoutEmpty = (thing: Thing): Thing => {
  const empty = ['data', 'binaryData'].filter((name) => same(thing[name], {}))
  return without(thing, ...empty) as Thing // An object with less in it.
}

function withSecretDefaults({ stringData, ...thing }: Thing): Thing {
  const type = textAt(thing, 'type') ?? 'Opaque'
  if (!isObject(stringData)) return { ...thing, type } as Thing // Only a member less.
  const encoded = Object.entries(stringData).map(([key, value]) => [key, Buffer.from(String(value)).toString('base64')])
  const data = { ...(isObject(thing['data']) ? thing['data'] : {}), ...Object.fromEntries(encoded) }
  return { ...thing, type, data } as Thing // As above.
}

/** A ConfigMap or Secret that calls itself immutable keeps what it holds. */
function refuseImmutable(resource: Resource, live: Thing | undefined, next: Thing): void {
  if (resource.group !== '' || at(live, 'immutable') !== true) return
  const touched = ['immutable', 'data', 'binaryData'].filter((field) => !same(at(live, field), at(next, field)))
  if (touched.length === 0) return
  throw invalid(
    resource,
    next.metadata.name,
    touched.map((field) => ({
      reason: 'FieldValueForbidden',
      message: 'Forbidden: field is immutable when `immutable` is set',
      field,
    })),
  )
}

/** The body as an object of the kind and name that the path says. */
function thingIn({ resource, name, namespace }: Ask, body: unknown): Thing {
  if (!isObject(body)) throw badRequest('the body is not an object')
  const { apiVersion = resource.apiVersion, kind = resource.kind, metadata = {} } = body
  refuseOtherKind(resource, { apiVersion, kind, metadata })
  if (!isObject(metadata)) throw badRequest('metadata is not an object')
  const inBody = textAt(metadata, 'name')
  if (name !== undefined && inBody !== undefined && inBody !== name) {
    throw badRequest(`the name of the object (${inBody}) does not match the name on the URL (${name})`)
  }
  const space = textAt(metadata, 'namespace')
  if (space !== undefined && namespace !== undefined && space !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request')
  }
  // What the rest of metadata is like is judged with the object.
  return {
    ...body,
    apiVersion: resource.apiVersion,
    kind: resource.kind,
    metadata: { ...metadata, ...(name && { name }) },
  } as Thing
}

function refuseOtherKind(resource: Resource, { apiVersion, kind, metadata }: Json): void {
  const given = { apiVersion, kind }
  const wrong = (['apiVersion', 'kind'] as const).filter((field) => given[field] !== resource[field])
  if (wrong.length === 0) return
  if (!resource.custom) throw badRequest(`${kind} of ${apiVersion} is no ${resource.kind} of ${resource.apiVersion}`)
  const causes = wrong.map((field) => ({
    reason: 'FieldValueInvalid',
    message: `Invalid value: ${JSON.stringify(given[field])}: must be ${resource[field]}`,
    field,
  }))
  throw invalid({ ...resource, kind: String(kind) }, textAt(metadata, 'name') ?? '', causes)
}

const inNamespace = (thing: Thing, { namespace }: Ask): Thing =>
  namespace === undefined ? thing : { ...thing, metadata: { ...thing.metadata, namespace } }

function named(thing: Thing): Thing {
  const { name, generateName } = thing.metadata
  if (name || !generateName) return thing
  return {
    ...thing,
    metadata: { ...thing.metadata, name: `${generateName}${randomBytes(3).toString('hex').slice(0, 5)}` },
  }
}

export const liveFor = (store: Store, { resource, namespace, name }: Ask): Thing | undefined =>
  name === undefined ? undefined : store.get(resource, namespace, name)

function namespaceThing(store: Store, name: string | undefined): Thing | undefined {
  const resource = resourceAt('v1', 'namespaces')
  return resource && name !== undefined ? store.get(resource, undefined, name) : undefined
}

function refuseNamespaceless(store: Store, { resource, namespace, name = '' }: Ask): void {
  if (resource.clusterScoped) return
  const space = namespaceThing(store, namespace)
  const namespaces = resourceAt('v1', 'namespaces')
  if (!space && namespaces) throw notFound(namespaces, namespace ?? '')
  if (!space?.metadata.deletionTimestamp) return
  throw new Refusal(
    403,
    'Forbidden',
    `${qualified(resource)} "${name}" is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`,
    { name, kind: resource.plural },
  )
}
