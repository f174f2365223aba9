import { describe, expect, it } from 'vitest'
import type { Rule, RuleFile } from '../../functions/core/rule.ts'
import { shadowed } from '../../functions/core/shadow.ts'

const rule = (event: string, keywords: string[], more: Partial<Rule> = {}): Rule => ({
  event,
  index: 0,
  type: 'message',
  match: 'Exact',
  keywords,
  priority: 0,
  replies: [],
  ...more,
})
const file = (rules: Rule[], binding = 'all'): RuleFile => ({ binding, priority: 0, rules })
const shadows = (...rules: Rule[]) => shadowed([file(rules)]).map(({ event, path, by }) => `${event} ${path} < ${by}`)

const schedule = { timeZone: 'UTC', times: [{ from: '09:00' }] }
const forward = { to: { url: 'http://a/' }, timeoutSeconds: 20 }
const isA = { key: 'source.userId', operator: 'In', values: ['a'] } as const
const isB = { key: 'message.id', operator: 'Exists' } as const

describe('shadowed', () => {
  it('tells which keyword never wins, where it stands, and over which it falls', () => {
    expect(shadowed([file([rule('b', ['x', 'ＤＲＡＧＯＮ']), rule('a', ['Dragon'], { index: 2 })])])).toEqual([
      {
        event: 'b',
        path: 'spec.rules[0].keywords[1]',
        keyword: 'ＤＲＡＧＯＮ',
        by: 'Event a, spec.rules[2].keywords[0]',
      },
    ])
  })

  it.each([
    [
      'another priority',
      [rule('a', ['x']), rule('b', ['x'], { priority: 1 })],
      ['a spec.rules[0].keywords[0] < Event b, spec.rules[0].keywords[0]'],
    ],
    ['two defaults', [rule('a', []), rule('b', [])], ['b spec.rules[0] < Event a, spec.rules[0]']],
    [
      'a postback',
      [rule('a', ['x'], { type: 'postback' }), rule('b', ['x'], { type: 'postback' })],
      ['b spec.rules[0].data[0] < Event a, spec.rules[0].data[0]'],
    ],
    [
      'the same filters',
      [rule('a', ['x'], { in: ['group'] }), rule('b', ['x'], { in: ['group'] })],
      ['b spec.rules[0].keywords[0] < Event a, spec.rules[0].keywords[0]'],
    ],
    [
      'wider filters that come first',
      [rule('a', ['x'], { priority: 1 }), rule('b', ['x'], { in: ['group'] })],
      ['b spec.rules[0].keywords[0] < Event a, spec.rules[0].keywords[0]'],
    ],
    [
      'content, which keywords imply',
      [rule('a', ['x'], { content: ['text'] }), rule('b', ['x'])],
      ['b spec.rules[0].keywords[0] < Event a, spec.rules[0].keywords[0]'],
    ],
    [
      'what forwards',
      [rule('a', ['x'], { forward }), rule('b', ['x'])],
      ['b spec.rules[0].keywords[0] < Event a, spec.rules[0].keywords[0]'],
    ],
    [
      'the same where, in part',
      [rule('a', ['x'], { where: [isA], priority: 1 }), rule('b', ['x'], { where: [isB, isA] })],
      ['b spec.rules[0].keywords[0] < Event a, spec.rules[0].keywords[0]'],
    ],
    [
      'the same schedule',
      [rule('a', ['x'], { schedule }), rule('b', ['x'], { schedule: { ...schedule } })],
      ['b spec.rules[0].keywords[0] < Event a, spec.rules[0].keywords[0]'],
    ],
    [
      'a schedule below one without',
      [rule('a', ['x'], { priority: 1 }), rule('b', ['x'], { schedule })],
      ['b spec.rules[0].keywords[0] < Event a, spec.rules[0].keywords[0]'],
    ],
    [
      'kana for Fuzzy',
      [rule('a', ['らーめん'], { match: 'Fuzzy' }), rule('b', ['ラーメン'], { match: 'Fuzzy' })],
      ['b spec.rules[0].keywords[0] < Event a, spec.rules[0].keywords[0]'],
    ],
    ['kana for Exact', [rule('a', ['らーめん']), rule('b', ['ラーメン'])], []],
    ['another where', [rule('a', ['x'], { where: [isA] }), rule('b', ['x'], { where: [isB] })], []],
    ['where above one without', [rule('a', ['x'], { where: [isA] }), rule('b', ['x'])], []],
    ['a schedule above one without', [rule('a', ['x'], { schedule }), rule('b', ['x'])], []],
    ['another match kind', [rule('a', ['x']), rule('b', ['x'], { match: 'Prefix' })], []],
    ['another type', [rule('a', ['x']), rule('b', ['x'], { type: 'postback' })], []],
    ['narrower filters that come first', [rule('a', ['x'], { in: ['group'] }), rule('b', ['x'])], []],
    [
      'filters that meet in part',
      [rule('a', ['x'], { in: ['group', 'room'] }), rule('b', ['x'], { in: ['user', 'room'] })],
      [],
    ],
    ['mentioned or not', [rule('a', ['x'], { mentioned: true }), rule('b', ['x'], { mentioned: false })], []],
    ['content of defaults', [rule('a', [], { content: ['image'], priority: 1 }), rule('b', [])], []],
    ['the same rule twice over', [rule('a', ['x', 'X'])], []],
  ])('%s', (_, rules, expected) => expect(shadows(...rules)).toEqual(expected))

  it('sees one binding through all its files', () => {
    expect(shadowed([file([rule('a', ['x'])]), file([rule('b', ['x'])])])).toHaveLength(1)
  })

  it('says nothing of rules that meet in some Bots only', () => {
    expect(shadowed([file([rule('a', ['x'])], 'one'), file([rule('b', ['x'])], 'two')])).toEqual([])
  })

  it('says nothing of a keyword that wins in another binding', () => {
    const b = rule('b', ['x'])
    expect(shadowed([file([rule('a', ['x']), b], 'one'), file([b], 'two')])).toEqual([])
    expect(shadowed([file([rule('a', ['x']), b], 'one'), file([rule('a', ['x']), b], 'two')])).toHaveLength(1)
  })
})
