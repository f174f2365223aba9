import { z } from 'zod'
import type { CelRule } from '../resources/parts.ts'

/** A schema as CustomResourceDefinitions allow it: one type per place, no unions, no references. */
export interface Structural {
  readonly description?: string
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean'
  readonly format?: string
  readonly enum?: readonly string[]
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly default?: unknown
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Structural>>
  readonly additionalProperties?: Structural
  readonly items?: Structural
  readonly 'x-kubernetes-preserve-unknown-fields'?: true
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map'
  readonly 'x-kubernetes-list-map-keys'?: readonly string[]
  readonly 'x-kubernetes-validations'?: readonly CelRule[]
}

type Json = z.core.JSONSchema.BaseSchema

/** Keywords that mean the same in both worlds, in the order in which a person reads them. */
const copied = [
  'description',
  'type',
  'format',
  'enum',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
  'default',
  'required',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-validations',
] as const
const nested = ['properties', 'additionalProperties', 'items']

/** The structural schema of a zod schema's input. Throws, naming the place, where zod says what a CRD cannot. */
export const structural = (schema: z.ZodType): Structural =>
  convert(z.toJSONSchema(schema, { target: 'openapi-3.0', io: 'input', reused: 'inline' }), '')

function convert(json: Json, path: string): Structural {
  refuseUnknown(json, path)
  return Object.fromEntries([
    ...copied.map((key) => [key, valueOf(json, key)] as const).filter(([, value]) => value !== undefined),
    ...children(json, path),
  ])
}

function refuseUnknown(json: Json, path: string): void {
  const known = new Set<string>([...copied, ...nested, '~standard'])
  const unknown = Object.keys(json).filter((key) => !known.has(key))
  if (unknown.length > 0) throw new Error(`${path || 'root'}: a CRD's schema cannot say ${unknown.join(', ')}`)
}

function valueOf(json: Json, key: (typeof copied)[number]): unknown {
  // RFC 3339 is what the API server checks for date-time; zod's own pattern is narrower.
  if (key === 'pattern') return json.format === 'date-time' ? undefined : json.pattern?.replaceAll('\\/', '/')
  // zod bounds every integer by what a double holds; to a reader that says nothing.
  if ((key === 'minimum' || key === 'maximum') && Math.abs(json[key] ?? 0) === Number.MAX_SAFE_INTEGER) return undefined
  if (key === 'format' && json.type === 'integer') return 'int64'
  if (key === 'default') return withDefaults(json)
  return json[key]
}

/** An object's default, with those of its members: the API server checks CEL rules on it as it stands. */
function withDefaults({ default: own, properties = {} }: Json): unknown {
  if (typeof own !== 'object' || own === null) return own
  const inner = Object.entries(properties).map(([name, child]) => [name, withDefaults(asSchema(child, name))] as const)
  return { ...Object.fromEntries(inner.filter(([, value]) => value !== undefined)), ...own }
}

function children(json: Json, path: string): [string, unknown][] {
  const { properties, additionalProperties: more, items } = json
  const found: [string, unknown][] = []
  if (properties && Object.keys(properties).length > 0) {
    found.push([
      'properties',
      mapEntries(properties, (child, name) => convert(asSchema(child, `${path}.${name}`), `${path}.${name}`)),
    ])
  }
  if (isSchema(more)) found.push(['additionalProperties', convert(more, `${path}.*`)])
  // What zod calls a loose object.
  else if (more === true || typeof more === 'object') found.push(['x-kubernetes-preserve-unknown-fields', true])
  if (items) found.push(['items', convert(asSchema(items, `${path}[]`), `${path}[]`)])
  return found
}

const isSchema = (json: unknown): json is Json =>
  typeof json === 'object' && json !== null && Object.keys(json).length > 0

function asSchema(json: unknown, path: string): Json {
  if (isSchema(json) && !Array.isArray(json)) return json
  throw new Error(`${path}: a CRD's schema needs one type, not ${JSON.stringify(json)}`)
}

const mapEntries = <A, B>(record: Readonly<Record<string, A>>, to: (value: A, key: string) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value, key)]))
