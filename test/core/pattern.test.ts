import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldPattern, RegexRefused, requiredText } from '../../functions/core/pattern.ts'

describe('foldPattern', () => {
  it.each([
    ['Rathalos|ＲＡＴＨＩＡＮ', 'rathalos|rathian'],
    ['[Ａ-Ｚ]+', '[a-z]+'],
    [String.raw`\x41\u0042`, 'ab'],
    [String.raw`\W\D\S\B`, String.raw`\W\D\S\B`],
    ['ﾊﾞｾﾞﾙ', 'バゼル'],
    ['（火）', String.raw`\(火\)`],
    ['a\u3000b', 'a b'],
    ['^(?<Weapon>.{1,3})$', '^(?<Weapon>.{1,3})$'],
    ['(?:A)', '(?:a)'],
    ['[(?<A]B>', '[(?<a]b>'],
    ['😀+', '(?:😀)+'],
    [String.raw`\.\?\/`, String.raw`\.\?\/`],
    ['[－]', String.raw`[\-]`],
    [String.raw`a\nb\tc`, 'a b c'],
    [String.raw`[\n,]\n?`, '[ ,] ?'],
    [String.raw`[^\n]+[\r]`, String.raw`[^\n]+[ ]`],
    [String.raw`[^[\n]+`, String.raw`[^[\n]+`],
    [String.raw`a\r\nb`, 'a (?: ?)b'],
    [String.raw`a\r?\nb`, 'a ? b'],
    [String.raw`\s\s+x\s*\n`, String.raw`\s(?:\s?)+x\s* `],
    [String.raw`a\n+ b`, 'a +(?: ?)b'],
    [String.raw`a\ \u000ab`, String.raw`a\ (?: ?)b`],
  ])('folds the literals of %s and keeps its syntax', (pattern, folded) => expect(foldPattern(pattern)).toBe(folded))

  it.each([
    [String.raw`\p{Han}`, 'name the characters'],
    [String.raw`[\P{L}]`, 'name the characters'],
    [String.raw`\u{61}`, 'needs its digits'],
    [String.raw`\x4`, 'needs its digits'],
    [String.raw`(a)\1`, 'repeat the part'],
    [String.raw`(?<a>x)\k<a>`, 'repeat the part'],
    ['(?=a)', 'two rules'],
    ['(?!a)', 'two rules'],
    ['(?<=a)b', 'two rules'],
    ['(?<!a)b', 'two rules'],
    ['(?i:a)', 'case is always ignored'],
    ['(?i)a', '(?i): leave it out, case is always ignored'],
    ['(?s)a', '(?s): a pattern has no flags, leave it out'],
    [String.raw`\Aa\z`, '^ is the beginning'],
    [String.raw`\y`, 'leave the backslash out'],
    ['[😀😁]', '(?:😀|😁)'],
    ['[㌀]', '(?:アパート|…)'],
    ['a'.repeat(301), 'longer than 300'],
  ])('refuses %s with a hint', (pattern, hint) => {
    expect(() => foldPattern(pattern)).toThrow(RegexRefused)
    expect(() => foldPattern(pattern)).toThrow(hint)
  })
})

describe('requiredText', () => {
  it.each([
    ['火龍', '火龍'],
    ['^火龍$', '火龍'],
    ['hp [0-9]+ left', ' left'],
    ['火龍?', '火'],
    ['火龍*弱點', '弱點'],
    ['ab{0}', 'a'],
    ['火龍+', '火龍'],
    ['(?:a|b)cd', 'cd'],
    ['(?<x>abc)?d', 'd'],
    ['a|bc', ''],
    ['[|(]a', 'a'],
    ['[^]]', ''],
    [String.raw`abc\.d`, 'abc'],
    [String.raw`\d+`, ''],
    ['(?:😀)?', ''],
    ['', ''],
  ])('of %s is %j', (pattern, required) => expect(requiredText(pattern)).toBe(required))

  it('is in every text that matches', () => {
    const part = fc.constantFrom(...'ab火|()[]?*+{}^$.-\\', '(?:', '(?<n>', '{0}', '{0,1}', String.raw`\b`)
    const text = fc.string({ unit: fc.constantFrom(...'ab火]}-{'), maxLength: 6 })
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), text, (parts, said) => {
        const pattern = parts.join('')
        fc.pre(isPattern(pattern))
        expect(said.includes(requiredText(pattern)) || !new RegExp(pattern).test(said)).toBe(true)
      }),
      { numRuns: 3000, maxSkipsPerRun: 1000 },
    )
  })
})

function isPattern(pattern: string): boolean {
  try {
    return new RegExp(pattern) instanceof RegExp
  } catch {
    return false
  }
}
