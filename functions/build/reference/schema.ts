import type { Structural } from '../../core/schema/structural.ts'
import { anchor, cell, code, table } from './markdown.ts'
import { type Field, fieldsOf, insideOf, type Part, partOf } from './parts.ts'

export interface Telling {
  readonly values: ReadonlyMap<string, unknown>
  /** The page it is told on, without `.md`. */
  readonly page: string
  /** False where the schema's sizes are but guards above LINE's own limits, which the descriptions tell. */
  readonly sizes: boolean
}

/** A heading and a table of fields for the object, and for every object in it that is no part of its own. */
export function sections(schema: Structural, key: string, telling: Telling, level = 2): string[] {
  const fields = fieldsOf(schema, key)
  const inner = fields.flatMap((field) => {
    const inside = insideOf(field)
    return inside && !partOf(inside.schema) ? sections(inside.schema, inside.key, telling, Math.min(level + 1, 4)) : []
  })
  return [
    `${'#'.repeat(level)} ${headingOf(key)}`,
    ...(schema.description && level > 2 ? [schema.description] : []),
    table(
      ['Field', 'Type', 'Default', 'Meaning', 'Example'],
      fields.map((field) => row(field, telling)),
    ),
    ...rulesOf(schema),
    ...inner,
  ]
}

/** `spec.scale` of `Bot.spec.scale`; a part's own name stays. */
const headingOf = (key: string) => (/^(Bot|Event|EventBinding)\./.test(key) ? key.slice(key.indexOf('.') + 1) : key)

const row = (field: Field, telling: Telling): string[] => [
  code(field.name),
  typeOf(field, telling),
  field.required ? 'required' : defaultOf(field.schema),
  cell(field.schema.description ?? ''),
  exampleOf(field, telling.values),
]

function typeOf(field: Field, telling: Telling): string {
  const { schema, key } = field
  if (schema.items)
    return `list of ${typeOf({ ...field, schema: schema.items, key: `${key}[]` }, telling)}${sizeOf(schema)}`
  if (schema.additionalProperties) {
    return `map of names to ${typeOf({ ...field, schema: schema.additionalProperties, key: `${key}.NAME` }, telling)}`
  }
  const inside = insideOf(field)
  if (inside) return linkTo(inside, telling.page)
  const limits = limitsOf(schema, telling.sizes)
  return limits ? `${schema.type}: ${limits}` : (schema.type ?? 'anything')
}

function linkTo({ schema, key }: { schema: Structural; key: string }, page: string): string {
  const part: Part | undefined = partOf(schema)
  const heading = headingOf(key)
  const file = part && part.page !== page ? `${part.page}.md` : ''
  return `[${part ? heading : 'object'}](${file}#${anchor(heading)})`
}

const sizeOf = ({ minItems, maxItems }: Structural) => {
  if (minItems !== undefined && maxItems !== undefined) return `, ${minItems}–${maxItems}`
  return maxItems === undefined ? '' : `, at most ${maxItems}`
}

function limitsOf(schema: Structural, sizes: boolean): string {
  const { enum: words, pattern, format, minimum, maximum, minLength, maxLength } = schema
  if (words) return words.map((word) => code(word)).join(', ')
  const range = rangeOf(minimum, maximum)
  const length = sizes ? rangeOf(minLength, maxLength) : ''
  return [format === 'date-time' ? 'a time' : '', range, length && `${length} characters`, pattern && code(pattern)]
    .filter(Boolean)
    .join(', ')
}

function rangeOf(least: number | undefined, most: number | undefined): string {
  if (least !== undefined && most !== undefined) return `${least}–${most}`
  if (most !== undefined) return `at most ${most}`
  return least === undefined ? '' : `at least ${least}`
}

const defaultOf = ({ default: value, properties }: Structural) =>
  value === undefined || properties ? '' : code(JSON.stringify(value))

const maxExample = 60

/** Nothing for an object: its fields have their own. */
function exampleOf(field: Field, values: ReadonlyMap<string, unknown>): string {
  const value = values.get(field.key)
  if (value === undefined || insideOf(field)) return ''
  const written = typeof value === 'string' && /^[^\s"'`\\][^"\n`\\]*$/.test(value) ? value : JSON.stringify(value)
  return code(written.length > maxExample ? `${written.slice(0, maxExample - 1)}…` : written)
}

/** What the API server checks between fields. */
const rulesOf = ({ 'x-kubernetes-validations': rules = [] }: Structural): string[] =>
  rules.length > 0 ? [rules.map(({ message }) => `- ${message}`).join('\n')] : []
