import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { run } from '../../functions/cli/cli.ts'
import { problemsOf } from '../../functions/cli/validate/problems.ts'
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

const ok = { type: 'text', text: 'hi' }
const long = { type: 'text', text: 'x'.repeat(5001) }
const tooLong = (path: string) => `${path}: 5001 UTF-16 units, at most 5000`
const quoted = (path: string) => `${path}: must be a string: put it in quotes`

it.each<[string, object, string[]]>([
  [
    'in another message of its reply',
    { reply: [{ type: 'text', text: 1 }, long, ok] },
    [quoted('reply[0].text'), tooLong('reply[1].text')],
  ],
  [
    'in its keywords, where and schedule',
    {
      keywords: [1, ' ', 'a'],
      where: [{ key: 'mesage.id', operator: 'Exists' }],
      schedule: { timeZone: 'Asia/Tapei', times: [{ days: ['mon'] }] },
      reply: [ok],
    },
    [
      quoted('keywords[0]'),
      'schedule.times[0].days[0]: "mon" is not allowed; did you mean Mon?',
      'keywords[1]: nothing is left of it but space: write a word',
      'where[0].key: message has no mesage.id; did you mean message.id?',
      'schedule.timeZone: Asia/Tapei is no time zone of the IANA database; did you mean Asia/Taipei?',
    ],
  ],
  [
    'beside a name that is misspelt, and under it',
    { keyword: ['a', ' '], reply: [{ type: 'text', txt: 'x'.repeat(5001) }, long] },
    [
      'keyword: unknown field; did you mean keywords?',
      'reply[0].txt: unknown field; did you mean text?',
      'keywords[1]: nothing is left of it but space: write a word',
      tooLong('reply[0].text'),
      tooLong('reply[1].text'),
    ],
  ],
  [
    'beside one thing that stands for a list of it, and what its templates mean then',
    { match: 'Regex', keywords: '(?<dish>tea)', reply: [{ type: 'text', text: '>{{match.dish}}' }, long] },
    ['keywords: must be a list, not "(?<dish>tea)"', tooLong('reply[1].text')],
  ],
  [
    'beside what nobody can guess, of which nothing more is told',
    {
      where: [
        { operator: 'In', values: [] },
        { key: 'nothing', values: [] },
      ],
      reply: ['hi', { text: 'hi' }, { type: 'sms' }, { type: 'text', text: {} }, long],
    },
    [
      'where[0].key: required, and missing',
      'where[1].operator: required, and missing',
      'reply[0]: must be a mapping, not "hi"',
      'reply[1].type: required, and missing',
      'reply[2].type: "sms" is not allowed; known here: text, textV2, sticker, image, video, audio, location, imagemap, template, flex, coupon',
      'reply[3].text: must be a string, not a mapping',
      'where[0].values: In needs at least one',
      tooLong('reply[4].text'),
    ],
  ],
  [
    'that the schema’s wider one would have hidden, and not twice where both are the same',
    { oneOf: [{ reply: [{ type: 'text', text: 'x'.repeat(10_001) }] }, { reply: [ok, ok, ok, ok, ok, ok] }] },
    [
      'oneOf[0].reply[0].text: 10001 characters, at most 10000',
      'oneOf[1].reply: 6 items, at most 5',
      'oneOf[0].reply[0].text: 10001 UTF-16 units, at most 5000',
    ],
  ],
  [
    'and a CEL rule that it breaks',
    { priority: 'high', reply: [ok], oneOf: [{ reply: [ok] }, { reply: [long] }] },
    [
      'priority: must be a whole number, not "high"',
      ': write exactly one of reply, oneOf and forward',
      tooLong('oneOf[1].reply[0].text'),
    ],
  ],
  [
    'where the whom of a forward cannot be guessed',
    { forward: { to: 'http://a', late: [long], timeoutSeconds: '5' } },
    [
      'forward.timeoutSeconds: must be a whole number, not "5"',
      'forward.to: must be a mapping, not "http://a"',
      tooLong('forward.late[0].text'),
    ],
  ],
])('tells at once of a rule that the API server would refuse what LINE would: %s', (_what, rule, said) => {
  expect(toldOf({ rules: [rule] }).map((line) => line.replace(/^spec\.rules\[0\]\.?/, ''))).toEqual(
    expect.arrayContaining(said),
  )
  expect(toldOf({ rules: [rule] })).toHaveLength(said.length)
})

