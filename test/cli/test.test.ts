import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { run } from '../../functions/cli/cli.ts'
import { directoryOf } from '../bot/files.ts'

// The first to load it would pay for it.
beforeAll(() => run(['test', '--help']), 30_000)

const bot = `apiVersion: linebot.dev/v1alpha1
kind: Bot
metadata: { name: shop }
spec: { channel: { secretName: shop } }
---
apiVersion: linebot.dev/v1alpha1
kind: EventBinding
metadata: { name: shop }
spec: { selector: {} }
---
`

const event = (name: string, type: string, rules: string) => `apiVersion: linebot.dev/v1alpha1
kind: Event
metadata: { name: ${name} }
spec:
  type: ${type}
  rules:
${rules}
---
`

const hello = event(
  'hello',
  'message',
  '    - { keywords: [hi], reply: [{ type: text, text: "Hello, {{user.displayName}}" }] }',
)
const coin = event(
  'coin',
  'message',
  '    - { keywords: [coin], oneOf: [{ reply: [{ type: text, text: head }] }, { reply: [{ type: text, text: tail }] }] }',
)

/** Runs the conversations, each a step list in flow style, against the resources. */
async function tested(resources: string, steps: readonly string[], more = '', about = '') {
  using files = directoryOf({
    'bot.yaml': resources,
    'test.yaml': `resources: [bot.yaml]\n${more}conversations:\n  - name: it\n${about}    steps:\n${steps.map((step) => `      - { ${step} }\n`).join('')}`,
  })
  const name = join(files.path, 'test.yaml')
  const { code, out, err } = await run(['test', name, '--junit', join(files.path, 'junit.xml')])
  const said = (out ?? err ?? '').replaceAll(`${files.path}/`, '')
  return { code, said, junit: readFileSync(join(files.path, 'junit.xml'), 'utf8') }
}

describe('a conversation passes', () => {
  it.each([
    ['by text', 'say: hi, as: Alice, answer: "Hello, Alice"'],
    ['by a part', 'say: hi, answer: { contains: Hello }'],
    ['by a rule alone', 'say: hi, rule: hello/0'],
    ['in silence', 'say: zzz, silent: true'],
    ['by each of several replies', 'say: coin, oneOf: [head, tail]'],
    ['where LINE gives nothing to answer with', 'unfollow: true, silent: true'],
    ['in standby', 'event: { type: message, mode: standby, message: { type: text, text: hi } }, silent: true'],
  ])('%s', async (_what, step) => {
    expect(await tested(bot + hello + coin, [step])).toMatchObject({ code: 0 })
  })

  it('with a name that LINE does not tell', async () => {
    const people = 'people: { Alice: { hidden: true } }\n'
    expect(await tested(bot + hello, ['say: hi, as: Alice, answer: "Hello, "'], people)).toMatchObject({ code: 0 })
  })

  it('in a group, where the bot answers only when it is mentioned', async () => {
    const gated = bot.replace('secretName: shop }', 'secretName: shop }, groups: { answer: WhenMentioned }')
    const steps = ['say: hi, silent: true', 'say: hi, mention: true, answer: "Hello, You"']
    expect(await tested(gated + hello, steps, '', '    in: group\n')).toMatchObject({ code: 0 })
    expect(await tested(gated + hello, steps)).toMatchObject({ code: 1 })
    const { said } = await tested(gated + hello, ['say: hi, answer: x'], '', '    in: group\n')
    expect(said).toContain('not answered (talk among others: the bot was not mentioned')
  })

  it('that is silent in its quiet hours, and says that it is', async () => {
    const quiet = bot.replace('secretName: shop }', 'secretName: shop }, quietHours: { timeZone: UTC, times: [{}] }')
    expect(await tested(quiet + hello, ['say: hi, silent: true'])).toMatchObject({ code: 0 })
    const { said } = await tested(quiet + hello, ['say: hi, answer: x'])
    expect(said).toContain('not answered (it is the Bot’s quiet hours)')
  })
})

