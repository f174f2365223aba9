import { isDeepStrictEqual } from 'node:util'
import { type KindName, schemaFor } from '../../core/schema/crd.ts'
import type { Structural } from '../../core/schema/structural.ts'

/** An object that stands in more than one place and is told of in one. */
export interface Part {
  readonly name: string
  /** The page that tells of it, without `.md`. */
  readonly page: string
  readonly schema: Structural
}

/** The schema at a path as `spec.rules[].reply[]`. */
function at(schema: Structural, path: string): Structural {
  const steps = path.replaceAll('[]', '.[]').split('.').filter(Boolean)
  return steps.reduce((from, step) => {
    const next = step === '[]' ? from.items : step === '*' ? from.additionalProperties : from.properties?.[step]
    if (!next) throw new Error(`no schema at ${step} of ${path}`)
    return next
  }, schema)
}

const inKind = (kind: KindName, path: string) => at(schemaFor(kind), path)
const message = inKind('Event', 'spec.rules[].reply[]')

export const parts: readonly Part[] = [
  { name: 'Message', page: 'messages', schema: message },
  { name: 'Action', page: 'messages', schema: at(message, 'quickReply.items[].action') },
  { name: 'Area', page: 'messages', schema: at(message, 'video.area') },
  { name: 'Schedule', page: 'event', schema: inKind('Event', 'spec.rules[].schedule') },
  { name: 'Time', page: 'event', schema: inKind('Event', 'spec.rules[].schedule.times[]') },
  { name: 'Label selector', page: 'eventbinding', schema: inKind('EventBinding', 'spec.selector') },
  { name: 'Condition', page: 'bot', schema: inKind('Bot', 'status.conditions[]') },
]

/** What a schema is called, whatever is said of it where it stands. */
export const partOf = (schema: Structural): Part | undefined =>
  parts.find((part) => isDeepStrictEqual(bare(part.schema), bare(schema)))

const bare = (schema: Structural): Structural => ({ ...schema, description: '' })

export interface Field {
  readonly name: string
  /** Where it is told of: `Bot.spec.scale.min`, or `Message.text` in a part. */
  readonly key: string
  readonly schema: Structural
  readonly required: boolean
}

/** The fields of the object that stands at the key. */
export const fieldsOf = (schema: Structural, key: string): Field[] =>
  Object.entries(schema.properties ?? {}).map(([name, field]) => ({
    name,
    key: `${key}.${name}`,
    schema: field,
    required: schema.required?.includes(name) ?? false,
  }))

/** The object that a field holds, alone, in a list or by names; undefined for a plain value. */
export function insideOf({
  schema,
  key,
}: Pick<Field, 'schema' | 'key'>): { schema: Structural; key: string } | undefined {
  if (schema.items) return insideOf({ schema: schema.items, key: `${key}[]` })
  if (schema.additionalProperties) return insideOf({ schema: schema.additionalProperties, key: `${key}.NAME` })
  if (!schema.properties) return undefined
  return { schema, key: partOf(schema)?.name ?? key }
}

/** Every field of our kinds and of the parts, each once. */
export function allFields(): Field[] {
  const roots = [
    ...(['Bot', 'Event', 'EventBinding'] as const).map((kind) => ({ schema: schemaFor(kind), key: kind })),
    ...parts.map(({ name, schema }) => ({ schema, key: name })),
  ]
  return roots.flatMap(below)
}

function below({ schema, key }: { readonly schema: Structural; readonly key: string }): Field[] {
  return fieldsOf(schema, key).flatMap((field) => {
    const inside = insideOf(field)
    return [field, ...(inside && !partOf(inside.schema) ? below(inside) : [])]
  })
}
