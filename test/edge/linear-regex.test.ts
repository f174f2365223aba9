import { describe, expect, it } from 'vitest'
import { normalize } from '../../functions/core/normalize.ts'
import { RegexRefused } from '../../functions/core/pattern.ts'
import { linearRegex } from '../../functions/edge/linear-regex.ts'

describe('linearRegex', () => {
  it.each([
    ['^go (.+)$', 'GO　Home', ['go home', 'home']],
    ['^(?<monster>火龍|雄火龍)弱點$', '雄火龍弱點', ['雄火龍弱點', '雄火龍']],
    ['Ｒａｔｈ(alos|ian)', 'the RATHIAN!', ['rathian', 'ian']],
    ['^😀{2}$', '😀😀', ['😀😀']],
    ['[ぁ-ん]+', '火をふく', ['をふく']],
    ['（笑）$', 'あはは(笑)', ['(笑)']],
  ])('%s finds in %j what it should', (pattern, text, found) => {
    expect([...(linearRegex(pattern).exec(normalize(text)) ?? [])]).toEqual(found)
  })

  it('starts anew at every message', () => {
    const pattern = linearRegex('a')
    expect([pattern.test('a'), pattern.test('a'), pattern.exec('xa')?.index]).toEqual([true, true, 1])
  })

  // Seconds to minutes with a backtracking engine, on 30 letters.
  it.each(['^(a+)+$', '^(a|a)*$', '^(a*)*$', String.raw`^(\w+\s?)*$`, '(.*a){12}$', '^(([a-z])+.)+[A-Z]([a-z])+$'])(
    'runs %s on an engine that cannot backtrack',
    (evil) => {
      const pattern = linearRegex(evil)
      expect(pattern).toHaveProperty('flags', 'l')
      expect(pattern.test(`${'a'.repeat(5000)}!`)).toBe(false)
    },
  )

  it.each([
    ['^(a{1,30}){1,30}$', 'up to 16'],
    ['a{17}', 'up to 16'],
    ['(a{4}){5}', 'up to 16'],
    ['(', 'not a regular expression: Unterminated group'],
    ['[z-a]', 'not a regular expression: Range out of order'],
    ['a**', 'not a regular expression: Nothing to repeat'],
    [String.raw`(a)\1`, 'back-reference'],
  ])('refuses %s and says what to write instead', (pattern, hint) => {
    expect(() => linearRegex(pattern)).toThrow(RegexRefused)
    expect(() => linearRegex(pattern)).toThrow(hint)
  })
})
