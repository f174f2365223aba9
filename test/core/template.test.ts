import { describe, expect, it } from 'vitest'
import { leastOf, type Names, needs, render, templateProblems } from '../../functions/core/template.ts'

const text = (written: string) => [{ type: 'text' as const, text: written }]
const kai: Record<string, string> = { 'user.displayName': 'Kai', 'user.id': 'U1' }
const scope = { type: 'message', groups: [] }
const named =
  (values: Record<string, string>): Names =>
  (name) =>
    values[name]

describe('render', () => {
  it.each([
    ['hello', 'hello'],
    ['{{user.displayName}}!', 'Kai!'],
    ['{{ user.displayName }} {{user.id}}', 'Kai U1'],
    ["{{'{{'}}user.id}}", '{{user.id}}'],
    ["{{'it''s'}}", "{{'it''s'}}"],
    ['}} stays', '}} stays'],
    ['{{nobody}} {{ open', '{{nobody}} {{ open'],
    ['{ {user.id} }', '{ {user.id} }'],
  ])('makes %j %j', (written, expected) => expect(render(text(written), named(kai))).toEqual(text(expected)))

  it('fills in once, whatever a user is called', () => {
    const called = (name: string) =>
      render(text('{{user.displayName}}{{user.id}}'), named({ ...kai, 'user.displayName': name }))
    expect(called('{{user.id}}')).toEqual(text('{{user.id}}U1'))
    expect(called('$& $1')).toEqual(text('$& $1U1'))
  })

  it('writes nothing for what is not known', () =>
    expect(render(text('a{{user.displayName}}b'), named({}))).toEqual(text('ab')))

  it('fills in strings at any depth, and neither keys nor the original', () => {
    const original = [
      {
        type: 'flex' as const,
        altText: '{{user.id}}',
        contents: { type: 'bubble', '{{user.id}}': [['{{user.id}}', 1, null]] },
      },
    ]
    const before = structuredClone(original)
    // A key that is no Flex member shows that keys stay; LINE's type does not know it.
    expect(render(original as never, named(kai))).toEqual([
      { type: 'flex', altText: 'U1', contents: { type: 'bubble', '{{user.id}}': [['U1', 1, null]] } },
    ])
    expect(original).toEqual(before)
  })

  it('moves an emoji along with its $', () => {
    const emoji = { productId: 'p', emojiId: 'e' }
    const written = [
      {
        type: 'text' as const,
        text: '{{user.id}} $ {{user.id}} $',
        emojis: [
          { index: 12, ...emoji },
          { index: 26, ...emoji },
        ],
      },
    ]
    expect(render(written, named({ 'user.id': 'U123' }))).toEqual([
      {
        type: 'text',
        text: 'U123 $ U123 $',
        emojis: [
          { index: 5, ...emoji },
          { index: 12, ...emoji },
        ],
      },
    ])
  })
})

describe('needs', () => {
  it('names what is used, so that LINE is not asked in vain', () => {
    expect([...needs(text('no {{nobody}}'))]).toEqual([])
    expect([...needs(text('{{user.id}}{{ user.displayName}}{{user.id}}'))]).toEqual(['user.id', 'user.displayName'])
  })
})

describe('templateProblems', () => {
  it.each([
    ['{{user.name}}', 'user.name is not known; known are: user.displayName, user.id'],
    ['{{constructor}}', 'constructor is not known; known are: user.displayName, user.id'],
    ['{{__proto__.x}}', '__proto__.x is not known; known are: user.displayName, user.id'],
    ['{{{user.id}}}', "{{{ is not a template; a literal { is {{'{'}}"],
    ['hi {{user.id', "{{ is never closed by }}; a literal {{ is {{'{{'}}"],
    ['{{}}', '{{}} is not a template; known are: user.displayName, user.id'],
    ['{{user.id + 1}}', '{{user.id + 1}} is not a template; known are: user.displayName, user.id'],
  ])('finds in %j: %s', (written, message) => {
    expect(templateProblems([{ a: [{ text: written }] }], 'spec.rules[0].reply', scope)).toEqual([
      { path: 'spec.rules[0].reply[0].a[0].text', message },
    ])
  })

  it('finds every one in a string, and none in what is right', () => {
    expect(templateProblems(['{{a}} {{user.id}} {{b}}'], 'p', scope)).toHaveLength(2)
    expect(templateProblems(["{{user.id}}{{ 'x' }}}}"], 'p', scope)).toEqual([])
  })
})

it('counts a name as nothing', () => expect(leastOf("a{{user.displayName}}{{'b'}}{{oops}}")).toBe('ab{{oops}}'))
