import { Environment, type ParseResult } from '@marcbachmann/cel-js'
import type { Problem } from '../problem.ts'
import type { CelRule } from '../resources/parts.ts'
import { isObject, own } from '../shape.ts'
import { item, member } from './path.ts'
import type { Structural } from './structural.ts'

const environment = new Environment({ unlistedVariablesAreDyn: true })
const parsed = new Map<string, ParseResult>()

/** The schema's CEL rules that the value breaks. The value must have the schema's shape. */
export const brokenRules = (value: unknown, schema: Structural, path: string): Problem[] => {
  const rules = schema['x-kubernetes-validations']
  if (!rules) return []
  const self = celValue(value, path === '' ? withName(schema) : schema)
  return rules.filter(({ rule }) => !holds(rule, self)).map((rule) => problemFor(rule, path))
}

/** Those that anything in the value breaks, the value itself too. */
export function brokenInside(value: unknown, schema: Structural, path = ''): Problem[] {
  const { items = {}, properties, additionalProperties } = schema
  const broken = brokenRules(value, schema, path)
  if (Array.isArray(value)) return [...broken, ...value.flatMap((one, i) => brokenInside(one, items, item(path, i)))]
  if (!isObject(value)) return broken
  const inside = Object.entries(value).flatMap(([name, one]) => {
    const known = own(properties, name) ?? additionalProperties
    return known ? brokenInside(one, known, member(path, name)) : []
  })
  return [...broken, ...inside]
}

function holds(rule: string, self: unknown): boolean {
  const evaluate = parsed.get(rule) ?? environment.parse(rule)
  parsed.set(rule, evaluate)
  try {
    return evaluate({ self }) === true
  } catch {
    // As in the API server: a rule that cannot be evaluated is broken.
    return false
  }
}

/** At the root the API server cannot name the field, so the message does; here it can be taken from there. */
function problemFor({ message }: CelRule, path: string): Problem {
  const named = path === '' ? /^([\w.]+): (.+)$/s.exec(message) : null
  return { path: named?.[1] ?? path, message: named?.[2] ?? message }
}

/** As CEL sees it: integers are 64 bits wide, and what the schema does not name is not there. */
function celValue(value: unknown, schema: Structural): unknown {
  if (schema.type === 'integer' && typeof value === 'number') return BigInt(value)
  if (Array.isArray(value)) return value.map((one) => celValue(one, schema.items ?? {}))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) => {
      const known = own(schema.properties, name) ?? schema.additionalProperties
      return known ? [[name, celValue(one, known)] as const] : []
    }),
  )
}

/** Of metadata, which a CRD's schema leaves to the API server, rules see the name. */
const withName = (root: Structural): Structural => ({
  ...root,
  properties: { ...root.properties, metadata: { type: 'object', properties: { name: { type: 'string' } } } },
})
