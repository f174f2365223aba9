import { isObject, type Json, own } from '../../core/shape.ts'
import { same } from './thing.ts'

/**
 * Sets of fields as server-side apply keeps them: one path for each thing that somebody can own. A path's parts are
 * those of FieldsV1: `f:name` a member, `k:{…}` the item of a list with these keys, `v:…` the item of a set.
 */
export type Path = readonly string[]
export type Fields = ReadonlyMap<string, Path>

/** What a schema says about owning: lists and maps without a word are owned whole, and part by part, in this order. */
export interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>
  readonly additionalProperties?: Shape
  readonly items?: Shape
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map'
  readonly 'x-kubernetes-list-map-keys'?: readonly string[]
  readonly 'x-kubernetes-map-type'?: 'atomic'
}

export interface Part {
  readonly segment: string
  readonly value: unknown
  readonly shape: Shape
  /** Whether the schema names it: such a map is there with its members, and not itself owned. */
  readonly named: boolean
}

const keyOf = (path: Path) => path.join('\n')

export const fieldsOf = (paths: Iterable<Path>): Fields => new Map([...paths].map((path) => [keyOf(path), path]))
export const has = (fields: Fields, path: Path): boolean => fields.has(keyOf(path))
export const union = (...all: readonly Fields[]): Fields => new Map(all.flatMap((fields) => [...fields]))
export const minus = (from: Fields, less: Fields): Fields => new Map([...from].filter(([key]) => !less.has(key)))
export const both = (a: Fields, b: Fields): Fields => new Map([...a].filter(([key]) => b.has(key)))
export const sameFields = (a: Fields, b: Fields): boolean => a.size === b.size && minus(a, b).size === 0
/** Whether any of the fields is this one, or within it. */
export const within = (fields: Fields, path: Path): boolean =>
  [...fields.values()].some((one) => path.every((segment, index) => one[index] === segment))

/** The parts of a value that can be owned apart; undefined where it is owned as a whole. */
export function partsOf(value: unknown, shape: Shape): readonly Part[] | undefined {
  if (isObject(value)) return shape['x-kubernetes-map-type'] === 'atomic' ? undefined : membersOf(value, shape)
  if (!Array.isArray(value)) return undefined
  const items = shape.items ?? {}
  const type = shape['x-kubernetes-list-type'] ?? 'atomic'
  if (type === 'atomic') return undefined
  const keys = shape['x-kubernetes-list-map-keys'] ?? []
  return value.map((one) => ({
    segment: type === 'set' ? `v:${JSON.stringify(one)}` : segmentOf(one, keys),
    value: one,
    shape: items,
    named: false,
  }))
}

const segmentOf = (item: unknown, keys: readonly string[]) =>
  `k:${JSON.stringify(Object.fromEntries(keys.toSorted().map((key) => [key, isObject(item) ? item[key] : undefined])))}`

const membersOf = (value: Json, shape: Shape): Part[] =>
  Object.entries(value).map(([name, one]) => {
    const known = own(shape.properties, name)
    return {
      segment: `f:${name}`,
      value: one,
      shape: known ?? shape.additionalProperties ?? {},
      named: known !== undefined,
    }
  })

/** What an applier of this value owns. */
export function ownedIn(value: unknown, shape: Shape): Fields {
  const found: Path[] = []
  const visit = (one: unknown, of: Shape, path: Path, named: boolean) => {
    const parts = partsOf(one, of)
    if (!parts || parts.length === 0 || !named) found.push(path)
    for (const part of parts ?? []) visit(part.value, part.shape, [...path, part.segment], part.named)
  }
  for (const part of partsOf(value, shape) ?? []) visit(part.value, part.shape, [part.segment], part.named)
  return fieldsOf(found)
}

export interface Difference {
  /** Added, or with another value. */
  readonly changed: Fields
  readonly removed: Fields
}

