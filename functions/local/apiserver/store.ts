import type { Kind, Obj, Ref } from '../../core/object.ts'
import { type Resource, resourceAt } from './resources.ts'
import type { Thing } from './thing.ts'

export type WriteVerb = 'add' | 'update' | 'delete'

/** What the other stand-ins see of the API server, in process. */
export interface Objects {
  /** Every write, after it is stored, in order. */
  onChange(listener: (change: { verb: WriteVerb; object: Obj }) => void): () => void
  get(ref: Ref): Obj | undefined
  list(kind: Kind, namespace?: string): Obj[]
}

export interface Change {
  readonly verb: WriteVerb
  readonly resource: Resource
  readonly version: number
  readonly object: Thing
  /** As it was before; what a watch with a selector compares. */
  readonly previous?: Thing
}

/** How many changes a watch can start behind the newest; a cluster's API server keeps some minutes. */
const kept = 2000

/** Objects by kind, namespace and name, and the changes that made them so. All of it lives as long as the process. */
export class Store {
  readonly #objects = new Map<string, { resource: Resource; thing: Thing }>()
  readonly #listeners = new Set<(change: Change) => void>()
  readonly #changes: Change[] = []
  // Not from 1: a version as old as that is one that a client has made up.
  #version = 1000
  #oldest = 1000

  get version(): number {
    return this.#version
  }

  get(resource: Resource, namespace: string | undefined, name: string): Thing | undefined {
    return this.#objects.get(keyOf(resource, namespace, name))?.thing
  }

  /** Ordered by namespace and name, as the API server lists. */
  list(resource: Resource, namespace?: string): Thing[] {
    const prefix = `${keyOf(resource, namespace, '')}`
    const whole = namespace === undefined ? `${resource.apiVersion}/${resource.plural}\n` : prefix
    return [...this.#objects]
      .filter(([key]) => key.startsWith(whole))
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { thing }]) => thing)
  }

  /** Everything in one namespace, or everything. */
  all(namespace?: string): { resource: Resource; thing: Thing }[] {
    return [...this.#objects.values()].filter(
      ({ thing }) => namespace === undefined || thing.metadata.namespace === namespace,
    )
  }

  /** Stores it with the next version. */
  put(resource: Resource, thing: Thing): Thing {
    const { namespace, name } = thing.metadata
    const key = keyOf(resource, namespace, name)
    const previous = this.#objects.get(key)?.thing
    const object = this.#versioned(thing)
    this.#objects.set(key, { resource, thing: object })
    this.#tell({
      verb: previous ? 'update' : 'add',
      resource,
      version: this.#version,
      object,
      ...(previous && { previous }),
    })
    return object
  }

  remove(resource: Resource, thing: Thing): Thing {
    const { namespace, name } = thing.metadata
    this.#objects.delete(keyOf(resource, namespace, name))
    const object = this.#versioned(thing)
    this.#tell({ verb: 'delete', resource, version: this.#version, object, previous: thing })
    return object
  }

  /** What happened after a version, or undefined when that is no longer known. */
  since(version: number): readonly Change[] | undefined {
    return version < this.#oldest ? undefined : this.#changes.filter((change) => change.version > version)
  }

  onChange(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #versioned(thing: Thing): Thing {
    this.#version += 1
    return { ...thing, metadata: { ...thing.metadata, resourceVersion: String(this.#version) } }
  }

  #tell(change: Change): void {
    this.#changes.push(change)
    while (this.#changes.length > kept) this.#oldest = this.#changes.shift()?.version ?? this.#oldest
    for (const listener of this.#listeners) listener(change)
  }
}

const keyOf = ({ apiVersion, plural }: Resource, namespace: string | undefined, name: string) =>
  `${apiVersion}/${plural}\n${namespace ?? ''}\n${name}`

/** The store as others in this process may use it: to look, and to be told. */
export const objectsOf = (store: Store): Objects => ({
  onChange: (listener) => store.onChange(({ verb, object }) => listener({ verb, object })),
  get({ apiVersion, plural, namespace, name }) {
    const resource = resourceAt(apiVersion, plural)
    return resource && store.get(resource, resource.clusterScoped ? undefined : namespace, name)
  },
  list({ apiVersion, plural }, namespace) {
    const resource = resourceAt(apiVersion, plural)
    return resource ? store.list(resource, namespace) : []
  },
})
