import { randomBytes } from 'node:crypto'
import { isObject, type Json } from '../../core/shape.ts'
import type { Ask } from './ask.ts'
import { badRequest, invalid, notFound, Refusal } from './refusal.ts'
import { qualified, type Resource, resourceAt } from './resources.ts'
import type { Store } from './store.ts'
import { type Thing, textAt } from './thing.ts'

/** The body as an object of the kind and name that the path says. */
export function thingIn({ resource, name, namespace }: Ask, body: unknown): Thing {
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

export const inNamespace = (thing: Thing, { namespace }: Ask): Thing =>
  namespace === undefined ? thing : { ...thing, metadata: { ...thing.metadata, namespace } }

export function named(thing: Thing): Thing {
  const { name, generateName } = thing.metadata
  if (name || !generateName) return thing
  return {
    ...thing,
    metadata: { ...thing.metadata, name: `${generateName}${randomBytes(3).toString('hex').slice(0, 5)}` },
  }
}

export const liveFor = (store: Store, { resource, namespace, name }: Ask): Thing | undefined =>
  name === undefined ? undefined : store.get(resource, namespace, name)

export function namespaceThing(store: Store, name: string | undefined): Thing | undefined {
  const resource = resourceAt('v1', 'namespaces')
  return resource && name !== undefined ? store.get(resource, undefined, name) : undefined
}

export function refuseNamespaceless(store: Store, { resource, namespace, name = '' }: Ask): void {
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
