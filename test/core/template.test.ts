import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Message } from '../../functions/core/rule.ts'
import { leastOf, type Names, needs, render } from '../../functions/core/template.ts'

const kai: Record<string, string> = { 'user.displayName': 'Kai', 'user.id': 'U1', now: '2026-10-03T16:05:00.000Z' }
const named =
  (values: Readonly<Record<string, string>>): Names =>
  (name) =>
    Object.hasOwn(values, name) ? values[name] : undefined

/** What becomes of one string in a member, and what is said when its message is left out. */
function rendered(written: string, names: Names = named(kai), member = 'text'): string | undefined {
  const problems: string[] = []
  const [message] = render([{ [member]: written }], names, (problem) =>
    problems.push(`${problem.path}: ${problem.message}`),
  )
  return message?.[member] ?? problems.join()
}

describe('render', () => {
  it.each([
    ['hello', 'hello'],
    ['{{user.displayName}}!', 'Kai!'],
    ['{{ user.displayName }} {{user.id}}', 'Kai U1'],
    ["{{'{{'}}user.id}}", '{{user.id}}'],
    ['{{"it\'s"}}', "it's"],
    ['}} stays', '}} stays'],
    ['a{{nobody}}b {{ open', 'ab {{ open'],
    ['{ {user.id} }', '{ {user.id} }'],
    ['{{user.id|downcase|upcase}}', 'U1'],
    ["{{ user.id | downcase | default: 'x' }}", 'u1'],
    ['{{nobody | default: "}} | {{"}}', '}} | {{'],
    ['{{nobody | default: user.displayName | upcase}}', 'KAI'],
    ['{{nobody | default: nothing | default: 7}}', '7'],
    ['{{"a b" | upcase}}', 'A B'],
    ['{{now | date: "%Y-%m-%d %H:%M", "Asia/Taipei"}}', '2026-10-04 00:05'],
    ['{"item": {{user.displayName | json}}}', '{"item": "Kai"}'],
  ])('makes %j %j', (written, expected) => expect(rendered(written)).toBe(expected))

  it.each([
    ['{{user.id}}', '{{user.id}}'],
    ['$& $1', '$& $1'],
    ["{{'x'}}", "{{'x'}}"],
  ])('fills in once, whatever a user is called: %j', (name, expected) =>
    expect(rendered('{{user.displayName}}{{user.id}}', named({ ...kai, 'user.displayName': name }))).toBe(
      `${expected}U1`,
    ),
  )

  it('writes nothing for what is not known', () => expect(rendered('a{{user.displayName}}b', named({}))).toBe('ab'))

  it('fills in strings at any depth, and neither keys nor the original', () => {
    const original = [{ altText: '{{user.id}}', contents: { '{{user.id}}': [['{{user.id}}', 1, null, true]] } }]
    const before = structuredClone(original)
    expect(render(original, named(kai))).toEqual([
      { altText: 'U1', contents: { '{{user.id}}': [['U1', 1, null, true]] } },
    ])
    expect(original).toEqual(before)
  })

  it.each([
    // 012345678901
    ['{{user.id}} $', 12, 'U123 $', 5],
    ['{{user.id}} $ {{user.id}} $', 26, 'U123 $ U123 $', 12],
    ['$ {{user.id}}', 0, '$ U123', 0],
    ['{{"$"}}{{user.id}}$', 18, '$U123$', 5],
  ])('moves an emoji along with its $: %j at %i', (text, index, expected, moved) => {
    const emoji = { productId: 'p', emojiId: 'e' }
    const written: Message[] = [{ type: 'text', text, emojis: [{ index, ...emoji }] }]
    expect(render(written, named({ 'user.id': 'U123' }))).toEqual([
      { type: 'text', text: expected, emojis: [{ index: moved, ...emoji }] },
    ])
  })

  it('leaves out a message of which nothing is left, says so, and sends the others', () => {
    const refused: unknown[] = []
    const messages = [{ text: 'hi' }, { contents: [{ text: ' {{user.displayName}}\n' }] }]
    expect(render(messages, named({}), (problem) => refused.push(problem))).toEqual([{ text: 'hi' }])
    expect(refused).toEqual([
      {
        path: '[1].contents[0].text',
        message: 'nothing is left of " {{user.displayName}}\\n", and LINE refuses an empty text',
      },
    ])
  })

  it('quotes where there is something to quote', () => {
    const written = [{ text: 'yes', quoteToken: '{{event.message.quoteToken}}' }]
    expect(render(written, named({ 'event.message.quoteToken': 'q1' }))).toEqual([{ text: 'yes', quoteToken: 'q1' }])
    expect(render(written, named({}))).toEqual([{ text: 'yes' }])
  })
})

