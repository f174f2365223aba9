import type { Resource } from './resources.ts'
import { at, type Thing, withAt } from './thing.ts'

const pathOf = (jsonPath: string) => jsonPath.split('.').filter((part) => part !== '')

/** The autoscaling/v1 Scale of an object whose kind has one. */
export function scaleOf({ scale }: Resource, { metadata, ...thing }: Thing): Record<string, unknown> {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: Number(at(thing, ...pathOf(scale?.specReplicasPath ?? '')) ?? 0) },
    status: { replicas: Number(at(thing, ...pathOf(scale?.statusReplicasPath ?? '')) ?? 0) },
  }
}

/** The object with what its Scale says. */
export function fromScale({ scale }: Resource, live: Thing, body: unknown): Thing {
  const replicas = at(body, 'spec', 'replicas') ?? 0
  const version = at(body, 'metadata', 'resourceVersion')
  // The path is one of spec's.
  const next = withAt(live, pathOf(scale?.specReplicasPath ?? ''), replicas) as Thing
  return typeof version === 'string' ? { ...next, metadata: { ...next.metadata, resourceVersion: version } } : next
}
