import type { Obj } from '../../core/object.ts'
import { isObject } from '../../core/shape.ts'
import type { Thing } from './thing.ts'

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration'

/** What kubectl has last applied on the client's side stays true while it applies on the server's. */
export function withLastApplied(thing: Thing, said: Thing): Thing {
  const { annotations = {} } = thing.metadata
  if (!Object.hasOwn(annotations, lastApplied)) return thing
  return { ...thing, metadata: { ...thing.metadata, annotations: { ...annotations, [lastApplied]: textOf(said) } } }
}

/** As kubectl makes an object: without its note of what was applied, kubectl warns when it applies the object again. */
export function asApplied(object: Obj): Obj {
  const { annotations = {} } = object.metadata
  const text = textOf({ ...object, metadata: { ...object.metadata, annotations } })
  return { ...object, metadata: { ...object.metadata, annotations: { ...annotations, [lastApplied]: text } } }
}

const textOf = (said: object) => `${JSON.stringify(ordered(said))}\n`

const ordered = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(ordered)
  if (!isObject(value)) return value
  const names = Object.keys(value).toSorted()
  return Object.fromEntries(names.map((name) => [name, ordered(value[name])]))
}
