import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { run } from '../../functions/cli/cli.ts'
import type { Reader } from '../../functions/cli/cluster.ts'
import { botAt, explain } from '../../functions/cli/explain.ts'
import { botsOf } from '../../functions/core/bound.ts'
import type { Rule } from '../../functions/core/rule.ts'
import { linearRegex } from '../../functions/edge/linear-regex.ts'
import { aBinding, aBot, anEvent } from '../objects.ts'

const hello = join(import.meta.dirname, '../../config/samples/hello.yaml')
const anyRule: Rule = {
  event: 'open',
  index: 0,
  type: 'message',
  match: 'Exact',
  keywords: [],
  priority: 0,
  replies: [],
}
const quietHours = { timeZone: 'UTC', times: [{ from: '18:00', until: '08:00' }] }
const explained = (...args: string[]) => run(['explain', ...args, '--files', hello])
const rows = (out = '') => out.split('\n').map((line) => line.split(/\s{2,}/))

describe('explain', () => {
  it('lists the rules, the winner first, each with its reason', async () => {
    const { code, out } = await explained('hello', 'Rathalos')
    expect(code).toBe(0)
    expect(rows(out).slice(0, 3)).toEqual([
      ['RULE', 'BINDING', 'KEYWORD', 'OUTCOME', 'BECAUSE'],
      ['rathalos/0', 'hello', 'Rathalos', 'chosen', 'the text is Rathalos'],
      ['hello-default/0', 'hello', 'outranked', expect.stringContaining('rathalos')],
    ])
  })

  it('keeps its columns in line where characters are wide', async () => {
    const { out = '' } = await explained('hello', '櫻火龍')
    const cells = (line = '') =>
      line.slice(0, line.search(/chosen|outranked|filtered/)).replaceAll(/[一-鿿]/g, 'xx').length
    expect(new Set(out.split('\n').slice(1).map(cells)).size).toBe(1)
  })

  it.each([
    [['--in', 'group'], undefined],
    [[], 'hello-default'],
  ])('with %j asks in that chat', async (args, event) => {
    const { out = '' } = await explained('hello', 'zzz', '-o', 'json', ...args)
    expect(JSON.parse(out).chosen?.event).toBe(event)
  })

  it('takes a whole event', async () => {
    const { out = '' } = await explained('hello', '--event', '{"type":"follow"}', '-o', 'json')
    expect(JSON.parse(out)).toMatchObject({ chosen: { event: 'hello-welcome', index: 0, binding: 'hello' } })
  })

  it('asks as of a time', async () => {
    const schedule = { timeZone: 'UTC', times: [{ from: '09:00', until: '17:00' }] }
    const rule: Rule = { ...anyRule, schedule }
    const found = { bot: aBot(), files: [{ binding: 'hello', priority: 0, rules: [rule] }] }
    const at = (time: string) =>
      explain(found, { act: { do: 'say', text: 'x', mention: false }, chat: 'user', at: new Date(time) }, false).out
    expect(at('2026-01-05T10:00:00Z')).toMatch(/open\/0 .*chosen/)
    expect(at('2026-01-05T20:00:00Z')).toMatch(/open\/0 .*filtered/)
  })

  it.each([
    ['20:00', { quietHours }, 'It is the Bot’s quiet hours'],
    ['10:00', { quietHours }, 'RULE'],
    ['10:00', { suspend: true }, 'The Bot is suspended'],
  ])('at %s says of a Bot with %j why it is silent all the same', (time, spec, said) => {
    const found = { bot: aBot('hello', { spec }), files: [{ binding: 'hello', priority: 0, rules: [anyRule] }] }
    const at = new Date(`2026-01-05T${time}:00Z`)
    const happening = { act: { do: 'say', text: 'x', mention: false }, chat: 'user', at } as const
    const [first] = explain(found, happening, false).out?.split('\n') ?? []
    expect(first).toContain(said)
    expect(JSON.parse(explain(found, happening, true).out ?? '').hush ?? 'RULE').toContain(said)
  })

  it('says which rules of the files are rejected, and so not explained', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'linebot-explain-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'a.yaml')
    writeFileSync(file, readFileSync(hello, 'utf8').replace('你好！', '你好，{{user.name}}！'))
    const { code, out, err } = await run(['explain', 'hello', 'hi', '--files', file])
    expect(code).toBe(0)
    expect(out).not.toContain('hello/0')
    expect(err).toMatch(
      /a\.yaml:\d+:\d+: Event hello: spec\.rules\[0\]\.oneOf\[1\]\.reply\[0\]\.text: user\.name is not known/,
    )
  })

  it('says where nothing is written under keywords, as validate does', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'linebot-explain-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'a.yaml')
    writeFileSync(file, readFileSync(hello, 'utf8').replace(/keywords: .*/, 'keywords:'))
    const { err } = await run(['explain', 'hello', 'hi', '--files', file])
    expect(err).toMatch(/a\.yaml:\d+:\d+: Event hello: spec\.rules\[0\]\.keywords: nothing is written under it/)
    expect((await run(['validate', file])).out).toBe(err)
  })

  it('says first that no rule answers', async () => {
    const { out = '' } = await explained('hello', 'zzz', '--in', 'group')
    expect(rows(out).slice(0, 2)).toEqual([['No rule answers.'], ['RULE', 'BINDING', 'KEYWORD', 'OUTCOME', 'BECAUSE']])
  })

  it('says why a Bot has no rule at all', async () => {
    const bot = aBot('hello')
    const found = botsOf({ bots: [bot], bindings: [aBinding('helo')], events: [anEvent()] }, linearRegex)
    const happening = { act: { do: 'say', text: 'x', mention: false }, chat: 'user', at: new Date(0) } as const
    const why = 'create EventBinding hello, or set spec.selector; there is EventBinding helo, which it does not use'
    const said = (json: boolean) => found.map((one) => explain(one, happening, json).out ?? '')
    expect(said(false)).toEqual([`No rule is for this Bot: ${why}`])
    expect(said(true).map((one) => JSON.parse(one).unwired)).toEqual([why])
  })

  it.each([
    [['hallo', 'x'], 1, 'there is no Bot hallo; did you mean hello?'],
    [['hello'], 2, 'usage:'],
    [['hello', 'x', 'y'], 2, 'usage:'],
    [['hello', 'x', '--at', 'noon'], 2, '--at noon is no time: write "2026-01-31 12:00"'],
    [['hello', 'x', '--in', 'house'], 2, '--in house is none of user, group, room'],
    [['hello', '--event', 'x'], 1, 'no JSON of a LINE event'],
  ])('%j ends with %i', async (args, code, said) => {
    const ended = await explained(...args)
    expect(ended).toMatchObject({ code, err: expect.stringContaining(said) })
  })
})

