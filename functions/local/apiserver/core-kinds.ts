import { isObject } from '../../core/shape.ts'
import { invalid } from './refusal.ts'
import type { Resource } from './resources.ts'
import { at, same, type Thing, textAt, without } from './thing.ts'

/** What the API server itself writes into the few core kinds. */
export function withCoreDefaults({ group, kind }: Resource, thing: Thing): Thing {
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
export function refuseImmutable(resource: Resource, live: Thing | undefined, next: Thing): void {
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
