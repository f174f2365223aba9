import { expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { run } from '../../functions/cli/cli.ts'
import { importFiles } from '../../functions/cli/import.ts'
import { directoryOf } from '../bot/files.ts'

const imported = (text: string) => {
  const { code, out = '', err = '' } = importFiles([{ name: 'a.yml', text }])
  const objects = parseAllDocuments(out, { version: '1.1' }).map((document) => document.toJS())
  return { code, objects, said: err === '' ? [] : err.split('\n') }
}

const bot = (name: string, rest = '') => `apiVersion: line.you/v1alpha1
kind: Bot
metadata: { name: ${name} }
spec:
  channelSecretName: ${name}-channel
${rest}---
apiVersion: v1
kind: Secret
metadata: { name: ${name}-channel }
stringData: { channelID: "1", channelSecret: s }
---
`

const selecting = (labels: string) => `  selector: { matchLabels: ${labels} }\n`

const event = (name: string, labels: string, rest = '  messages: [{ type: text, reply: roar }]\n') =>
  `apiVersion: line.you/v1alpha1
kind: Event
metadata: { name: ${name} }
spec:
  type: message
  selector: { matchLabels: ${labels} }
${rest}---
`

const kinds = (objects: readonly { kind: string; metadata: { name: string } }[]) =>
  objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)

it('turns a bot, its Secret and its Events into ours', () => {
  const messages = `  messages:
    - type: text
      fuzzy: true
      keywords: [yes, "no", 火龍]
      reply: |
        [斬] 頭 > 翼
        {{ is plain
`
  const text = bot('aibo', selecting('{ hunter: monster }')) + event('dragon', '{ hunter: monster }', messages)
  const { code, objects, said } = imported(text.replace('[yes,', '["yes",'))
  expect(said).toEqual([])
  expect(code).toBe(0)
  expect(objects).toEqual([
    {
      apiVersion: 'linebot.dev/v1alpha1',
      kind: 'Bot',
      metadata: { name: 'aibo' },
      spec: { channel: { secretName: 'aibo-channel' } },
    },
    {
      apiVersion: 'linebot.dev/v1alpha1',
      kind: 'EventBinding',
      metadata: { name: 'aibo' },
      spec: { selector: { matchLabels: { hunter: 'monster' } } },
    },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'aibo-channel', labels: { 'linebot.dev/credentials': 'true' } },
      stringData: { channelId: '1', channelSecret: 's' },
    },
    {
      apiVersion: 'linebot.dev/v1alpha1',
      kind: 'Event',
      metadata: { name: 'dragon', labels: { hunter: 'monster' } },
      spec: {
        type: 'message',
        rules: [
          {
            keywords: ['yes', 'no', '火龍'],
            match: 'Fuzzy',
            reply: [{ type: 'text', text: "[斬] 頭 > 翼\n{{'{{'}} is plain" }],
          },
        ],
      },
    },
  ])
})

it.each([
  ['  expose: { type: Ngrok }\n', 'a.yml:6: Bot b: spec.expose.type: Ngrok: no tunnel is needed'],
  ['  expose: { type: Ingress, domainName: a.example }\n', 'spec.webhook.url: https://a.example/webhook/NAMESPACE/b'],
  ['  expose: { type: LoadBalancer, loadBalanceIPs: [1.2.3.4] }\n', 'spec.expose.loadBalanceIPs: addresses belong'],
  ['  version: v0.1.0\n', 'a.yml:6: Bot b: spec.version: the image comes with linebot'],
  ['  logLevel: 3\n', 'spec.logLevel: 3 was a number; write spec.logLevel: Debug'],
  ['  loglevel: 3\n', 'spec.loglevel: the prototype has no such field; did you mean logLevel?'],
])('says what of a Bot with %j is lost, and what to do', (rest, expected) => {
  const { code, said } = imported(bot('b', rest + selecting('{ a: b }')))
  expect(code).toBe(0)
  expect(said.join('\n')).toContain(expected)
})

it.each([
  ['channelToken: t', { channelAccessToken: 't' }, []],
  [
    'channelID: "1", channelToken: t, ngrokToken: "x"',
    { channelId: '1' },
    [/stringData.channelToken: left out: with a channelId/, /stringData.ngrokToken: left out/],
  ],
])('renames the keys of a Secret with %s', (data, ours, lost) => {
  const { objects, said } = imported(`apiVersion: v1\nkind: Secret\nmetadata: { name: c }\nstringData: { ${data} }\n`)
  expect(objects[0].stringData).toEqual(ours)
  expect(said).toEqual(lost.map((one) => expect.stringMatching(one)))
})

