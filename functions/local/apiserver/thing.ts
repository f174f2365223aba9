import type { Meta, Obj } from '../../core/object.ts'
import { isObject, type Json } from '../../core/shape.ts'

export interface ManagedFields {
  readonly manager?: string
  readonly operation?: string
  readonly apiVersion?: string
  readonly time?: string
  readonly fieldsType?: string
  readonly fieldsV1?: Json
  readonly subresource?: string
}

export interface ThingMeta extends Meta {
  readonly generateName?: string
  readonly finalizers?: readonly string[]
  readonly deletionGracePeriodSeconds?: number
  readonly managedFields?: readonly ManagedFields[]
}

/** An object of any kind, with all its members. */
export interface Thing extends Obj {
  readonly metadata: ThingMeta
  readonly [member: string]: unknown
}

/** The value at a path of names, or undefined where there is none. */
export const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((from, name) => (isObject(from) && Object.hasOwn(from, name) ? from[name] : undefined), value)

export const textAt = (value: unknown, ...path: readonly string[]): string | undefined => {
  const found = at(value, ...path)
  return typeof found === 'string' ? found : undefined
}

/** The object without the members named. */
export const without = (value: Json, ...names: readonly string[]): Json =>
  Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)))

/** The object with the value at a path of names; objects on the way are made. */
export function withAt(value: unknown, path: readonly string[], to: unknown): unknown {
  const [name, ...rest] = path
  if (name === undefined) return to
  const from = isObject(value) ? value : {}
  return { ...from, [name]: withAt(from[name], rest, to) }
}

/** What JSON-like values have in common is what is equal: the order of members says nothing. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((one, index) => same(one, b[index]))
  if (!isObject(a) || !isObject(b)) return false
  const names = Object.keys(a)
  return (
    names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && same(a[name], b[name]))
  )
}
