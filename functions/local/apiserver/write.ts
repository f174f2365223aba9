import type { Ask } from './ask.ts'
import { finish, type Written } from './finish.ts'
import { inNamespace, liveFor, named, refuseNamespaceless, thingIn } from './given.ts'
import { settled } from './judge.ts'
import { withLastApplied } from './last-applied.ts'
import { applyOnto, type Manager } from './managed.ts'
import { jsonPatch, mergePatch, strategicPatch } from './patch.ts'
import { alreadyExists, badRequest, conflict, invalid, notFound, Refusal } from './refusal.ts'
import { fromScale, scaleOf } from './scale.ts'
import type { Store } from './store.ts'
import type { Thing } from './thing.ts'

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
  const patched = patchedWith(type, target, body)
  const next = scale ? fromScale(ask.resource, live, patched) : thingIn(ask, patched)
  return finish(store, ask, { live, next, patched: true })
}

export const unsupported = (): Refusal =>
  new Refusal(
    415,
    'UnsupportedMediaType',
    'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
  )

function patchedWith(type: Exclude<PatchType, 'apply'>, target: unknown, body: unknown) {
  if (type === 'merge') return mergePatch(target, body)
  if (type === 'strategic') return strategicPatch(target, body)
  try {
    return jsonPatch(target, body)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new Refusal(422, 'Invalid', `the server rejected our request due to an error in our request: ${message}`)
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