it('gives a bot a label of its own where labels alone would bring it other Events', () => {
  const two = bot('wide', selecting('{ a: "1", b: "2" }')) + bot('narrow', selecting('{ a: "1" }'))
  const { objects } = imported(`${two}${event('for-both', '{ a: "1" }')}${event('for-wide', '{ a: "1", b: "2" }')}`)
  const labels = Object.fromEntries(objects.map(({ kind, metadata }) => [`${kind} ${metadata.name}`, metadata.labels]))
  const selectors = objects.filter(({ kind }) => kind === 'EventBinding').map(({ spec }) => spec.selector.matchLabels)
  expect(selectors).toEqual([{ 'bot-wide': 'true' }, { 'bot-narrow': 'true' }])
  expect(labels['Event for-both']).toMatchObject({ 'bot-wide': 'true', 'bot-narrow': 'true' })
  expect(labels['Event for-wide']).toMatchObject({ 'bot-wide': 'true' })
  expect(labels['Event for-wide']).not.toHaveProperty('bot-narrow')
})

it('reads a List, and finds in an EventBinding the Events that are nowhere else', () => {
  const { code, objects, said } = imported(`apiVersion: v1
kind: List
items:
  - apiVersion: line.you/v1alpha1
    kind: EventBinding
    metadata: { name: aibo, labels: { hunter: monster } }
    subsets:
      - binding:
          name: hello
          type: message
          messages: [{ type: sticker, keywords: [hi], reply: meow }]
`)
  expect(code).toBe(0)
  expect(kinds(objects)).toEqual(['EventBinding aibo', 'Event hello'])
  expect(objects[0].spec.selector.matchLabels).toEqual(objects[1].metadata.labels)
  expect(said).toEqual([
    'a.yml:11: Event hello: spec.messages[0].type: sticker: the prototype could reply text alone, so it is a text',
  ])
})

it('tells apart what has the same name in two namespaces', () => {
  const of = (namespace: string, text: string) =>
    text.replaceAll('metadata: { name', `metadata: { namespace: ${namespace}, name`)
  const binding = (keyword: string) => `apiVersion: line.you/v1alpha1
kind: EventBinding
metadata: { name: hello, labels: { hunter: monster } }
subsets:
  - binding: { name: dragon, type: message, messages: [{ type: text, keywords: [${keyword}], reply: roar }] }
---
`
  const [a = '', b = '', c = ''] = ['in-a', 'in-b', 'in-c'].map(binding)
  const hello = bot('hello', selecting('{ hunter: monster }'))
  const { code, objects, said } = imported(
    of('a', hello + a) + of('b', b) + of('c', hello.split('---\n')[0] + '---\n' + c),
  )
  expect(code).toBe(0)
  expect(objects.map(({ kind, metadata }) => `${metadata.namespace}: ${kind} ${metadata.name}`).toSorted()).toEqual([
    'a: Bot hello',
    'a: Event dragon',
    'a: EventBinding hello',
    'a: Secret hello-channel',
    'b: Event dragon',
    'b: EventBinding hello',
    'c: Bot hello',
    'c: Event dragon',
    'c: EventBinding hello',
  ])
  const events = objects.filter(({ kind }) => kind === 'Event')
  expect(events.map(({ spec }) => spec.rules[0].keywords)).toEqual([['in-a'], ['in-b'], ['in-c']])
  expect(said).toEqual([
    'a.yml:14: EventBinding hello: kind: left out: it was generated; the Bot’s own takes its place',
    'a.yml:33: EventBinding hello: kind: left out: it was generated; the Bot’s own takes its place',
    expect.stringContaining('Secret hello-channel of namespace c is not in these files'),
  ])
})

const generated = `apiVersion: line.you/v1alpha1
kind: EventBinding
metadata: { name: shop, labels: { a: b } }
subsets:
  - binding: { name: menu, type: message, messages: [{ type: text, reply: old }] }
`

