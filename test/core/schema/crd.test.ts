import { expect, it } from 'vitest'
import { z } from 'zod'
import { crdFor, type KindName, kindNames, schemaFor } from '../../../functions/core/schema/crd.ts'
import { type Structural, structural } from '../../../functions/core/schema/structural.ts'

it.each([
  ['a union', z.union([z.string(), z.int()]), 'root: a CRD’s schema cannot say anyOf'],
  ['a union inside', z.strictObject({ a: z.array(z.union([z.string(), z.int()])) }), '.a[]: a CRD’s schema cannot say'],
  ['anything', z.strictObject({ a: z.any() }), '.a: a CRD’s schema needs one type'],
  [
    'two shapes at once',
    z.intersection(z.strictObject({ a: z.int() }), z.strictObject({ a: z.int().max(1) })),
    '.a: a CRD’s schema cannot say allOf',
  ],
])('refuses %s, which the API server would, and says where', (_what, schema, said) => {
  expect(() => structural(schema)).toThrow(said.replaceAll('’', "'"))
})

it.each<[string, z.ZodType, Structural]>([
  ['bounds', z.string().min(1).max(2), { type: 'string', minLength: 1, maxLength: 2 }],
  ['a whole number', z.int().min(0), { type: 'integer', format: 'int64', minimum: 0 }],
  ['any number', z.number(), { type: 'number' }],
  ['a time by its format alone', z.iso.datetime(), { type: 'string', format: 'date-time' }],
  [
    'an object that knows all its members',
    z.strictObject({ a: z.string(), b: z.boolean().optional() }),
    { type: 'object', required: ['a'], properties: { a: { type: 'string' }, b: { type: 'boolean' } } },
  ],
  ['an object of anything', z.looseObject({}), { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }],
  ['a map', z.record(z.string(), z.string()), { type: 'object', additionalProperties: { type: 'string' } }],
  [
    'the defaults of members in the default of the whole, where CEL rules look for them',
    z.strictObject({ a: z.int().default(1), b: z.string().optional() }).prefault({}),
    {
      type: 'object',
      default: { a: 1 },
      properties: { a: { type: 'integer', format: 'int64', default: 1 }, b: { type: 'string' } },
    },
  ],
])('says %s as a CRD does', (_what, schema, said) => {
  expect(structural(schema)).toEqual(said)
})

it.each(kindNames)('describes every field of %s, for kubectl explain', (kind) => {
  const { metadata: _, ...properties } = schemaFor(kind).properties ?? {}
  expect(undescribed({ properties }, kind)).toEqual([])
})

it.each(kindNames)('bounds every list and string of %s, or CEL rules would cost too much', (kind) => {
  const { spec, status } = schemaFor(kind).properties ?? {}
  expect([...unbounded(spec, `${kind}.spec`), ...unbounded(status, `${kind}.status`)]).toEqual([])
})

it('shows the columns people ask for', () => {
  expect(columns('Bot')).toEqual(['Ready', 'Reason', 'URL', 'Rules', 'Active', 'Age'])
  expect(columns('Event')).toEqual(['Ready', 'Reason', 'Type', 'Rules', 'Age'])
  expect(columns('EventBinding')).toEqual(['Ready', 'Reason', 'Events', 'Rules', 'Age'])
})

it('scales a Bot, and nothing else', () => {
  expect(kindNames.filter((kind) => crdFor(kind).spec.versions[0].subresources.scale)).toEqual(['Bot'])
})

const columns = (kind: KindName) => crdFor(kind).spec.versions[0].additionalPrinterColumns.map(({ name }) => name)

function undescribed({ properties = {}, items }: Structural, path: string): string[] {
  const own = Object.entries(properties).flatMap(([name, child]) => [
    child.description ? [] : [`${path}.${name}`],
    undescribed(child, `${path}.${name}`),
  ])
  return [...own.flat(), ...(items ? undescribed(items, `${path}[]`) : [])]
}

function unbounded(schema: Structural = {}, path: string): string[] {
  const { type, properties = {}, items, additionalProperties, maxItems, maxLength, enum: words, format } = schema
  const free = (type === 'array' && maxItems === undefined) || (type === 'string' && !maxLength && !words && !format)
  const inner = [
    ...Object.entries(properties).map(([name, child]) => [`${path}.${name}`, child] as const),
    ...(items ? [[`${path}[]`, items] as const] : []),
    ...(additionalProperties ? [[`${path}.*`, additionalProperties] as const] : []),
  ]
  return [...(free ? [path] : []), ...inner.flatMap(([where, child]) => unbounded(child, where))]
}