describe('a conversation fails', () => {
  it.each([
    ['say: hi, answer: "Hello, Bob"', 'test.yaml:5:9: You: “hi”\n      answered otherwise (by rule hello/0)'],
    ['say: hi, answer: "Hello, Bob"', '~ Hello, [-Bob-]{+You+}'],
    ['say: hi, silent: true', 'answer[0]: nothing was expected, but there is'],
    ['say: zzz, answer: x', 'not answered (no rule wants it)'],
    ['say: hi, rule: hello/1', 'rule: expected hello/1, but it was hello/0'],
    ['say: zzz, rule: hello', 'rule: expected hello, but it was none: no rule wants it'],
    ['say: coin, answer: head', 'it picks one of 2 replies: write oneOf'],
    ['say: coin, oneOf: [head, tail, edge]', 'never answered so:'],
    ['press: Menu, silent: true', 'has no button Menu to press: there is none at all'],
    ['press: Menu, column: 2, silent: true', 'You: presses Menu in column 2'],
  ])('%s', async (step, expected) => {
    const { code, said } = await tested(bot + hello + coin, [step])
    expect(said).toContain(expected)
    expect(code).toBe(1)
  })

  it('where LINE would refuse what templates have become', async () => {
    const long = event(
      'long',
      'message',
      '    - { reply: [{ type: template, altText: a, template: { type: confirm, text: a, actions: [{ type: message, label: a, text: "{{user.displayName}}?" }, { type: message, label: b, text: b }] } }] }',
    )
    const { code, said } = await tested(bot + long, [`say: a, as: ${'x'.repeat(300)}, rule: long`])
    // What is read is cut; what is sent for who taps is not.
    expect(said).toContain('LINE would refuse it: answer[0].template.actions[0].text: 301')
    expect(code).toBe(1)
  })
})