describe('in a URI', () => {
  const said = (value: string) => named({ 'data.x': value })
  /** Without the value, which a person may have written: it is logged. */
  const refused = '[0].uri: must begin with https:// or http:// or line:// or tel:, and the value does not'

  it.each([
    ['https://a.example/?q={{data.x}}', 'a b&c=d#e/../火', 'https://a.example/?q=a%20b%26c%3Dd%23e%2F..%2F%E7%81%AB'],
    ['https://a.example/?q={{data.x | url_encode}}', 'a b', 'https://a.example/?q=a%20b'],
    ['https://a.example/{{data.x | upcase}}', '//evil.example', 'https://a.example/%2F%2FEVIL.EXAMPLE'],
    ["https://a.example/{{'?a=b&'}}c={{data.x}}", '&', 'https://a.example/?a=b&c=%26'],
    ['https://line.me/R/ti/p/{{data.x}}', '@shop', 'https://line.me/R/ti/p/%40shop'],
    ['tel:{{data.x}}', '+81 90', 'tel:+81%2090'],
    ['tel:{{data.x}}', '＋８１９０', 'tel:+8190'],
    ['https://a.example/{{data.x}}', '\ud800', 'https://a.example/%EF%BF%BD'],
    ['{{data.x}}', 'https://b.example/é?a=b', 'https://b.example/%C3%A9?a=b'],
    ['{{data.x}}/small', 'HTTPS://b.example', 'HTTPS://b.example/small'],
    ['{{data.x}}', 'tel:110', 'tel:110'],
    ['{{data.x}}', 'javascript:alert(1)', refused],
    ['{{data.x | default: "//"}}{{data.x}}', '', refused],
    ['{{data.x}}', ' https://b.example/', refused],
    ['{{data.x}}', 'b.example', refused],
  ])('%j with %j is %s', (written, value, expected) => {
    expect(rendered(written, said(value), 'uri')).toBe(expected)
  })

  it.each(['linkUri', 'desktop'])('that is opened, %s, is held to be one', (member) =>
    expect(rendered('{{data.x}}', said('http://a.example/'), member)).toBe('http://a.example/'),
  )

  it.each(['url', 'iconUrl', 'originalContentUrl', 'baseUrl', 'previewUrl'])(
    'that is loaded, %s, must be HTTPS',
    (member) => {
      expect(rendered('{{data.x}}', said('https://a.example/'), member)).toBe('https://a.example/')
      expect(rendered('{{data.x}}', said('http://a.example/'), member)).toContain('must begin with https://')
      expect(rendered('https://a.example/{{data.x}}', said('#'), member)).toBe('https://a.example/%23')
    },
  )

  const hostile = fc.constantFrom(
    '/',
    '\\',
    '?',
    '#',
    '@',
    ':',
    '.',
    '%',
    '%2F',
    '&',
    '=',
    '+',
    ' ',
    'evil.example',
    'javascript:',
    '火',
    '\ud800',
    '\n',
  )

  it('no value changes scheme or host, or gets out of where it stands', () => {
    fc.assert(
      fc.property(fc.string({ unit: hostile }), (value) => {
        const uri = new URL(rendered('https://a.example/p/{{data.x}}?q={{data.x}}&r=1#f', said(value), 'uri') ?? '')
        expect([uri.origin, uri.searchParams.get('q'), uri.searchParams.get('r'), uri.hash]).toEqual([
          'https://a.example',
          value.toWellFormed(),
          '1',
          '#f',
        ])
      }),
    )
  })
})