export function compare(before: unknown, after: unknown, shape: Shape): Difference {
  const changed: Path[] = []
  const removed: Path[] = []
  const all = (value: unknown, of: Shape, path: Path, into: Path[]) => {
    into.push(path)
    for (const part of partsOf(value, of) ?? []) all(part.value, part.shape, [...path, part.segment], into)
  }
  const visit = (a: unknown, b: unknown, of: Shape, path: Path) => {
    const [from, to] = [partsOf(a, of), partsOf(b, of)]
    if (!from || !to) {
      if (!same(a, b)) changed.push(path)
      return
    }
    const [old, now] = [bySegment(from), bySegment(to)]
    for (const part of from) {
      if (!now.has(part.segment)) all(part.value, part.shape, [...path, part.segment], removed)
    }
    for (const part of to) {
      const was = old.get(part.segment)
      if (was) visit(was.value, part.value, part.shape, [...path, part.segment])
      else all(part.value, part.shape, [...path, part.segment], changed)
    }
  }
  visit(before, after, shape, [])
  return { changed: fieldsOf(changed), removed: fieldsOf(removed) }
}

const bySegment = (parts: readonly Part[]) => new Map(parts.map((part) => [part.segment, part]))

/** The live value with all that is applied in it; what is not applied stays. */
export function merge(live: unknown, applied: unknown, shape: Shape): unknown {
  const [from, to] = [partsOf(live, shape), partsOf(applied, shape)]
  if (!from || !to) return applied
  const now = bySegment(to)
  const kept = from.map((part) => {
    const given = now.get(part.segment)
    return given ? { ...part, value: merge(part.value, given.value, part.shape) } : part
  })
  const old = bySegment(from)
  return join(applied, [...kept, ...to.filter(({ segment }) => !old.has(segment))])
}

/** The value without one of its parts; a map that has lost all its members goes too. */
export function cut(value: unknown, [segment, ...rest]: Path, shape: Shape): unknown {
  const parts = partsOf(value, shape)
  if (segment === undefined || !parts) return value
  return join(
    value,
    parts.flatMap((part) => {
      if (part.segment !== segment) return [part]
      if (rest.length === 0) return []
      const left = cut(part.value, rest, part.shape)
      return isObject(left) && Object.keys(left).length === 0 ? [] : [{ ...part, value: left }]
    }),
  )
}

const join = (like: unknown, parts: readonly Part[]): unknown =>
  Array.isArray(like)
    ? parts.map(({ value }) => value)
    : Object.fromEntries(parts.map(({ segment, value }) => [segment.slice(2), value]))

/** Whether something is there at the path. */
export function isThere(value: unknown, [segment, ...rest]: Path, shape: Shape): boolean {
  if (segment === undefined) return true
  const part = partsOf(value, shape)?.find((one) => one.segment === segment)
  return part !== undefined && isThere(part.value, rest, part.shape)
}

interface Node {
  [segment: string]: Node
}

/** As `managedFields[].fieldsV1`. */
export function encode(fields: Fields): Json {
  const root: Node = {}
  const ends = new Set<Node>()
  for (const path of fields.values()) {
    let node = root
    for (const segment of path) node = node[segment] ??= {}
    ends.add(node)
  }
  for (const node of ends) if (Object.keys(node).length > 0) node['.'] = {}
  return sorted(root)
}

const sorted = (node: Node): Node =>
  Object.fromEntries(
    Object.keys(node)
      .toSorted()
      .map((name) => [name, sorted(node[name] ?? {})]),
  )

export function decode(fieldsV1: unknown): Fields {
  const found: Path[] = []
  const visit = (node: unknown, path: Path) => {
    const entries = isObject(node) ? Object.entries(node) : []
    if (path.length > 0 && (entries.length === 0 || entries.some(([name]) => name === '.'))) found.push(path)
    for (const [name, one] of entries) if (name !== '.') visit(one, [...path, name])
  }
  visit(fieldsV1, [])
  return fieldsOf(found)
}

/** As a conflict names it: `.spec.scale.min`, `.status.conditions[type="Ready"]`. */
export const spoken = (path: Path): string =>
  path
    .map((segment) => {
      if (segment.startsWith('f:')) return `.${segment.slice(2)}`
      if (segment.startsWith('v:')) return `[=${segment.slice(2)}]`
      const keys = Object.entries(JSON.parse(segment.slice(2)))
      return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`
    })
    .join('')