it.each<[string, object, string[]]>([
  ['a type', { spec: { rules: [{ data: ['a'], reply: [long] }] } }, ['spec.type: required, and missing']],
  ['metadata', { metadata: undefined }, ['metadata: required: write metadata with a name']],
])('tells of an Event without %s what is known of its rules', (_what, over, said) => {
  const found = toldOf({ rules: [{ reply: [long] }] }, over)
  expect(found).toEqual(expect.arrayContaining([...said, tooLong('spec.rules[0].reply[0].text')]))
})

it.each<[string, object, string[]]>([
  [
    'a type that is misspelt',
    { type: 'Message', rules: [{ keywords: ['a'], reply: [ok] }, { reply: [ok] }] },
    [
      'spec.type: `Message` is no event type of LINE that is known (one that is new there can be forwarded, without keywords, late and failed); did you mean message?',
    ],
  ],
  [
    'keywords of a postback',
    { type: 'postback', rules: [{ reply: [ok] }, { keywords: ['a'], reply: [ok] }] },
    ['spec.rules[1].keywords: postback has no keywords: write data'],
  ],
  [
    'data of two rules that hear of new friends',
    {
      type: 'follow',
      rules: [
        { data: ['a'], reply: [ok] },
        { data: ['b'], reply: [ok] },
      ],
    },
    [0, 1].map((i) => `spec.rules[${i}].data: follow has no data: leave it out`),
  ],
  [
    'data of a message',
    { rules: [{ data: ['a'], reply: [ok] }] },
    ['spec.rules[0].data: message has no data: write keywords'],
  ],
  [
    'content and mentions where nobody writes',
    { type: 'join', rules: [{ content: ['text'], mentioned: true, reply: [ok] }] },
    ['content', 'mentioned'].map((name) => `spec.rules[0].${name}: join has no ${name}: leave it out`),
  ],
  [
    'keywords where the type is a number',
    { type: 5, rules: [{ keywords: ['a'], reply: [ok] }] },
    ['spec.type: must be a string: put it in quotes'],
  ],
])('says in which rule is %s', (_what, spec, said) => {
  expect(toldOf(spec)).toEqual(said)
})

const family = '👨‍👩‍👧‍👦'
const pressed = (action: object) => ({
  rules: [{ reply: [{ ...ok, quickReply: { items: [{ type: 'action', action }] } }] }],
})

it.each<[string, object, string[]]>([
  [
    '300 of what people see as one character',
    { type: 'message', label: family.repeat(20), text: family.repeat(300) },
    [],
  ],
  [
    'what belongs to rich menus',
    { type: 'richmenuswitch', label: 'a', richMenuAliasId: 'b', data: 'c' },
    ['spec.rules[0].reply[0].quickReply.items[0].action.type: a richmenuswitch action is for rich menus only'],
  ],
])('says of a quick reply with %s what LINE would, and no more', (_what, action, said) => {
  expect(toldOf(pressed(action))).toEqual(said)
})

const toldOf = (spec: object, over: object = {}): string[] =>
  problemsOf({
    apiVersion: 'linebot.dev/v1alpha1',
    kind: 'Event',
    metadata: { name: 'hello' },
    spec: { type: 'message', ...spec },
    ...over,
  }).map(({ path, message }) => `${path}: ${message}`)

it.each([1, 'a', null, [], {}, [[]], true])('takes %j for any part of an Event without a fall', (value) => {
  const rule = { keywords: ['a'], where: [{ key: 'a', operator: 'In' }], schedule: { timeZone: 'UTC' }, reply: [ok] }
  const forward = { to: { uri: 'http://a' }, late: [ok] }
  const whole = { spec: { type: 'message', rules: [rule, { forward }, { oneOf: [{ reply: [ok] }] }] } }
  for (const steps of placesIn(whole)) expect(toldOf({}, withValue(whole, steps, value))).toBeInstanceOf(Array)
})

const placesIn = (value: unknown, steps: readonly string[] = []): readonly string[][] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, one]) => [[...steps, name], ...placesIn(one, [...steps, name])])
    : []

function withValue(whole: object, [name = '', ...rest]: readonly string[], value: unknown): object {
  const copy: object = Array.isArray(whole) ? [...whole] : { ...whole }
  const inside: unknown = Reflect.get(copy, name)
  Reflect.set(
    copy,
    name,
    rest.length > 0 && typeof inside === 'object' && inside ? withValue(inside, rest, value) : value,
  )
  return copy
}

