import type { Problem } from '../../core/problem.ts'
import { isObject } from '../../core/shape.ts'
import type { Source } from '../documents.ts'

/** What is wrong with each object of ours that stood before already: kubectl would apply it over the first one. */
export function twice(sources: readonly Source[]): ReadonlyMap<Source, Problem> {
  const firsts = new Map<string, Source>()
  const found = new Map<Source, Problem>()
  for (const source of sources) {
    const id = idOf(source.document.value)
    const first = id === undefined ? undefined : firsts.get(id)
    if (first) found.set(source, problemWith(first))
    else if (id !== undefined) firsts.set(id, source)
  }
  return found
}

function problemWith({ name, document }: Source): Problem {
  const place = `${name}:${document.positionOf('metadata.name').line}`
  return {
    path: 'metadata.name',
    message: `the same kind, name and namespace as at ${place}; applied together, only the last one stays: rename one`,
  }
}

/** What an object is told from others by; undefined where it says too little. */
export function idOf(value: unknown): string | undefined {
  if (!isObject(value) || !isObject(value.metadata) || typeof value.metadata.name !== 'string') return undefined
  return JSON.stringify([value.kind, value.metadata.namespace, value.metadata.name])
}