describe('a file is not understood', () => {
  it.each([
    ['say: hi', 'test.yaml:5:9: conversations[0].steps[0]: nothing is expected'],
    ['say: hi, answr: x', 'test.yaml:5:20: conversations[0].steps[0].answr: unknown field; did you mean answer?'],
    ['say: yes, answer: x', 'must be a string, not true: put it in quotes'],
    ['say: hi, forward: { answer: no }, silent: true', 'steps[0].forward.answer: must be a string, not false'],
    ['say: hi, follow: true, silent: true', 'steps[0].follow: one thing a step: there is say already'],
    ['say: hi, silent: true, answer: x', 'either answer or silent'],
    ['say: hi, at: noon, silent: true', 'noon is no time: write 2026-01-31 12:00'],
    ['send: { text: a }, silent: true', 'required, and missing: type'],
    ['follow: true, mention: true, silent: true', 'mention: only with say'],
    ['say: hi, answer: { matches: "(" }', 'answer.matches: no regular expression'],
    ['say: hi, oneOf: [a]', 'two or more, or it is answer'],
    ['say: hi, answer: { contains: 850 }', 'answer.contains: must be a string: put it in quotes'],
    ['say: hi, answer: { matches: 850 }', 'answer.matches: must be a string: put it in quotes'],
    ['say: hi, answer: { quickReply: { items: [{ action: { label: { contains: 1 } } }] } }', 'label.contains: must be'],
    ['say: hi, column: 2, silent: true', 'column: only with press'],
    ['press: a, column: 0, silent: true', 'column: must be a whole number: 1 is the first column'],
    ['join: true, silent: true', 'steps[0]: LINE sends no join from a 1:1 chat: write in: group or in: room'],
    ['edit: hi, silent: true', 'steps[0]: LINE sends no messageEdited from a 1:1 chat: write in: group'],
    ['event: { type: memberLeft }, silent: true', 'LINE sends no memberLeft from a 1:1 chat'],
  ])('%s', async (step, expected) => {
    const { code, said, junit } = await tested(bot + hello, [step])
    expect(said).toContain(expected)
    expect(code).toBe(2)
    expect(junit).toContain('<error ')
  })

  it.each([
    [
      'a time zone that is none',
      'timeZone: Asia/Taipe\n',
      bot,
      'Asia/Taipe is no time zone of the IANA database; did you mean Asia/Taipei?',
    ],
    ['a time zone that is several', 'timeZone: CST\n', bot, 'CST stands for more than one time zone'],
    ['a Bot that is none', 'bot: shopp\n', bot, 'there is no Bot shopp; did you mean shop?'],
    ['no Bot', '', hello, 'there is no Bot in these files'],
    [
      'one of two Bots',
      '',
      bot + bot.replaceAll('name: shop', 'name: shop2'),
      'there are several Bots; say which in bot: shop, shop2',
    ],
    [
      'a Bot without an EventBinding',
      '',
      bot.replace(/(EventBinding[^]*)shop/, '$1shp') + hello,
      'test.yaml:1:1: resources: no rule is for Bot shop: create EventBinding shop, or set spec.selector; there is EventBinding shp',
    ],
    [
      'an EventBinding without an Event',
      '',
      bot.replace('selector: {}', 'selector: { matchLabels: { a: b } }') + hello,
      'no Event has the labels that spec.selector of EventBinding shop asks for: label one, or change the selector',
    ],
    [
      'quiet hours of no time zone',
      '',
      bot.replace('secretName: shop }', 'secretName: shop }, quietHours: { timeZone: Asia/Tokio }'),
      'spec.quietHours.timeZone: Asia/Tokio is no time zone of the IANA database; did you mean Asia/Tokyo?',
    ],
    ['nothing wrong where it should', 'rejected: { hello: ["spec.rules[0]"] }\n', bot + hello, 'nothing is wrong at'],
  ])('with %s', async (_what, more, resources, expected) => {
    const { code, said } = await tested(resources, ['say: hi, rule: x'], more)
    expect(said).toContain(expected)
    expect(code).toBe(2)
  })

  it.each([
    ['conversations: []', 'test.yaml:2:1: conversations: nothing is in it to test'],
    ['conversations: [{ steps: [] }]', 'test.yaml:2:19: conversations[0].steps: nothing is in it to test'],
    ['conversations: [{ steps: *nope }]', 'test.yaml:2:26: *nope stands for nothing'],
    ['conversations: [{ name: a }]', 'test.yaml:2:17: conversations[0].steps: required, and missing'],
    ['conversation: []', 'test.yaml:2:1: conversation: unknown field; did you mean conversations?'],
    ['timezone: UTC', 'test.yaml:2:1: timezone: unknown field; did you mean timeZone?'],
    ['timeZone: UTC', 'test.yaml:1:1: conversations: required, and missing'],
    ['conversations: [{ in: group, steps: [{ follow: true, silent: true }] }]', 'from a group: leave in and group out'],
  ])('with %s', async (conversations, expected) => {
    using files = directoryOf({ 'bot.yaml': bot, 'test.yaml': `resources: [bot.yaml]\n${conversations}\n` })
    const junit = join(files.path, 'new/folder/results.xml')
    const { code, err } = await run(['test', join(files.path, 'test.yaml'), '--junit', junit])
    expect(err).toContain(expected)
    expect(code).toBe(2)
    expect(readFileSync(junit, 'utf8')).toContain('<error ')
  })

  it('with the same Event twice, as a List may have it too', async () => {
    const [item = ''] = hello.split('---')
    const list = `kind: List\napiVersion: v1\nitems:\n  -\n${item.replace(/^/gm, '    ')}`
    const { code, said } = await tested(`${bot + hello}${list}`, ['say: hi, answer: "Hello, You"'])
    expect(said).toContain('Event hello: metadata.name: the same kind, name and namespace as at')
    expect(code).toBe(2)
  })

  const bad = event('bad', 'message', '    - { keywords: [" "], reply: [{ type: text, text: a }] }')

  it('with a rule that is rejected, at its path', async () => {
    const { code, said } = await tested(bot + bad, ['say: hi, silent: true'])
    expect(said).toContain('bot.yaml:17:20: Event bad: spec.rules[0].keywords[0]: nothing is left of it')
    expect(code).toBe(2)
  })

  it('but with one that is meant to be', async () => {
    const more = 'rejected: { bad: ["spec.rules[0].keywords"] }\n'
    expect(await tested(bot + bad, ['say: hi, silent: true'], more)).toMatchObject({ code: 0 })
  })
})

it('writes what failed as JUnit’s XML', async () => {
  const { junit } = await tested(bot + hello, ['say: hi, answer: "<Hello & bye>"', 'say: hi, rule: hello'])
  expect(junit).toMatch(/<testsuites name="linebot test" tests="1" failures="1" errors="0" time="\d+\.\d{3}">/)
  expect(junit).toContain('<failure message="You: “hi”">')
  expect(junit).toContain('- &lt;Hello &amp; bye&gt;')
})

