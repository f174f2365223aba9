import type { Problem } from '../problem.ts'
import { isObject, type Json, own } from '../shape.ts'
import { hint } from './nearest.ts'
import { item, member } from './path.ts'
import type { Structural } from './structural.ts'

/**
 * The value as the API server would keep it: fields that the schema does not know are cut off and listed, a null
 * counts as not written, and defaults are filled in. Nothing is judged; the value given is left alone.
 */
export function settle(value: unknown, schema: Structural): { value: unknown; unknown: Problem[] } {
  const unknown: Problem[] = []
  return { value: settled(value, schema, '', unknown), unknown }
}

function settled(value: unknown, schema: Structural, path: string, unknown: Problem[]): unknown {
  if (Array.isArray(value)) {
    const { items } = schema
    return items ? value.map((one, index) => settled(one, items, item(path, index), unknown)) : value
  }
  // The API server has a schema of its own for metadata, see meta.ts.
  if (!isObject(value) || schema.type !== 'object' || path === 'metadata') return value
  return Object.fromEntries([...members(value, schema, path, unknown), ...defaults(value, schema, path, unknown)])
}

function members(value: Json, schema: Structural, path: string, unknown: Problem[]): [string, unknown][] {
  const kept: [string, unknown][] = []
  for (const [name, one] of Object.entries(value)) {
    const known = own(schema.properties, name) ?? schema.additionalProperties
    if (known && one !== null) kept.push([name, settled(one, known, member(path, name), unknown)])
    if (known) continue
    if (schema['x-kubernetes-preserve-unknown-fields']) kept.push([name, one])
    else unknown.push(unknownField(path, name, schema))
  }
  return kept
}

const unknownField = (path: string, name: string, { properties = {} }: Structural): Problem => ({
  path: member(path, name),
  message: `unknown field${bareY(name, properties) ?? hint(name, Object.keys(properties))}`,
})

const bareY = (name: string, properties: Readonly<Record<string, Structural>>): string | undefined =>
  name === 'true' && own(properties, 'y') ? '; YAML reads a bare y as true: write "y"' : undefined

/** A null where there is a default is taken as not written too. */
const defaults = (
  value: Json,
  { properties = {} }: Structural,
  path: string,
  unknown: Problem[],
): [string, unknown][] =>
  Object.entries(properties)
    .filter(([name, { default: given }]) => given !== undefined && (own(value, name) ?? null) === null)
    .map(([name, schema]) => [name, settled(schema.default, schema, member(path, name), unknown)])