/** A cluster with these objects, all of them in one namespace. */
function readerOf(objects: readonly { kind: string; metadata: { name: string } }[]): Reader {
  const list = async (kind: { kind: string }, namespace: string) =>
    namespace === 'demo' ? objects.filter((one) => one.kind === kind.kind) : []
  return {
    namespace: 'demo',
    // What a test hands in is what it asks for.
    list: list as unknown as Reader['list'],
    get: async () => undefined,
  }
}

/** Two rules, of which the second has no reply that LINE would take. */
const halfBad = (over: Parameters<typeof anEvent>[1] = {}) =>
  anEvent('bad', {
    ...over,
    spec: {
      rules: [
        { keywords: ['hi'], match: 'Exact', priority: 0, reply: [{ type: 'text', text: 'Hello' }] },
        { keywords: ['hi'], match: 'Exact', priority: 0, reply: [{ type: 'text', text: '{{user.name}}' }] },
      ],
    },
  })

describe('of a cluster, explain', () => {
  it('takes the Bot of the user’s namespace', async () => {
    const { found, faults } = await botAt(readerOf([aBot(), aBinding(), anEvent()]), 'hello')
    expect(found).toMatchObject({ bot: { metadata: { name: 'hello' } }, files: [{ binding: 'hello', rules: [{}] }] })
    expect(faults).toEqual([])
  })

  it('says which rules of its Events are rejected, each once, and so not explained', async () => {
    const problem = { path: 'spec.rules[1].reply[0].text', message: 'as the event-controller says it' }
    const events = [
      halfBad({ status: { observedGeneration: 1, problems: [problem, problem] } }),
      // What was said of an Event that was changed since.
      anEvent('mended', { generation: 2, status: { observedGeneration: 1, problems: [problem] } }),
    ]
    const { found, faults } = await botAt(readerOf([aBot(), aBinding(), aBinding('all'), ...events]), 'hello')
    expect(found).toMatchObject({ files: [{ rules: [{ event: 'bad', index: 0 }, { event: 'mended' }] }] })
    const place = { place: 'Event bad', event: 'bad', path: problem.path }
    expect(faults).toEqual([
      { ...place, message: expect.stringContaining('user.name is not known') },
      { ...place, message: problem.message },
    ])
  })

  it('says nothing of rejected rules that are another Bot’s', async () => {
    const { faults } = await botAt(readerOf([aBot(), aBot('other'), aBinding('other'), halfBad()]), 'hello')
    expect(faults).toEqual([])
  })

  it.each([
    ['shop/hello', undefined, 'in namespace shop there is no Bot hello'],
    ['hello', 'shop', 'in namespace shop there is no Bot hello'],
    ['hallo', undefined, 'in namespace demo there is no Bot hallo; did you mean hello?'],
  ])('of %s in %s says what is missing', async (name, namespace, said) => {
    expect(await botAt(readerOf([aBot()]), name, namespace)).toMatchObject({ found: said })
  })
})
