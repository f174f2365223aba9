import * as fc from 'fast-check'
import { type KindName, schemaFor } from '../../functions/core/schema/crd.ts'
import type { Structural } from '../../functions/core/schema/structural.ts'
import { isObject } from '../../functions/core/shape.ts'

/** Objects of our kinds: right ones, ones at their limits, and ones with a thing or two wrong. */
export const objectOf = (kind: KindName): fc.Arbitrary<unknown> => withChanges(rightObject(kind))

/** Statuses of a kind, in the same mixture. */
export const statusOf = (kind: KindName): fc.Arbitrary<unknown> =>
  withChanges(right(schemaFor(kind).properties?.status ?? {}))

const withChanges = (objects: fc.Arbitrary<unknown>) =>
  fc
    .tuple(objects, fc.oneof(fc.constant([]), fc.array(change, { minLength: 1, maxLength: 2 })))
    .map(([object, changes]) => asJson(changes.reduce(changed, asJson(object))))

/** Without the members that are undefined. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

function rightObject(kind: KindName): fc.Arbitrary<unknown> {
  const { spec: specSchema = {} } = schemaFor(kind).properties ?? {}
  return fc
    .record({ name: names, labels: fc.option(labels, { nil: undefined }), spec: right(specSchema) })
    .map(({ name, labels, spec }) => ({
      apiVersion: 'linebot.dev/v1alpha1',
      kind,
      metadata: { name, ...(labels && { labels }) },
      spec: kind === 'Event' ? eventSpec(spec) : spec,
    }))
}

const names = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom('a', 'hello', 'rath-alos-2', 'x'.repeat(40)) },
  { weight: 1, arbitrary: fc.constantFrom('x'.repeat(41), '2nd', 'a.b', 'A', '-a', 'a-', '', 'a'.repeat(254), 'é') },
)
const rightLabels = { a: 'b', 'example.com/c': '', ['k'.repeat(63)]: 'v'.repeat(63) }
const labels: fc.Arbitrary<object> = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom({}, rightLabels) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      { a: 'b c' },
      { 'a/b/c': 'd' },
      { a: 1 },
      { a: null },
      { '': 'x' },
      { ['k'.repeat(64)]: 'v' },
      { k: 'v'.repeat(64) },
    ),
  },
)

/** Rules of an Event hang together; without this almost none would be right. */
function eventSpec(spec: unknown): unknown {
  if (!isObject(spec) || !Array.isArray(spec.rules)) return spec
  return { ...spec, rules: spec.rules.map((rule) => (isObject(rule) ? coherent(rule, spec.type) : rule)) }
}

function coherent(rule: Readonly<Record<string, unknown>>, type: unknown): unknown {
  const { keywords, content, mentioned, data, oneOf, reply, forward, ...rest } = rule
  const answer = forward === undefined ? { reply: reply ?? [{ type: 'text', text: 'hi' }] } : { forward: sent(forward) }
  return {
    ...rest,
    ...(type === 'message' && { keywords: keywords ?? ['火龍'], ...(content !== undefined && { content, mentioned }) }),
    ...(type === 'postback' && { data: data ?? ['buy=1'] }),
    ...(oneOf === undefined ? answer : { oneOf }),
  }
}

const sent = (forward: unknown): unknown =>
  isObject(forward) && isObject(forward.to) ? { ...forward, to: { uri: 'http://a', ...forward.to } } : forward

/** Values that a schema allows, its limits among them. CEL rules may still refuse them. */
function right(schema: Structural): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum)
  switch (schema.type) {
    case 'string':
      return rightString(schema)
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -9, max: schema.maximum ?? 9 })
    case 'number':
      return fc.constantFrom(-33.9, 0, 139.7)
    case 'boolean':
      return fc.boolean()
    case 'array':
      return fc.array(right(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 2, Math.max(2, schema.minItems ?? 0)),
      })
    default:
      return rightMapping(schema)
  }
}