it('of a folder takes the files directly in it', async () => {
  const shop = fileURLToPath(new URL('../../config/samples/shop', import.meta.url))
  expect(await run(['validate', shop])).toEqual({ code: 0, out: '6 checked, nothing wrong' })
  const functions = fileURLToPath(new URL('../../functions', import.meta.url))
  expect(await run(['validate', functions])).toEqual({ code: 1, err: `no YAML file in ${functions}` })
})

it('of a folder names the folders in it where more of ours is, which it did not look into', async () => {
  const { code, out } = await run(['validate', 'config/samples'])
  expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^6 checked, nothing wrong; not looked into: /) })
  expect(out).toContain('config/samples/shop')
  expect(out).not.toContain('/test')
})

it('judges every document of every file', async () => {
  const bad = event('  rules: 1\n')
  const { out } = await validate([
    { name: 'a.yaml', text: `${bad}---\n${bad.replace('hello', 'b')}` },
    { name: 'b.yaml', text: bad.replace('hello', 'c') },
  ])
  expect(out?.split('\n').map((line) => line.split(' ')[0])).toEqual(['a.yaml:6:3:', 'a.yaml:13:3:', 'b.yaml:6:3:'])
})

it.each(['keywords', 'data'])(
  'sees %s with nothing under it, which the API server takes for not written',
  async (member) => {
    const rule = `  rules:\n  - ${member}:\n    # - tea\n    reply: [{ type: text, text: hi }]\n`
    const text = event(rule).replace('type: message', `type: ${member === 'data' ? 'postback' : 'message'}`)
    expect(await validated(text)).toEqual({
      code: 1,
      out: `a.yaml:7:5: Event hello: spec.rules[0].${member}: nothing is written under it: write what to listen for, or leave ${member} out, and the rule answers whatever no other does`,
    })
  },
)

it('sees a schedule whose times are all commented out, which would be always', async () => {
  const rule = `  rules:\n  - schedule:\n      timeZone: UTC\n      times:\n      # - days: [Mon]\n    reply: [{ type: text, text: hi }]\n`
  expect(await validated(event(rule))).toEqual({
    code: 1,
    out: 'a.yaml:9:7: Event hello: spec.rules[0].schedule.times: nothing is written under it: write when, or leave times out, and it is always',
  })
})

it.each([
  ['beside except', '{ timeZone: UTC, times: , except: [{ dates: [12-25] }] }', 'nothing is written under it: '],
  ['alone', '{ timeZone: UTC, times:  }', 'none, and the bot would never say a word: '],
])('sees quiet hours whose times are all commented out, %s', async (_, quiet, message) => {
  const spec = `spec: { channel: { secretName: a }, quietHours: ${quiet} }`
  const { code, out } = await validated(`apiVersion: linebot.dev/v1alpha1\nkind: Bot\nmetadata: { name: a }\n${spec}\n`)
  expect(code).toBe(1)
  expect(out?.split('\n')).toEqual([expect.stringContaining(`Bot a: spec.quietHours.times: ${message}`)])
})

it('knows of a Bot’s quiet hours what its status would say', async () => {
  const quiet = 'quietHours: { timeZone: Asia/Tapei, times: [{ from: "22:00", until: "25:00" }] }'
  const text = `apiVersion: linebot.dev/v1alpha1\nkind: Bot\nmetadata: { name: a }\nspec:\n  channel: { secretName: a }\n  ${quiet}\n`
  const { out } = await validated(text)
  expect(out?.split('\n').map((line) => line.split(': ')[2])).toEqual([
    'spec.quietHours.timeZone',
    'spec.quietHours.times[0].until',
  ])
  expect((await validated(text.replace(/, times: .*\]/, '').replace('Tapei', 'Taipei'))).out).toContain(
    'spec.quietHours.times: none, and the bot would never say a word',
  )
})

const botWith = (spec: object) =>
  problemsOf({
    apiVersion: 'linebot.dev/v1alpha1',
    kind: 'Bot',
    metadata: { name: 'a' },
    spec: { channel: { secretName: 'a' }, ...spec },
  }).map(({ path, message }) => `${path}: ${message}`)

