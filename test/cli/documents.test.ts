import { expect, it } from 'vitest'
import { readDocuments, readObjects, stepsOf } from '../../functions/cli/documents.ts'

it.each([
  ['[yes, No, on, y, "yes"]', [true, false, true, true, 'yes']],
  ['{ n: 1 }', { false: 1 }],
  ['[1:30, 2026-01-31, 12:00:00]', ['1:30', '2026-01-31', '12:00:00']],
  ['[E3, e5, .e1, e-1, -e1, ., -., +]', ['E3', 'e5', '.e1', 'e-1', '-e1', '.', '-.', '+']],
  ['[3e2, .5, 1., -.5e1, 1_0.5, .inf]', [300, 0.5, 1, -5, 10.5, Infinity]],
  ['[0x10, 010, 1_000, ~, null]', [16, 8, 1000, null, null]],
  ['{ a: &a { b: 1 }, c: { <<: *a, d: 2 } }', { a: { b: 1 }, c: { b: 1, d: 2 } }],
])('reads %s as kubectl does', (text, value) => {
  expect(readDocuments(text)).toMatchObject([{ value, errors: [] }])
})

it('passes over documents that say nothing', () => {
  expect(readDocuments('---\n# only a word\n---\na: 1\n---\n').map(({ value }) => value)).toEqual([{ a: 1 }])
})

it.each([
  ['a: 1\na: 2\n', { line: 2, column: 1 }],
  ['a: [1\n', { line: 2, column: 1 }],
])('says where %j is no YAML', (text, position) => {
  expect(readDocuments(text)[0]?.errors[0]).toMatchObject(position)
})

const wide = '： is full-width: write : and a space'
const quotes = 'a text with “: ” in it, or that begins with [, {, #, @ or %, needs quotes'

it.each([
  ['a: 1\nkeywords：[菜單]\nb: 2\n', wide],
  ['rules:\n  - type：text\n    text: a\n', wide],
  ['keywords:[a]\nb: 1\n', 'write a space after :'],
  ['text: 時間: 08:00\n', quotes],
  ['- keywords: [#menu, b]\n  reply: 1\n', quotes],
  ['text: [公告] 今天\n', quotes],
  ['text: @all\n', quotes],
  ['text: 50%\nb: {\n', undefined],
  ['a: 1\n b: 2\n', undefined],
])('says of %j what is meant', (written, meant) => {
  const message = readDocuments(written)[0]?.errors[0]?.message
  expect(message?.split('; ')[1]).toBe(meant)
})

const bomb = Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`)}]\n`).join('')

it.each([
  [
    'a: 1\nb: [*nope]\n',
    2,
    5,
    '*nope stands for nothing: no &nope is before it; a text that begins with * needs quotes',
  ],
  ['a: 1\nb: &b\n  c: [*b]\n', 3, 7, '*b would contain itself; a text that begins with * needs quotes'],
  [`a0: &a0 [x, x]\n${bomb}`, 1, 1, 'Excessive alias count indicates a resource exhaustion attack'],
])('says where an alias of %j cannot be read', (written, line, column, message) => {
  expect(readDocuments(written)).toMatchObject([{ value: undefined, errors: [{ line, column, message }] }])
})

it.each([
  ['Big5', Buffer.concat([Buffer.from('a: 1\nb: ['), Buffer.from('b5e6b3e6', 'hex'), Buffer.from(']\n')]), 2, 5],
  ['UTF-16', Buffer.from('\ufeffa: 1\n', 'utf16le'), 1, 1],
])('does not take %s for UTF-8', (_encoding, bytes, line, column) => {
  const message = expect.stringContaining('save the file as UTF-8')
  expect(readDocuments(bytes.toString())).toMatchObject([{ value: undefined, errors: [{ line, column, message }] }])
})

it('reads a text of any language, after a byte order mark too', () => {
  expect(readDocuments('\ufeffa: 菜單\n')).toMatchObject([{ value: { a: '菜單' }, errors: [] }])
})

it('opens a List, even one in another, and knows where its items stand', () => {
  const [plain, first, second] = readObjects(`kind: Bot
---
kind: List
items:
  - kind: Event
    spec: {}
  - kind: EventList
    items:
      - kind: Event
        metadata: { name: a }
`)
  expect([plain, first, second].map((one) => one?.value)).toMatchObject([
    { kind: 'Bot' },
    { spec: {} },
    { metadata: {} },
  ])
  expect([first?.positionOf('spec'), first?.positionOf(''), second?.positionOf('metadata.name')]).toEqual([
    { line: 6, column: 5 },
    { line: 5, column: 5 },
    { line: 10, column: 21 },
  ])
})

it.each([
  ['spec.rules[0].reply', ['spec', 'rules', 0, 'reply']],
  ['metadata.labels[a.b/c]', ['metadata', 'labels', 'a.b/c']],
  ['', []],
])('takes the path %s apart', (path, steps) => {
  expect(stepsOf(path)).toEqual(steps)
})

const text = `# a word
apiVersion: v1
---
spec:
  rules:
    - keyword: [a]
      reply:
        - type: text
          text: hi
    - {}
  labels: { a.b/c: 1 }
`

it.each([
  ['spec', 4, 1],
  ['spec.rules[0].keyword', 6, 7],
  ['spec.rules[0].keyword[0]', 6, 17],
  ['spec.rules[0].reply[0].text', 9, 11],
  ['spec.rules[0].reply[0].altText', 8, 11],
  ['spec.rules[1]', 10, 7],
  ['spec.rules[1].reply', 10, 7],
  ['spec.labels[a.b/c]', 11, 13],
  ['metadata.name', 4, 1],
])('finds %s at %i:%i, or what it is missing in', (path, line, column) => {
  expect(readDocuments(text)[1]?.positionOf(path)).toEqual({ line, column })
})
