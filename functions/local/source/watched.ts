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
  let namespaces = new Set<string>()
  const known = new Set<string>()

  const enter = (namespace: string) => {
    const there = resources.flatMap((one) => objects.list(kindOf(one), namespace))
    for (const object of there.filter(wanted)) known.add(keyOf(object))
  }
  const moved = () => {
    const now = selectedNow()
    const fresh = now.filter((name) => !namespaces.has(name))
    const changed = fresh.length > 0 || now.length !== namespaces.size
    namespaces = new Set(now)
    for (const namespace of fresh) enter(namespace)
    return changed
  }
  moved()
  return {
    moved,
    seen(verb, object) {
      if (!namespaces.has(object.metadata.namespace ?? '')) return undefined
      const key = keyOf(object)
      const had = known.has(key)
      if (verb === 'delete' || !wanted(object)) return known.delete(key) ? 'delete' : undefined
      known.add(key)
      return had ? 'update' : 'add'
    },
  }
}

const keyOf = ({ apiVersion, kind, metadata: { namespace, name } }: Obj) => `${apiVersion}/${kind}/${namespace}/${name}`