it.each([
  ['กดที่นี่เพื่อดูคำตอบค่ะ', []],
  ['看'.repeat(20), []],
  ['看'.repeat(21), ['spec.lateAnswers.label: 21 graphemes, at most 20']],
])('counts the label %s of a late answer’s button as LINE does', (label, said) => {
  expect(botWith({ lateAnswers: { label } })).toEqual(said)
})

it('counts the text of a late answer’s button as LINE does', () => {
  expect(botWith({ lateAnswers: { text: family.repeat(160) } })).toEqual([])
  expect(botWith({ lateAnswers: { text: family.repeat(161) } })).toHaveLength(1)
})

it('tells of a Bot at once what the API server and what its status would say', () => {
  const quietHours = { timeZone: 'Asia/Toyko', times: [{ from: '22' }] }
  expect(botWith({ logLevel: 'info', quietHours, lateAnswers: { label: '看'.repeat(21) } })).toEqual([
    expect.stringMatching(/^spec\.logLevel: "info" is not allowed; did you mean Info/),
    'spec.lateAnswers.label: 21 graphemes, at most 20',
    expect.stringMatching(/^spec\.quietHours\.timeZone: /),
    expect.stringMatching(/^spec\.quietHours\.times\[0\]\.from: /),
  ])
})

it.each([1, 'a', null, undefined, [], {}, [[]], true])('takes %j for any part of a Bot without a fall', (value) => {
  const whole = { spec: { scale: { min: 1 }, lateAnswers: { label: 'a' }, quietHours: { timeZone: 'UTC' } } }
  for (const steps of placesIn(whole)) expect(botWith(withValue(whole, steps, value))).toBeInstanceOf(Array)
  expect(problemsOf({ kind: 'Bot', metadata: value, spec: value })).toBeInstanceOf(Array)
  expect(problemsOf({ kind: 'EventBinding', metadata: value, spec: value })).toBeInstanceOf(Array)
  expect(problemsOf({ kind: 'Event', metadata: value, spec: value })).toBeInstanceOf(Array)
  expect(problemsOf({ kind: 'Event', metadata: value, spec: { type: 'message', rules: [{}] } })).toBeInstanceOf(Array)
})

it.each(['Bot', 'EventBinding', 'Event'])('says once that a %s has no metadata', (kind) => {
  const problems = problemsOf({ apiVersion: 'linebot.dev/v1alpha1', kind, spec: {} })
  expect(problems.filter(({ path }) => path.startsWith('metadata'))).toMatchObject([{ path: 'metadata' }])
})

it.each(['0912345678', '08', '1_000'])('does not say again wrongly what YAML made of %s', async (text) => {
  const { out } = await validated(event(`  rules:\n  - reply: [{ type: text, text: ${text} }]\n`))
  expect(out).toBe('a.yaml:7:27: Event hello: spec.rules[0].reply[0].text: must be a string: put it in quotes')
})

const bound = (bot: string, binding: string, label: string) => `apiVersion: linebot.dev/v1alpha1
kind: Bot
metadata: { name: shop${bot} }
spec: { channel: { secretName: shop } }
---
apiVersion: linebot.dev/v1alpha1
kind: EventBinding
metadata: { name: shop${binding} }
spec: { selector: { matchLabels: { bot: shop } } }
---
apiVersion: linebot.dev/v1alpha1
kind: Event
metadata: { name: menu${binding}, labels: { bot: ${label} } }
spec: { type: message, rules: [{ reply: [{ type: text, text: hi }] }] }
`
const nobody = 'a.yaml:3:13: Bot shop: metadata.name: note: no rule is for this Bot: '

it.each([
  ['all is well', bound('', '', 'shop'), []],
  [
    'no Event has the label',
    bound('', '', 'shopp'),
    [
      `${nobody}no Event has the labels that spec.selector of EventBinding shop asks for: label one, or change the selector`,
    ],
  ],
  [
    'the EventBinding is in another namespace',
    bound(', namespace: tea', '', 'shop'),
    [
      `${nobody}EventBinding shop is without a namespace, the Bot in namespace tea: write the same metadata.namespace in both`,
    ],
  ],
  [
    'the Event is in another namespace',
    bound('', '', 'shop').replace('{ name: menu', '{ namespace: tea, name: menu'),
    [
      `${nobody}Event menu is in namespace tea, EventBinding shop without a namespace: write the same metadata.namespace in both`,
    ],
  ],
  ['the Events are in other files', bound('', '', 'shop').split('---').slice(0, 2).join('---'), []],
])('notes of a Bot that no rule is for it, where %s', async (_what, text, notes) => {
  const { code, out } = await validated(text)
  expect({ code, notes: out?.split('\n').slice(0, -1) }).toEqual({ code: 0, notes })
})

