import { expect, it } from 'vitest'
import { check } from '../../../functions/core/schema/check.ts'
import type { KindName } from '../../../functions/core/schema/crd.ts'

const apiVersion = 'linebot.dev/v1alpha1'
const object = (kind: KindName, spec: unknown, metadata: unknown = { name: 'hello' }) => ({
  apiVersion,
  kind,
  metadata,
  spec,
})
const channel = { secretName: 'hello' }
const reply = [{ type: 'text', text: 'hi' }]
const event = (...rules: unknown[]) => ({ type: 'message', rules })

const condition = (type: string) => ({
  type,
  status: 'True',
  reason: 'Fine',
  message: '',
  observedGeneration: 1,
  lastTransitionTime: '2026-01-31T12:00:00Z',
})

const withConditions = (...types: string[]) => ({
  ...object('EventBinding', { selector: {} }),
  status: { conditions: types.map(condition) },
})

/** The problems as lines, or none. */
function problems(kind: KindName, given: unknown): string[] {
  const checked = check(kind, given)
  return checked.ok ? [] : checked.problems.map(({ path, message }) => `${path}: ${message}`)
}

it('fills in defaults and leaves what it was given alone', () => {
  const given = object('Bot', { channel, scale: { max: 3 } })
  const before = structuredClone(given)
  const checked = check('Bot', given)
  expect(checked).toMatchObject({
    ok: true,
    value: {
      spec: {
        channel,
        delivery: 'FrontDoor',
        scale: { min: 0, max: 3, concurrency: 100, idleSeconds: 60 },
        groups: { answer: 'Always' },
        webhook: { register: true },
        logLevel: 'Info',
        suspend: false,
      },
    },
  })
  expect(given).toEqual(before)
})

it('takes a null as not written', () => {
  const checked = check('Bot', object('Bot', { channel, selector: null, scale: null, logLevel: null }))
  expect(checked).toMatchObject({ ok: true, value: { spec: { scale: { max: 10 }, logLevel: 'Info' } } })
  expect(problems('Bot', object('Bot', { channel: null }))).toEqual(['spec.channel: required, and missing'])
})

