import { describe, expect, it } from 'vitest'
import { compile } from '../../functions/core/compile.ts'
import { type EventResource, eventSchema } from '../../functions/core/resources/event.ts'
import { linearRegex } from '../../functions/edge/linear-regex.ts'

const hi = [{ type: 'text', text: 'hi' }]
const event = (rules: unknown[], type = 'message'): EventResource =>
  eventSchema.parse({
    apiVersion: 'linebot.dev/v1alpha1',
    kind: 'Event',
    metadata: { name: 'rathalos' },
    spec: { type, rules },
  })
const problemsOf = (...rules: unknown[]) => compile(event(rules), linearRegex).problems

const broken = () => {
  throw new TypeError('ours')
}

describe('compile', () => {
  it('fills in what is meant and leaves out what means nothing', () => {
    expect(compile(event([{ keywords: ['火龍', 'Rathalos'], in: [], content: [], reply: hi }]), linearRegex)).toEqual({
      rules: [
        {
          event: 'rathalos',
          index: 0,
          type: 'message',
          match: 'Exact',
          keywords: ['火龍', 'Rathalos'],
          priority: 0,
          replies: [hi],
        },
      ],
      problems: [],
    })
  })

  it('keeps filters, priorities and every reply to pick from', () => {
    const filters = { in: ['group'], content: ['text'], mentioned: false, priority: 7, match: 'Fuzzy' }
    const { rules } = compile(event([{ ...filters, oneOf: [{ reply: hi }, { reply: [...hi, ...hi] }] }]), linearRegex)
    expect(rules).toEqual([
      { event: 'rathalos', index: 0, type: 'message', keywords: [], replies: [hi, [...hi, ...hi]], ...filters },
    ])
  })

  it('takes a postback’s data for keywords', () => {
    expect(compile(event([{ data: ['buy'], reply: hi }], 'postback'), linearRegex).rules).toMatchObject([
      { type: 'postback', keywords: ['buy'] },
    ])
  })

  it('leaves a rule with a problem out and keeps the others at their places', () => {
    const { rules, problems } = compile(
      event([
        { reply: hi },
        { reply: [{ type: 'template', altText: 'a'.repeat(1501), template: { type: 'confirm' } }] },
        { reply: hi },
      ]),
      linearRegex,
    )
    expect(rules.map(({ index }) => index)).toEqual([0, 2])
    expect(problems.map(({ path, message }) => `${path}: ${message}`)).toContain(
      'spec.rules[1].reply[0].altText: 1501 UTF-16 units, at most 1500',
    )
  })

  it.each([
    [{ keywords: ['a', ' \u3000'], reply: hi }, 'keywords[1]', 'nothing is left of it but space: write a word'],
    [{ keywords: ['x', '(?=a)'], match: 'Regex', reply: hi }, 'keywords[1]', 'looks around'],
    [{ keywords: ['a'], content: ['image'], reply: hi }, 'content', 'add text'],
    [
      { oneOf: [{ reply: hi }, { reply: [{ type: 'text', text: '{{user.nam}}' }] }] },
      'oneOf[1].reply[0].text',
      'user.nam is not known',
    ],
    [{ oneOf: [{ reply: hi }, { reply: [{ type: 'text' }] }] }, 'oneOf[1].reply[0].text', 'missing'],
  ])('says of %j what is wrong at %s', (rule, path, message) => {
    expect(problemsOf(rule)).toEqual([{ path: `spec.rules[0].${path}`, message: expect.stringContaining(message) }])
  })

  it('says of a postback’s data where it stands', () => {
    expect(compile(event([{ data: [' '], reply: hi }], 'postback'), linearRegex).problems).toMatchObject([
      { path: 'spec.rules[0].data[0]' },
    ])
  })

  it('takes keywords beside content that holds text', () => {
    expect(problemsOf({ keywords: ['a'], content: ['image', 'text'], reply: hi })).toEqual([])
  })

  it('takes keywords that are there twice, or too short to be fuzzy', () => {
    expect(problemsOf({ keywords: ['火', '火', ' 火'], match: 'Fuzzy', reply: hi })).toEqual([])
  })

  it('is not exhausted by a message that is nested without end', () => {
    let contents: object = {}
    for (let level = 0; level < 50_000; level++) contents = { contents: [contents] }
    // The API server would not take it so deep, so the schema need not either.
    const deep = event([{ reply: [{ type: 'flex', altText: 'a', contents: {} }] }])
    Object.assign(deep.spec.rules[0]?.reply?.[0] ?? {}, { contents })
    expect(compile(deep, linearRegex).problems).toEqual([
      { path: 'spec.rules[0].reply', message: 'more than 100 levels deep' },
    ])
  })

  it('lets a fault of ours through', () => {
    expect(() => compile(event([{ keywords: ['a'], match: 'Regex', reply: hi }]), broken)).toThrow('ours')
  })
})