const rules = (...keywords: string[]) =>
  `  rules:\n${keywords.map((one) => `  - keywords: [${one}]\n    reply: [{ type: text, text: hi }]\n`).join('')}`

it.each([
  [
    'a keyword that another rule has',
    event(rules('Menu', 'tea, menu')),
    'a.yaml:9:21: Event hello: spec.rules[1].keywords[1]: note: "menu" never wins: Event hello, spec.rules[0].keywords[0] always comes before it',
  ],
  [
    'words between which a comma of Chinese stands',
    event(rules('早安，你好')),
    'a.yaml:7:16: note: 早安，你好 is one item: ， and 、 separate nothing; write a comma and a space, or put it in quotes',
  ],
  [
    'a new line that is none',
    event(`  rules:\n  - reply: [{ type: text, text: 'a\\nb' }]\n`),
    'a.yaml:7:33: note: the text shows \\n as it stands: for a new line put it in double quotes, or write it as a block, after |',
  ],
])('notes %s', async (_what, text, said) => {
  expect(await validated(text)).toEqual({ code: 0, out: `${said}\n1 checked, nothing wrong` })
})

it.each([
  [
    'the same keyword in two Events that meet nowhere',
    `${event(rules('a'))}---\n${event(rules('a')).replace('hello', 'b')}`,
  ],
  ['a comma of Chinese in quotes', event(rules('"早安，你好"'))],
  ['a comma of Chinese in a text', event('  rules:\n  - reply: [{ type: text, text: 早安，你好 }]\n')],
  ['a new line', event('  rules:\n  - reply: [{ type: text, text: "a\\nb" }]\n')],
])('notes nothing of %s', async (_what, text) => {
  expect((await validated(text)).out).toMatch(/^\d checked, nothing wrong$/)
})

it('judges what is in a List, as kubectl get -o yaml prints it', async () => {
  const items = event('  rules:\n  - keyword: [a]\n    reply: [{ type: text, text: hi }]\n').replace(/^/gm, '    ')
  const stored = items.replace('{ name: hello }', '{ name: hello, uid: u, resourceVersion: "1", managedFields: [{}] }')
  expect(await validated(`apiVersion: v1\nkind: List\nitems:\n  -\n${stored}`)).toEqual({
    code: 1,
    out: 'a.yaml:11:9: Event hello: spec.rules[0].keyword: unknown field; did you mean keywords?',
  })
})

it('finds the same object twice, also in two files, but not in another namespace', async () => {
  const good = event('  rules:\n  - reply: [{ type: text, text: hi }]\n')
  const { out } = await validate([
    { name: 'a.yaml', text: `${good}---\n${good.replace('name: hello', 'name: hello, namespace: other')}` },
    { name: 'b.yaml', text: good },
  ])
  expect(out).toBe(
    'b.yaml:3:13: Event hello: metadata.name: the same kind, name and namespace as at a.yaml:3; applied together, only the last one stays: rename one',
  )
})

it('takes a file once that is named twice', async () => {
  const shop = fileURLToPath(new URL('../../config/samples/shop', import.meta.url))
  expect(await run(['validate', shop, `${shop}/../shop`])).toEqual({ code: 0, out: '6 checked, nothing wrong' })
})

it('says in words that a file is not there', async () => {
  expect(await run(['validate', 'no-such.yaml'])).toEqual({ code: 1, err: 'no-such.yaml is not there' })
})

it('tells of all other files where one cannot be read', async () => {
  const { out } = await validate([
    { name: 'a.yaml', text: 'apiVersion: v1\nspec: *nope\n' },
    { name: 'b.yaml', text: event('  rules: 1\n') },
  ])
  expect(out?.split('\n').map((line) => line.split(' ')[0])).toEqual(['a.yaml:2:7:', 'b.yaml:6:3:'])
})

it('passes over kinds of others, and says so where there is nothing else', async () => {
  expect(await validated('apiVersion: v1\nkind: Secret\n')).toEqual({
    code: 1,
    err: 'nothing of linebot.dev in a.yaml',
  })
})
