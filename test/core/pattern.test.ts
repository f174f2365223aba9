import { describe, expect, it } from 'vitest'
import { foldPattern, RegexRefused } from '../../functions/core/pattern.ts'

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
    ['😀+', '(?:😀)+'],
    [String.raw`\.\?\/`, String.raw`\.\?\/`],
    ['[－]', String.raw`[\-]`],
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