it.each<[string, KindName, unknown, string[]]>([
  ['nothing', 'Bot', undefined, [': must be a mapping, not undefined']],
  ['a list', 'Bot', [], [': must be a mapping, not a list']],
  [
    'another kind',
    'Bot',
    { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { channel } },
    [`apiVersion: must be ${apiVersion}`, 'kind: must be Bot'],
  ],
  [
    'no spec',
    'EventBinding',
    { apiVersion, kind: 'EventBinding', metadata: { name: 'a' } },
    ['spec: required, and missing'],
  ],
  [
    'a field that is not there',
    'Event',
    object('Event', event({ keyword: ['hi'], reply })),
    ['spec.rules[0].keyword: unknown field; did you mean keywords?'],
  ],
  [
    'a field that is far from all',
    'EventBinding',
    object('EventBinding', { selector: {}, bananas: 1 }),
    ['spec.bananas: unknown field; known here: selector, priority'],
  ],
  [
    'a value that is not there',
    'Event',
    object('Event', event({ match: 'exact', reply })),
    ['spec.rules[0].match: "exact" is not allowed; did you mean Exact?'],
  ],
  [
    'words that YAML reads as something else',
    'Event',
    object('Event', event({ keywords: [5, true, null, 'yes'], reply })),
    [
      'spec.rules[0].keywords[0]: must be a string: put it in quotes',
      'spec.rules[0].keywords[1]: must be a string, not true: put it in quotes; without, YAML reads yes, on and y as true, and no, off and n as false',
      'spec.rules[0].keywords[2]: must be a string, not null',
    ],
  ],
  [
    'too many, too long, too high, too low',
    'Event',
    object(
      'Event',
      event({ keywords: ['𠮷'.repeat(301)], reply: Array(6).fill(reply[0]), priority: 1001 }, { oneOf: [] }),
    ),
    [
      'spec.rules[0].keywords[0]: 301 characters, at most 300',
      'spec.rules[0].reply: 6 items, at most 5',
      'spec.rules[0].priority: 1001, at most 1000',
      'spec.rules[1].oneOf: 0 items, at least 2',
    ],
  ],
  [
    'half a number',
    'Bot',
    object('Bot', { channel, scale: { min: 0.5, max: '3' } }),
    ['spec.scale.min: must be a whole number, not 0.5', 'spec.scale.max: must be a whole number, not "3"'],
  ],
  [
    'both answers, and neither',
    'Event',
    object('Event', event({ reply, oneOf: [{ reply }, { reply }] }, {})),
    [
      'spec.rules[0]: write exactly one of reply, oneOf and forward',
      'spec.rules[1]: write exactly one of reply, oneOf and forward',
    ],
  ],
  [
    'keywords for a postback',
    'Event',
    object('Event', { type: 'postback', rules: [{ keywords: ['a'], reply }] }),
    ['spec: keywords, content and mentioned are for type: message and messageEdited'],
  ],
  ['least above most', 'Bot', object('Bot', { channel, scale: { min: 11 } }), ['spec.scale: min must be at most max']],
  [
    'a ServiceAccount of its own',
    'Bot',
    object('Bot', { channel, template: { spec: { serviceAccountName: 'admin', containers: [{ name: 'bot' }] } } }),
    ['spec.template.spec: serviceAccountName is refused: a bot’s pod has no Kubernetes permissions; leave it out'],
  ],
  [
    'a token of the ServiceAccount',
    'Bot',
    object('Bot', {
      channel,
      template: {
        spec: {
          volumes: [
            { name: 'mine', projected: { sources: [{ secret: { name: 'a' } }] } },
            { name: 'token', projected: { sources: [{ configMap: { name: 'a' } }, { serviceAccountToken: {} }] } },
          ],
        },
      },
    }),
    [
      'spec.template.spec.volumes[1].projected.sources[1]: serviceAccountToken is refused: a bot’s pod has no Kubernetes permissions; leave it out',
    ],
  ],
  [
    'a URL with spaces',
    'Bot',
    object('Bot', { channel, webhook: { url: 'https://a b' } }),
    ['spec.webhook.url: "https://a b" must match ^https?://[!-~]+$'],
  ],
  [
    'a long name',
    'Bot',
    object('Bot', { channel }, { name: 'x'.repeat(41) }),
    ['metadata.name: at most 40 characters, or names made from it would be cut'],
  ],
  [
    'a name for no Service',
    'Bot',
    object('Bot', { channel }, { name: '2nd' }),
    ['metadata.name: lower-case letters, digits and -, beginning with a letter (a Service gets this name)'],
  ],
  ['no name', 'Bot', object('Bot', { channel }, {}), ['metadata.name: required, and missing']],
  [
    'labels that are none',
    'Bot',
    object('Bot', { channel }, { name: 'a', labels: { a: 1, b: 'c d', 'e/f/g': '' }, label: {} }),
    [
      'metadata.label: unknown field; did you mean labels?',
      'metadata.labels.a: must be a string: put it in quotes',
      'metadata.labels.b: a label’s value is at most 63 letters, digits, -, _ and ., beginning and ending with a letter or digit',
      'metadata.labels[e/f/g]: a name is at most 63 letters, digits, -, _ and ., with or without a domain and / before it',
    ],
  ],
])('says what is wrong with %s', (_what, kind, given, said) => {
  expect(problems(kind, given)).toEqual(said)
})

it('asks no CEL rule about what has the wrong shape', () => {
  expect(problems('Event', object('Event', { type: 'postback', rules: [{ keywords: 1, reply }] }))).toEqual([
    'spec.rules[0].keywords: must be a list, not 1',
  ])
})

it.each(['constructor', '__proto__', 'hasOwnProperty', 'toString'])('is not misled by a field called %s', (name) => {
  const spec = JSON.parse(`{ "selector": {}, ${JSON.stringify(name)}: {} }`)
  expect(problems('EventBinding', object('EventBinding', spec))).toEqual([
    `spec.${name}: unknown field; known here: selector, priority`,
  ])
})

it('keeps what a pod spec and a Flex message hold as it is, nulls and all', () => {
  const contents = { type: 'bubble', body: { contents: [1.5, null, { deep: null }] } }
  const checked = check('Event', object('Event', event({ reply: [{ type: 'flex', altText: 'a', contents }] })))
  expect(checked).toMatchObject({ ok: true, value: { spec: { rules: [{ reply: [{ contents }] }] } } })
})

it('lets a status name each condition once', () => {
  expect(problems('EventBinding', withConditions('Ready', 'Stalled'))).toEqual([])
  expect(problems('EventBinding', withConditions('Ready', 'Stalled', 'Ready'))).toEqual([
    'status.conditions[2]: same type as item 0',
  ])
})

it.each([
  ['2026-01-31T12:00:00Z', true],
  ['2028-02-29T12:00:00.123456+09:00', true],
  ['2026-02-29T12:00:00Z', false],
  ['2026-01-00T12:00:00Z', false],
  ['2026-13-01T12:00:00Z', false],
  ['2026-01-31T25:00:00Z', false],
  ['2026-01-31', false],
])('knows whether %s is a time', (lastTransitionTime, is) => {
  const status = { conditions: [{ ...condition('Ready'), lastTransitionTime }] }
  expect(check('EventBinding', { ...object('EventBinding', { selector: {} }), status }).ok).toBe(is)
})
