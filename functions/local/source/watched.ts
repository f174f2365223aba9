import { Namespace } from '../../core/kinds.ts'
import type { Obj } from '../../core/object.ts'
import { selects } from '../../core/selector.ts'
import type { Objects } from '../apiserver/store.ts'
import { type ApiServerSource, kindOf } from './manifest.ts'

export type Verb = 'add' | 'update' | 'delete'

/** What a source sees of the API server: objects of its kinds, with its labels, in its namespaces. */
export interface Watched {
  /** What a change means to one who sees only these; undefined = nothing. */
  seen(verb: Verb, object: Obj): Verb | undefined
  /** Looks at the namespaces anew; says whether others are selected than before. */
  moved(): boolean
}

/** Begins with what is there now, which is never told. */
export function watch({ spec }: ApiServerSource, objects: Objects): Watched {
  const { resources, namespaceSelector } = spec
  const selectedNow = () =>
    objects
      .list(Namespace)
      .filter(({ metadata }) => selects(namespaceSelector, metadata.labels))
      .map(({ metadata }) => metadata.name)
  const wanted = ({ apiVersion, kind, metadata }: Obj) =>
    resources.some(
      (one) =>
        one.apiVersion === apiVersion && one.kind === kind && (!one.selector || selects(one.selector, metadata.labels)),
    )
  /** What is known to be there, by selected namespace. */
  const known = new Map<string, Set<string>>()

  const moved = () => {
    const now = selectedNow()
    const fresh = now.filter((name) => !known.has(name))
    const left = [...known.keys()].filter((name) => !now.includes(name))
    for (const namespace of left) known.delete(namespace)
    for (const namespace of fresh) {
      const there = resources.flatMap((one) => objects.list(kindOf(one), namespace))
      known.set(namespace, new Set(there.filter(wanted).map(keyOf)))
    }
    return fresh.length + left.length > 0
  }
  moved()
  return {
    moved,
    seen(verb, object) {
      const inside = known.get(object.metadata.namespace ?? '')
      if (!inside) return undefined
      const key = keyOf(object)
      const had = inside.has(key)
      if (verb === 'delete' || !wanted(object)) return inside.delete(key) ? 'delete' : undefined
      inside.add(key)
      return had ? 'update' : 'add'
    },
  }
}

const keyOf = ({ apiVersion, kind, metadata: { namespace, name } }: Obj) => `${apiVersion}/${kind}/${namespace}/${name}`