it('has hundreds of conversations in a second', async () => {
  const steps = Array.from({ length: 1000 }, () => 'say: hi, answer: "Hello, You"')
  const { code, said } = await tested(bot + hello, steps)
  expect(code).toBe(0)
  expect(Number(/\((\d+) ms\)/.exec(said)?.[1])).toBeLessThan(3000)
})

it.each([
  [['test'], 2],
  [['test', 'no-such.yaml'], 2],
])('%j ends with %i', async (args, code) => {
  expect((await run(args)).code).toBe(code)
})

it('tells what it found although JUnit’s file cannot be written', async () => {
  const steps = '[{ say: zzz, silent: true }]'
  using files = directoryOf({
    'a.yaml': bot + hello,
    'b.yaml': `resources: [a.yaml]\nconversations: [{ steps: ${steps} }]\n`,
  })
  const file = (name: string) => join(files.path, name)
  expect(await run(['test', file('b.yaml'), '--junit', file('a.yaml/b.xml')])).toMatchObject({
    code: 2,
    out: expect.stringContaining('1 conversation: 1 passed'),
    err: expect.stringMatching(/^--junit: /),
  })
})

it('finds no test in a folder without any', async () => {
  using files = directoryOf({ 'a.yaml': bot })
  expect(await run(['test', files.path])).toMatchObject({
    code: 2,
    err: expect.stringContaining('no conversation tests'),
  })
})

it('does not pass over a test that is no YAML', async () => {
  using files = directoryOf({ 'a.yaml': 'conversations: [\n' })
  expect(await run(['test', files.path])).toMatchObject({ code: 2, err: expect.stringContaining('a.yaml:2:1') })
})

const forwarding = event(
  'ask',
  'message',
  '    - { forward: { to: { uri: "https://a.example/ask" }, failed: [{ type: text, text: sorry }] } }',
)

describe('a rule that forwards', () => {
  it.each([
    ['text', 'say: x, forward: { answer: z }, answer: z'],
    ['messages', 'say: x, forward: { answer: [a, { type: text, text: b }] }, answer: [a, b]'],
    ['nothing', 'say: x, forward: {}, silent: true'],
    ['a failure', 'say: x, forward: { status: 404 }, answer: sorry'],
    ['late', 'say: x, forward: { answer: z, late: true }, answer: This takes longer than usual.'],
  ])('answers %s', async (_what, step) => {
    expect(await tested(bot + forwarding, [step])).toMatchObject({ code: 0 })
  })

  it.each([
    ['say: x, silent: true', 'rule ask/0 forwards to https://a.example/ask: say in forward what that answers'],
    ['follow: true, forward: {}, silent: true', 'forward: nothing was forwarded'],
    ['say: x, forward: { answer: { type: txt } }, silent: true', 'forward.answer[0].type'],
  ])('%s fails', async (step, said) => {
    const ended = await tested(bot + forwarding, [step])
    expect(ended.said).toContain(said)
    expect(ended.code).toBe(1)
  })

  it('lets another Bot of the resources answer', async () => {
    const toBot = event(
      'ask',
      'message',
      '    - { forward: { to: { ref: { apiVersion: linebot.dev/v1alpha1, kind: Bot, name: other } } } }',
    ).replace('name: ask }', 'name: ask, labels: { of: shop } }')
    const mine = bot.replace('selector: {}', 'selector: { matchLabels: { of: shop } }')
    const other = bot
      .replaceAll('name: shop', 'name: other')
      .replace('selector: {}', 'selector: { matchLabels: { of: other } }')
    const greet = hello.replace('name: hello }', 'name: hello, labels: { of: other } }')
    expect(await tested(mine + other + greet + toBot, ['say: hi, answer: "Hello, You"'], 'bot: shop\n')).toMatchObject({
      code: 0,
    })
    const { code, said } = await tested(mine + toBot, ['say: hi, silent: true'])
    expect(said).toContain('forwarded to Bot other, which is not among the resources')
    expect(code).toBe(1)
  })
})