function rightString({ pattern, format, minLength = 0, maxLength = 9 }: Structural): fc.Arbitrary<string> {
  if (format === 'date-time') return times
  if (pattern) return fc.constantFrom(...fitting.filter((text) => new RegExp(pattern, 'u').test(text)))
  const word = fc.constantFrom('hello', '火龍', '', '👋🏽', '{{user.displayName}}', ' a\n')
  const longest = fc.constantFrom('x', '𠮷').map((letter) => letter.repeat(maxLength))
  return fc
    .oneof({ weight: 12, arbitrary: word }, { weight: 1, arbitrary: longest })
    .map((text) => [...text.padEnd(minLength, 'y')].slice(0, maxLength).join(''))
}

/** Of these at least one fits each pattern that a schema has. */
const fitting = ['https://bot.example.com/webhook', 'http://127.0.0.1:7072/', 'message', 'postback', 'beacon']

function rightMapping(schema: Structural): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], additionalProperties } = schema
  const members = Object.entries(properties).map(([name, child]) => {
    const value = right(child)
    return [name, required.includes(name) ? value : fc.option(value, { nil: undefined, freq: 2 })] as const
  })
  const known = fc.record(Object.fromEntries(members))
  const more = additionalProperties
    ? fc.dictionary(fc.constantFrom('a', 'example.com/b'), right(additionalProperties), { noNullPrototype: true })
    : fc.constant({})
  const free = schema['x-kubernetes-preserve-unknown-fields'] ? fc.option(anything, { nil: {} }) : fc.constant({})
  return fc.tuple(free, known, more).map((parts) => Object.assign({}, ...parts))
}

const rightTimes = ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.123456Z', '2026-01-31T12:00:00+09:00']
const wrongTimes = ['2026-01-31', '2026-01-31T12:00:00', '2026-02-30T12:00:00Z', '2026-01-31 12:00:00Z', 'now']
const times = fc.oneof(
  { weight: 40, arbitrary: fc.constantFrom(...rightTimes) },
  { weight: 1, arbitrary: fc.constantFrom(...wrongTimes) },
)

const anything = fc.constantFrom(
  { containers: [{ name: 'bot', image: null }], nodeSelector: { a: 'b' } },
  { type: 'bubble', body: { contents: [1.5, true, null, { deep: [[]] }] } },
)

interface Change {
  /** Which of all places in the object; it wraps around. */
  readonly place: number
  readonly to: unknown
}

const change: fc.Arbitrary<Change> = fc.record({
  place: fc.nat(),
  to: fc.constantFrom<unknown>(
    null,
    undefined,
    'x',
    '',
    'Exact',
    'x'.repeat(5001),
    '𠮷'.repeat(21),
    0,
    1,
    -1,
    7,
    1001,
    1.5,
    1e18,
    true,
    [],
    {},
    { unknown: 1 },
    [null],
    ['a', 'b', 'c', 'd', 'e', 'f'],
    Array.from({ length: 101 }, () => 'x'),
    { unknown: { unknown: null } },
  ),
})

/** The object with one value replaced, taken away, or, where a mapping comes instead, with a stranger put into it. */
function changed(object: unknown, { place, to }: Change): unknown {
  const paths = placesIn(object, [])
  const path = paths[place % paths.length]
  return path ? put(object, path, to) : object
}

const placesIn = (value: unknown, path: readonly string[]): string[][] =>
  Object.entries(isObject(value) || Array.isArray(value) ? value : {}).flatMap(([name, one]) => {
    const place = [...path, name]
    return [place].concat(placesIn(one, place))
  })

function put(value: unknown, [name, ...rest]: readonly string[], to: unknown): unknown {
  if (name === undefined) return isObject(to) && isObject(value) ? { ...value, ...to } : to
  if (Array.isArray(value)) return value.map((one, index) => (String(index) === name ? put(one, rest, to) : one))
  if (!isObject(value)) return value
  return { ...value, [name]: put(value[name], rest, to) }
}
