import type { Problem } from '../problem.ts'
import { nearest } from '../schema/nearest.ts'
import { isObject, type Json } from '../shape.ts'

/** Adds to the list what is wrong with the value that stands at the path. */
export type Check = (value: unknown, path: string, problems: Problem[]) => void

/** A LINE object of one type: the members it may have, and what no single member can tell. */
export interface Shape {
  /** In a sentence, as in "a text message". */
  readonly name: string
  readonly required?: Readonly<Record<string, Check>>
  readonly optional?: Readonly<Record<string, Check>>
  readonly also?: (members: Json, path: string, problems: Problem[]) => void
}

/** A null counts as not written, at LINE too: many SDKs write their unset members so. */
export const isGiven = (value: unknown): boolean => value !== undefined && value !== null

/** For members that LINE judges itself, or that cannot be judged from here. */
export const anything: Check = () => undefined

export const shaped = (shape: Shape): Check => {
  const { name, required = {}, optional = {}, also } = shape
  const known = { ...required, ...optional }
  const needed = Object.keys(required)
  return (value, path, problems) => {
    if (!isObject(value)) return void problems.push({ path, message: `${name} is an object` })
    for (const member of needed) {
      if (!isGiven(value[member])) problems.push({ path: `${path}.${member}`, message: `missing: ${name} needs it` })
    }
    for (const [member, inside] of Object.entries(value)) {
      if (!isGiven(inside)) continue
      if (Object.hasOwn(known, member)) known[member]?.(inside, `${path}.${member}`, problems)
      else {
        const free = Object.keys(known).filter((one) => !isGiven(value[one]))
        const todo = meant(member, free) ?? `, but ${listed(known)}`
        problems.push({ path: `${path}.${member}`, message: `${name} has no ${member}${todo}` })
      }
    }
    also?.(value, path, problems)
  }
}

/** One of several shapes, told apart by `type`. */
export const typed = (name: string, shapes: Readonly<Record<string, Shape>>): Check => {
  const checks = new Map(
    Object.entries(shapes).map(([type, shape]) => {
      return [type, shaped({ ...shape, required: { type: anything, ...shape.required } })]
    }),
  )
  return (value, path, problems) => {
    const type = isObject(value) ? value['type'] : undefined
    const check = typeof type === 'string' ? checks.get(type) : undefined
    if (check) return check(value, path, problems)
    const message = isGiven(type) ? `${JSON.stringify(type)} is no ${name}` : 'missing'
    const todo = meant(String(type ?? ''), Object.keys(shapes)) ?? `; write one of ${listed(shapes)}`
    problems.push({ path: `${path}.type`, message: message + todo })
  }
}

const listed = (names: object) => Object.keys(names).join(', ')

function meant(written: string, known: readonly string[]): string | undefined {
  const near = nearest(written, known)
  return near === undefined ? undefined : `; did you mean ${near}?`
}

export const list =
  (limits: { min: number; max: number; what: string }, item: Check): Check =>
  (value, path, problems) => {
    if (!Array.isArray(value)) return void problems.push({ path, message: `a list of ${limits.what}` })
    const asked = limits.min === limits.max ? `exactly ${limits.max}` : `at most ${limits.max}`
    if (value.length > limits.max || (value.length < limits.min && limits.min === limits.max)) {
      problems.push({ path, message: `${value.length} ${limits.what}, ${asked}` })
    } else if (value.length < limits.min) problems.push({ path, message: `no ${limits.what}, at least ${limits.min}` })
    for (const [index, inside] of value.entries()) item(inside, `${path}[${index}]`, problems)
  }

/** `words` as they are, without templates. */
export const oneOf =
  (...words: readonly (string | boolean)[]): Check =>
  (value, path, problems) => {
    if (words.some((word) => word === value)) return
    const todo = typeof value === 'string' ? (meant(value, words.map(String)) ?? '') : ''
    problems.push({ path, message: `${JSON.stringify(value)} is none of ${words.join(', ')}${todo}` })
  }

export const flag: Check = (value, path, problems) => {
  if (typeof value !== 'boolean') problems.push({ path, message: `${JSON.stringify(value)} is neither true nor false` })
}

export const all =
  (...checks: readonly Check[]): Check =>
  (value, path, problems) => {
    for (const check of checks) check(value, path, problems)
  }
