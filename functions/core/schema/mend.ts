import { isObject, type Json, own } from '../shape.ts'
import { nearest } from './nearest.ts'
import { item, member } from './path.ts'
import type { Structural } from './structural.ts'

/**
 * What was probably meant where a value has not the schema's shape, so that all else in it can be judged at the same
 * time: a misspelt name, one thing for a list of one, a number or a yes for its text. `lost` are the paths of
 * which nothing could be guessed. Limits are left alone; so is the value given.
 */
export function mend(value: unknown, schema: Structural): { value: unknown; lost: string[] } {
  const lost: string[] = []
  return { value: mended(value, schema, '', lost), lost }
}

function mended(value: unknown, schema: Structural, path: string, lost: string[]): unknown {
  const { type, items = {} } = schema
  if (type === undefined) return value
  if (type === 'array') return listOf(value).map((one, i) => mended(one, items, item(path, i), lost))
  if (type === 'object')
    return isObject(value) ? objectFrom(value, schema, path, lost) : given(undefined, schema, path, lost)
  return given(scalar(value, schema), schema, path, lost)
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value])

function scalar(value: unknown, schema: Structural): string | number | boolean | undefined {
  if (typeof value === 'object') return undefined
  switch (schema.type) {
    case 'string':
      return schema.enum ? (nearest(String(value), schema.enum) ?? String(value)) : String(value)
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined
    default:
      return isNumber(Number(value), schema) ? Number(value) : undefined
  }
}

const isNumber = (value: number, { type }: Structural) =>
  type === 'integer' ? Number.isSafeInteger(value) : Number.isFinite(value)

function given(value: unknown, schema: Structural, path: string, lost: string[]): unknown {
  if (value !== undefined) return value
  lost.push(path)
  return least(schema)
}

function objectFrom(value: Json, schema: Structural, path: string, lost: string[]): Json {
  const { required = [], properties = {}, additionalProperties } = schema
  const entries = Object.entries(value)
    // The API server takes a null for not written.
    .filter(([, one]) => one !== null)
    .map(([name, one]) => [meant(name, value, schema), one] as const)
  const known = entries.map(([name, one]) => {
    const inside = own(properties, name) ?? additionalProperties
    return [name, inside ? mended(one, inside, member(path, name), lost) : one] as const
  })
  const missing = required.filter((name) => !entries.some(([there]) => there === name))
  // By a word such as a type the rest is judged: without it nothing can be said.
  lost.push(...missing.map((name) => (properties[name]?.enum ? path : member(path, name))))
  return Object.fromEntries([...missing.map((name) => [name, least(properties[name] ?? {})] as const), ...known])
}

/** The member that a name stands for, unless that is written too. */
function meant(name: string, beside: Json, schema: Structural): string {
  const { properties = {} } = schema
  if (own(properties, name) || schema.additionalProperties || schema['x-kubernetes-preserve-unknown-fields'])
    return name
  const near = nearest(name, Object.keys(properties))
  return near === undefined || Object.hasOwn(beside, near) ? name : near
}

/** The least of a schema's type. */
function least({ type, required = [], properties = {}, enum: [first = ''] = [] }: Structural): unknown {
  if (type === 'object') return Object.fromEntries(required.map((name) => [name, least(properties[name] ?? {})]))
  if (type === 'array') return []
  if (type === 'string') return first
  return type === 'boolean' ? false : 0
}