describe('in a textV2', () => {
  const textV2 = (text: string, value: string) => {
    const [message] = render([{ type: 'textV2', text, nested: { text } }], named({ 'user.displayName': value }))
    return message?.text
  }

  it.each([
    ['{user1}: {{user.displayName}}', '{user1}', '{user1}: {{user1}}'],
    ['{user1}{{user.displayName}}', '}', '{user1}}}'],
    ['{{user.displayName | default: "{x}"}}', '', '{{x}}'],
    ["{{'{'}}{user1}{{'}'}}", '', '{{{user1}}}'],
  ])('%j with %j is %j', (written, value, expected) => expect(textV2(written, value)).toBe(expected))

  it('braces are doubled nowhere else', () => {
    const written = [{ type: 'textV2', text: '-', quickReply: { type: 'action', text: '{{user.displayName}}' } }]
    expect(render(written, named({ 'user.displayName': '{}' }))).toEqual([
      { type: 'textV2', text: '-', quickReply: { type: 'action', text: '{}' } },
    ])
  })

  it('no value forges a mention', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('{', '}', 'a', '1', '{{', '}}', '{a}') }), (value) => {
        const read = readTextV2(textV2('x{a}{{user.displayName}}{b}{{user.displayName}}', value) ?? '')
        expect(read).toEqual({ shown: `x<a>${value}<b>${value}`, keys: ['a', 'b'] })
      }),
    )
  })

  /** As LINE reads it: from the left, a doubled brace is one, `{key}` a placeholder, and all else is refused. */
  function readTextV2(text: string) {
    const keys: string[] = []
    const shown = text.replace(/\{\{|\}\}|\{([0-9A-Za-z_]{1,20})\}|[{}]/g, (all, key?: string) => {
      if (key === undefined && all.length === 1) throw new Error(`a lone ${all} in ${text}`)
      if (key !== undefined) keys.push(key)
      return key === undefined ? all.charAt(0) : `<${key}>`
    })
    return { shown, keys }
  }
})

describe('whatever is written and said', () => {
  const piece = fc.constantFrom(
    '{{',
    '}}',
    '{',
    '}',
    '|',
    ':',
    ',',
    '"',
    "'",
    ' ',
    'user.id',
    'date',
    'default',
    'truncate',
    '%Y',
    '1',
    '-3',
    'x',
    '__proto__',
    'constructor',
    '\ud800',
    '火',
    '\n',
    'https://',
    'json',
    'url_encode',
    '$',
  )
  const anyText = fc.string({ unit: piece, maxLength: 30 })

  it('nothing is thrown, and no name but those that are needed is asked for', () => {
    fc.assert(
      fc.property(anyText, anyText, fc.constantFrom('text', 'uri', 'url', 'quoteToken'), (written, value, member) => {
        const messages = [
          { type: 'textV2', [member]: written },
          { type: 'text', text: written, emojis: [{ index: 5 }] },
        ]
        const asked = new Set<string>()
        render(messages, (name) => {
          asked.add(name)
          return value
        })
        expect([...asked].toSorted()).toEqual([...needs(messages)].toSorted())
      }),
    )
  })

  it('a value stands in a text as it is, and is not read again', () => {
    fc.assert(
      fc.property(anyText, (value) => {
        expect(rendered('a{{user.id}}b', named({ 'user.id': value }))).toBe(`a${value}b`)
      }),
    )
  })

  it('takes time linear in the text', () => {
    const long = ['{{', '{{{', '{{ "}}', '{{\'}}{{"', '{{x|default:"', '{{x|', '{{ ', '{{x|f:",","}}'].map((unit) =>
      unit.repeat(200_000 / unit.length),
    )
    const started = performance.now()
    for (const text of long) rendered(text)
    // Quadratic, each of them would take a minute.
    expect(performance.now() - started).toBeLessThan(5000)
  })
})

describe('needs', () => {
  it('names what is used, so that LINE is not asked in vain', () => {
    expect([...needs([{ text: 'no {{ "user.id" }}' }])]).toEqual([])
    expect([...needs([{ text: '{{user.id}}{{ user.displayName}}', a: ['{{user.id}}'] }])]).toEqual([
      'user.id',
      'user.displayName',
    ])
  })

  it('names what is used in a default', () =>
    expect([...needs('{{match.item | default: user.displayName}}')]).toEqual(['match.item', 'user.displayName']))
})

describe('leastOf', () => {
  it('counts a name as nothing', () =>
    expect(leastOf("a{{user.displayName}}{{'b'}}{{user.id | default: 'c'}}{{ oops")).toBe('abc{{ oops'))

  it('counts braces in a textV2 as LINE will get them', () => expect(leastOf("{{'{'}}", 'placeholders')).toBe('{{'))
})
