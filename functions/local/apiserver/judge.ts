import type { Problem } from '../../core/problem.ts'
import { judge } from '../../core/schema/judge.ts'
import { judgeMeta } from '../../core/schema/meta.ts'
import { settle } from '../../core/schema/settle.ts'
import type { Structural } from '../../core/schema/structural.ts'
import { type Cause, invalid, type Refusal } from './refusal.ts'
import type { Resource } from './resources.ts'
import type { Thing } from './thing.ts'

const texts: Structural = { type: 'object', additionalProperties: { type: 'string' } }
const kindOf: Structural = { type: 'string' }
const typed = (properties: Record<string, Structural>): Structural => ({
  type: 'object',
  properties: { apiVersion: kindOf, kind: kindOf, metadata: { type: 'object' }, ...properties },
})

/** Of the core kinds that people write, as much as a slip of the pen needs. */
const coreSchemas: Readonly<Record<string, Structural>> = {
  ConfigMap: typed({ data: texts, binaryData: texts, immutable: { type: 'boolean' } }),
  Secret: typed({ data: texts, stringData: texts, type: { type: 'string' }, immutable: { type: 'boolean' } }),
}

const schemaOf = ({ schema, group, kind }: Resource) => schema ?? (group === '' ? coreSchemas[kind] : undefined)

export interface Settled {
  readonly thing: Thing
  /** Paths of fields that were cut off. */
  readonly unknown: readonly string[]
}

/** The object as it would be kept, with its defaults, and without the fields that its kind does not have. */
export function settled(resource: Resource, thing: Thing): Settled {
  const schema = schemaOf(resource)
  if (!schema) return { thing, unknown: [] }
  const { value, unknown } = settle(thing, schema)
  const inMeta = judgeMeta(thing.metadata).filter(isUnknown)
  // Settling an object gives an object, and leaves its metadata alone.
  return { thing: value as Thing, unknown: [...inMeta, ...unknown].map(({ path }) => path) }
}

const isUnknown = ({ message }: Problem) => message.startsWith('unknown field')

/** Throws a Refusal that names all that is wrong with a settled object; of core kinds, what cannot be read at all. */
export function refuseInvalid(resource: Resource, thing: Thing, unreadable: (why: string) => Refusal): void {
  const inMeta = judgeMeta(thing.metadata).filter((problem) => !isUnknown(problem) && !isRbacName(resource, problem))
  const schema = schemaOf(resource)
  const found = schema ? judge(thing, schema) : []
  if (found.length > 0 && !resource.schema) {
    const { kind, version } = resource
    const said = found.map(({ path, message }) => `${path}: ${message}`).join(', ')
    throw unreadable(`${kind} in version "${version}" cannot be handled as a ${kind}: ${said}`)
  }
  const news = found.filter(({ path }) => !inMeta.some((one) => one.path === path))
  if (inMeta.length + news.length > 0) throw invalid(resource, thing.metadata.name, [...inMeta, ...news].map(causeOf))
}

/** Roles may be called `system:node`. */
const isRbacName = ({ group }: Resource, { path }: Problem) =>
  group === 'rbac.authorization.k8s.io' && path === 'metadata.name'

function causeOf({ path, message }: Problem): Cause {
  const missing = message === 'required, and missing'
  const field = path.replace(/^(metadata\.(?:labels|annotations))[.[].*$/, '$1') || '<nil>'
  return missing
    ? { reason: 'FieldValueRequired', message: 'Required value', field }
    : { reason: 'FieldValueInvalid', message: `Invalid value: ${path}: ${message}`, field }
}
