import { apiVersion } from '../names.ts'
import type { Problem } from '../problem.ts'
import type { EventBinding } from '../resources/binding.ts'
import type { Bot } from '../resources/bot.ts'
import type { EventResource } from '../resources/event.ts'
import { isObject } from '../shape.ts'
import { type KindName, schemaFor } from './crd.ts'
import { judge } from './judge.ts'
import { judgeMeta } from './meta.ts'
import { settle } from './settle.ts'

export interface Resources {
  readonly Bot: Bot
  readonly Event: EventResource
  readonly EventBinding: EventBinding
}

export type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: Problem[] }

/**
 * Judges an object as the API server does when it is created with `fieldValidation=Strict`, from the same schema and
 * the same CEL rules, and lists all that is wrong. The value has its defaults filled in; the object is left alone.
 */
export function check<K extends KindName>(kind: K, object: unknown): Checked<Resources[K]> {
  const schema = schemaFor(kind)
  const { value, unknown } = settle(object, schema)
  const problems = isObject(value) ? [...typeProblems(kind, value), ...judgeMeta(value.metadata)] : []
  const all = [...problems, ...unknown, ...judge(value, schema).filter(isNews(problems))]
  // The schema that was just satisfied is made from the one that this type is inferred from.
  return all.length === 0 ? { ok: true, value: value as Resources[K] } : { ok: false, problems: all }
}

/** A name that is missing or misspelt breaks a CEL rule too; once is enough. */
const isNews = (known: readonly Problem[]) => (one: Problem) => !known.some(({ path }) => path === one.path)

function typeProblems(kind: KindName, object: Readonly<Record<string, unknown>>): Problem[] {
  const wanted = { apiVersion, kind }
  return (['apiVersion', 'kind'] as const)
    .filter((field) => object[field] !== wanted[field])
    .map((field) => ({ path: field, message: `must be ${wanted[field]}` }))
}
