import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { run } from '../../functions/cli/cli.ts'
import { validate } from '../../functions/cli/validate.ts'

const validated = (text: string) => validate([{ name: 'a.yaml', text }])

it('finds nothing wrong with a sample', async () => {
  const text = readFileSync(new URL('../../config/samples/hello.yaml', import.meta.url), 'utf8')
  expect(await validated(text)).toEqual({ code: 0, out: '6 checked, nothing wrong' })
})

const event = (rest: string) => `apiVersion: linebot.dev/v1alpha1
kind: Event
metadata: { name: hello }
spec:
  type: message
${rest}`

it.each([
  [
    'what the API server would refuse',
    event('  rules:\n  - keyword: [a]\n    reply: [{ type: text, text: hi }]\n'),
    'a.yaml:7:5: Event hello: spec.rules[0].keyword: unknown field; did you mean keywords?',
  ],
  [
    'a word that YAML takes for something else',
    event('  rules:\n  - keywords: [yes]\n    reply: [{ type: text, text: hi }]\n'),
    'a.yaml:7:16: Event hello: spec.rules[0].keywords[0]: must be a string, not true: put it in quotes; without, YAML reads yes, on and y as true, and no, off and n as false',
  ],
  ['what is missing', event(''), 'a.yaml:4:1: Event hello: spec.rules: required, and missing'],
  [
    'a kind that is none',
    'apiVersion: linebot.dev/v1alpha1\nkind: Bots\n',
    'a.yaml:2:1: Bots: kind: no kind of linebot.dev/v1alpha1; did you mean Bot?',
  ],
  [
    'an older version',
    'apiVersion: linebot.dev/v1\nkind: EventBinding\nmetadata: { name: a }\nspec: { selector: {} }\n',
    'a.yaml:1:1: EventBinding a: apiVersion: must be linebot.dev/v1alpha1',
  ],
  [
    'no version',
    event('  rules: []\n').replace(/^.*\n/, ''),
    'a.yaml:1:1: Event hello: apiVersion: must be linebot.dev/v1alpha1',
  ],
  [
    'a y that YAML takes for true',
    event(
      '  rules:\n  - reply: [{ type: imagemap, actions: [{ type: message, area: { x: 0, y: 0, width: 1, height: 1 } }] }]\n',
    ),
    'a.yaml:7:72: Event hello: spec.rules[0].reply[0].actions[0].area.true: unknown field; YAML reads a bare y as true: write "y"',
  ],
  [
    'a template without quotes',
    event('  rules:\n  - reply: [{ type: text, text: {{user.displayName}} }]\n'),
    'a.yaml:7:34: a text with {{…}} needs quotes: "{{…}}"',
  ],
  ['what is no YAML', 'a: 1\na: 2\n', 'a.yaml:2:1: Map keys must be unique'],
])('says where there is %s', async (_what, text, said) => {
  const { code, out } = await validated(text)
  expect(code).toBe(1)
  expect(out?.split('\n')).toContain(said)
})

it('knows LINE’s own limits, which the API server does not', async () => {
  const long = 'x'.repeat(301)
  const { code, out } = await validated(
    event(`  rules:\n  - reply:\n    - type: flex\n      altText: ${long.repeat(5)}\n      contents: {}\n`),
  )
  expect(code).toBe(1)
  expect(out).toContain('a.yaml:9:7: Event hello: spec.rules[0].reply[0].altText: ')
})

it('judges the rules beside those that the API server would refuse', async () => {
  const rule = (text: string) => `  - reply: [{ type: text, text: ${text} }]\n`
  const { out } = await validated(event(`  rules:\n${rule('1')}${rule('hi')}${rule('"{{user.name}}"')}`))
  expect(out?.split('\n').map((line) => line.split(': ')[2])).toEqual([
    'spec.rules[0].reply[0].text',
    'spec.rules[2].reply[0].text',
  ])
})

it('of a folder takes the files directly in it', async () => {
  const shop = fileURLToPath(new URL('../../config/samples/shop', import.meta.url))
  expect(await run(['validate', shop])).toEqual({ code: 0, out: '6 checked, nothing wrong' })
  const functions = fileURLToPath(new URL('../../functions', import.meta.url))
  expect(await run(['validate', functions])).toEqual({ code: 1, err: `no YAML file in ${functions}` })
})

it('judges every document of every file', async () => {
  const bad = event('  rules: 1\n')
  const { out } = await validate([
    { name: 'a.yaml', text: `${bad}---\n${bad}` },
    { name: 'b.yaml', text: bad },
  ])
  expect(out?.split('\n').map((line) => line.split(' ')[0])).toEqual(['a.yaml:6:3:', 'a.yaml:13:3:', 'b.yaml:6:3:'])
})

it('passes over kinds of others, and says so where there is nothing else', async () => {
  expect(await validated('apiVersion: v1\nkind: Secret\n')).toEqual({
    code: 1,
    err: 'nothing of linebot.dev in a.yaml',
  })
})
