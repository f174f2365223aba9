import { isObject } from '../../core/schema/path.ts'
import type { Thing } from './thing.ts'

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration'

/** What kubectl has last applied on the client's side stays true while it applies on the server's. */
export function withLastApplied(thing: Thing, said: Thing): Thing {
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
