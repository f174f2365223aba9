import type { Problem } from '../problem.ts'
import { isObject, own } from '../shape.ts'
import { brokenRules } from './cel.ts'
import { hint } from './nearest.ts'
import { item, member } from './path.ts'
import type { Structural } from './structural.ts'

/** All that is wrong with a settled value, as the API server judges it. CEL rules are asked where the shape is right. */
export function judge(value: unknown, schema: Structural, path = ''): Problem[] {
  const found = judgeType(value, schema, path) ?? [
    ...judgeString(value, schema, path),
    ...judgeNumber(value, schema, path),
    ...judgeList(value, schema, path),
    ...judgeObject(value, schema, path),
  ]
  return found.length > 0 ? found : brokenRules(value, schema, path)
}

const typeNames = {
  object: 'a mapping',
  array: 'a list',
  string: 'a string',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
} as const

const isOfType = {
  object: isObject,
  array: Array.isArray,
  string: (value: unknown) => typeof value === 'string',
  integer: Number.isInteger,
  number: (value: unknown) => typeof value === 'number',
  boolean: (value: unknown) => typeof value === 'boolean',
} as const

function judgeType(value: unknown, { type }: Structural, path: string): Problem[] | undefined {
  if (!type || isOfType[type](value)) return undefined
  return [
    { path, message: `must be ${typeNames[type]}${(type === 'string' && quotes(value)) || `, not ${nameOf(value)}`}` },
  ]
}

/** What a word becomes in YAML without quotes; undefined where quotes would not help. */
export function quotes(value: unknown): string | undefined {
  // As a number it may have lost what was written: 0912345678, 1_000.
  if (typeof value === 'number') return ': put it in quotes'
  if (typeof value !== 'boolean') return undefined
  return `, not ${value}: put it in quotes; without, YAML reads yes, on and y as true, and no, off and n as false`
}

/** What a value is, in words. */
export function nameOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return isObject(value) ? 'a mapping' : JSON.stringify(value)
}

function judgeString(value: unknown, schema: Structural, path: string): Problem[] {
  if (typeof value !== 'string') return []
  const { enum: allowed, pattern, format, minLength, maxLength } = schema
  const found = judgeSize(lengthOf(value), 'characters', minLength, maxLength)
  if (allowed && !allowed.includes(value)) found.push(`${JSON.stringify(value)} is not allowed${hint(value, allowed)}`)
  if (pattern && !new RegExp(pattern, 'u').test(value)) found.push(`${JSON.stringify(value)} must match ${pattern}`)
  if (format === 'date-time' && !isDateTime(value)) found.push(`must be a time such as 2026-01-31T12:00:00Z`)
  return found.map((message) => ({ path, message }))
}

/** Code points, as CRDs count. */
const lengthOf = (text: string) => [...text].length

const dateTime = /^(\d{4})-(\d\d)-(\d\d)[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/

function isDateTime(text: string): boolean {
  const [, year, month, day] = (dateTime.exec(text) ?? []).map(Number)
  // Date.parse takes the 30th of February for the 2nd of March; day 0 of the next month is the last of this one.
  const lastDay = new Date(Date.UTC(year ?? 0, month ?? 0, 0)).getUTCDate()
  return day !== undefined && day <= lastDay && !Number.isNaN(Date.parse(text))
}

function judgeNumber(value: unknown, { minimum, maximum }: Structural, path: string): Problem[] {
  if (typeof value !== 'number') return []
  if (minimum !== undefined && value < minimum) return [{ path, message: `${value}, at least ${minimum}` }]
  if (maximum !== undefined && value > maximum) return [{ path, message: `${value}, at most ${maximum}` }]
  return []
}

function judgeSize(size: number, unit: string, min: number | undefined, max: number | undefined): string[] {
  if (min !== undefined && size < min) return [`${size} ${unit}, at least ${min}`]
  if (max !== undefined && size > max) return [`${size} ${unit}, at most ${max}`]
  return []
}

function judgeList(value: unknown, schema: Structural, path: string): Problem[] {
  if (!Array.isArray(value)) return []
  const { items = {}, minItems, maxItems } = schema
  return [
    ...judgeSize(value.length, 'items', minItems, maxItems).map((message) => ({ path, message })),
    ...value.flatMap((one, index) => judge(one, items, item(path, index))),
    ...repeated(value, schema['x-kubernetes-list-map-keys'], path),
  ]
}

/** Items of a list of `x-kubernetes-list-type: map` that have an earlier one's keys. */
function repeated(list: readonly unknown[], keys: readonly string[] | undefined, path: string): Problem[] {
  if (!keys) return []
  const ids = list.map((one) => JSON.stringify(isObject(one) ? keys.map((key) => one[key]) : one))
  return ids.flatMap((id, index) => {
    const first = ids.indexOf(id)
    return first === index ? [] : [{ path: item(path, index), message: `same ${keys.join(', ')} as item ${first}` }]
  })
}

function judgeObject(value: unknown, schema: Structural, path: string): Problem[] {
  if (!isObject(value)) return []
  const { required = [], properties, additionalProperties } = schema
  const missing = required.filter((name) => !Object.hasOwn(value, name))
  return [
    ...missing.map((name) => ({ path: member(path, name), message: 'required, and missing' })),
    ...Object.entries(value).flatMap(([name, one]) => {
      const known = own(properties, name) ?? additionalProperties
      return known ? judge(one, known, member(path, name)) : []
    }),
  ]
}