it.each([
  ['only the EventBinding', /(kind: EventBinding\nmetadata: \{ )/g],
  ['only the Bot', /(kind: Bot\nmetadata: \{ )/g],
  ['only the Secret', /(kind: Secret\nmetadata: \{ )/g],
  ['all but the EventBinding', /((?:Bot|Secret|Event)\nmetadata: \{ )/g],
])('knows a namesake where one side is without a namespace: %s has one', (_, placed) => {
  const text = bot('shop', selecting('{ a: b }')) + event('menu', '{ a: b }') + generated
  const { objects, said } = imported(text.replace(placed, '$1namespace: default, '))
  expect(kinds(objects)).toEqual(['Bot shop', 'EventBinding shop', 'Secret shop-channel', 'Event menu'])
  expect(objects[3].spec.rules[0].reply[0].text).toBe('roar')
  expect(said.filter((one) => one.includes('is not in these files'))).toEqual([])
})

it('says what is left out, unused or missing', () => {
  const other = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: admin }\n---\n'
  const [lonely = ''] = bot('b', selecting('{ a: b }')).split('---\n')
  const { said } = imported(`${other}${lonely}---\n${event('e', '{ c: d }')}`)
  expect(said).toEqual([
    'a.yml:2: ServiceAccount admin: kind: left out: neither of line.you/v1alpha1 nor a channel’s Secret',
    'a.yml:17: Event e: spec.selector: no Bot of these files has these labels; it stays unused',
    'a.yml:9: Bot b: spec.channelSecretName: Secret b-channel is not in these files: rename its keys to channelId and channelSecret',
  ])
})

it('names the Bot that would use an Event, were it in the same namespace', () => {
  const { said } = imported(
    bot('b', selecting('{ a: b }')).replace('name: b }', 'name: b, namespace: tea }') + event('e', '{ a: b }'),
  )
  expect(said).toContain(
    'a.yml:15: Event e: metadata.namespace: Bot b has these labels, but another namespace; it stays unused',
  )
})

it('leaves out what would not work, at the line where it stands', () => {
  const long = `  messages:\n    - type: text\n      reply: ${'x'.repeat(5001)}\n`
  const { code, objects, said } = imported(event('good', '{ a: b }') + event('long', '{ a: b }', long))
  expect(code).toBe(1)
  expect(kinds(objects)).toEqual(['Event good'])
  expect(said).toEqual([
    expect.stringMatching(/^a.yml:17: Event long: spec.messages\[0\].reply: 5001 UTF-16 units/),
    'a.yml:10: Event long: kind: left out until this is mended',
  ])
})

it('leaves out of an Event only what would not work, and says so', () => {
  const messages =
    '  messages:\n    - { keywords: [a], reply: A }\n    - { keywords: [777], reply: B }\n    - { keywords: [c], reply: C }\n'
  const { code, objects, said } = imported(event('e', '{ a: b }', messages))
  expect(code).toBe(1)
  expect(objects.map(({ spec }) => spec.rules.map((rule: { keywords: string[] }) => rule.keywords))).toEqual([
    [['a'], ['c']],
  ])
  expect(said).toEqual([
    'a.yml:9: Event e: spec.messages[1].keywords[0]: must be a string: put it in quotes',
    'a.yml:9: Event e: spec.messages[1]: left out until this is mended',
  ])
})

it('does not take a word that is no list for none, and answer anything', () => {
  const { objects, said } = imported(event('e', '{ a: b }', '  messages: [{ keywords: hi, reply: A }]\n'))
  expect(objects).toEqual([])
  expect(said[0]).toBe('a.yml:7: Event e: spec.messages[0].keywords: must be a list, not "hi"')
})

it.each(['message', 'postback'])('does not take a misspelt keywords of a %s for none', (type) => {
  const text = event('e', '{ a: b }', '  messages: [{ keyword: [hi], reply: A }]\n').replace('message', type)
  const { code, objects, said } = imported(text)
  expect(code).toBe(1)
  expect(objects).toEqual([])
  expect(said).toContain('a.yml:7: Event e: spec.messages[0].keyword: unknown field; did you mean keywords?')
  expect(said).toContain('a.yml:2: Event e: kind: left out until this is mended')
})

it('leaves out the keywords of a follow, where nothing is written', () => {
  const messages = '  messages: [{ keywords: [hi], reply: welcome }]\n'
  const { code, objects, said } = imported(event('e', '{ a: b }', messages).replace('type: message', 'type: follow'))
  expect(code).toBe(0)
  expect(objects).toMatchObject([{ spec: { type: 'follow', rules: [{ reply: [{ text: 'welcome' }] }] } }])
  expect(objects[0].spec.rules[0]).not.toHaveProperty('keywords')
  expect(said).toEqual([
    'a.yml:7: Event e: spec.messages[0].keywords: left out: nobody writes anything in a follow; the rule is for each',
  ])
})

it('leaves out what is misspelt for the keywords of a follow', () => {
  const messages = '  messages: [{ keyword: [hi], reply: welcome }]\n'
  const { code, objects, said } = imported(event('e', '{ a: b }', messages).replace('type: message', 'type: follow'))
  expect(code).toBe(0)
  expect(objects).toMatchObject([{ spec: { rules: [{ reply: [{ text: 'welcome' }] }] } }])
  expect(said).toEqual([
    'a.yml:7: Event e: spec.messages[0].keyword: the prototype has no such field; did you mean keywords?',
  ])
})

it('says once what is wrong with the name of a Bot and its EventBinding', () => {
  const { code, objects, said } = imported(bot('Aibo_1', selecting('{ a: b }')))
  expect(code).toBe(1)
  expect(kinds(objects)).toEqual(['Secret Aibo_1-channel'])
  expect(new Set(said).size).toBe(said.length)
  expect(said.filter((line) => line.includes('left out until'))).toHaveLength(1)
})

it.each([
  ['a: [1\n', /^a.yml:2: /],
  ['apiVersion: linebot.dev/v1alpha1\nkind: Bot\n', /nothing of line.you\/v1alpha1 in a.yml/],
])('refuses %j', (text, expected) => {
  const { code, objects, said } = imported(text)
  expect(code).toBe(1)
  expect(objects).toEqual([])
  expect(said.join('\n')).toMatch(expected)
})

it('of a folder takes the files directly in it', async () => {
  using files = directoryOf({ 'a.yaml': event('e', '{ a: b }'), 'b.txt': 'x' })
  expect(await run(['import', files.path])).toMatchObject({ code: 0, out: expect.stringContaining('roar') })
  using none = directoryOf({})
  expect(await run(['import', none.path])).toEqual({ code: 1, err: `no YAML file in ${none.path}` })
})
