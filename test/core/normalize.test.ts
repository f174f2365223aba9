import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalize } from '../../functions/core/normalize.ts'

describe('normalize', () => {
  it.each([
    ['upper and lower case', 'RATHALOS', 'rathalos'],
    ['full-width letters', 'Ｒａｔｈａｌｏｓ', 'rathalos'],
    ['half-width kana with a voice mark', 'ﾊﾞｾﾞﾙｷﾞｳｽ', 'バゼルギウス'],
    ['composed and decomposed kana', 'か\u3099', 'が'],
    ['full-width punctuation', '！１２３', '!123'],
    ['surrounding space of any kind', '\n\u3000火龍 \t', '火龍'],
    ['how much space is between', '火龍 \u3000\n弱點', '火龍 弱點'],
    ['the colour of an emoji', '❤\ufe0f', '❤'],
    ['what cannot be seen', '火\u200b龍\ufeff', '火龍'],
    ['the marks around what is copied from the contacts', '\u202d0912345678\u202c', '0912345678'],
    ['other marks that are not seen', 'a\u034fb\u061cc\u2063d\u202ee', 'abcde'],
    ['forms of one Han', '葛\u{e0100}城\ufe00', '葛城'],
    ['the apostrophes of phones', 'I don’t, what‘s, don\u02bct', "i don't, what's, don't"],
    ['the quotes of phones', '“hi”', '"hi"'],
    ['the two dashes between numbers', '3〜5～7', '3~5~7'],
    ['a tone before or behind the ring of SARA AM', 'น\u0e4d\u0e49า', 'น้ำ'.normalize('NFKC')],
    ['SARA AE and SARA E twice', 'เเพทย์', 'แพทย์'],
  ])('makes equal: %s', (_, written, expected) => expect(normalize(written)).toBe(expected))

  it('keeps apart what people tell apart', () => {
    expect(new Set(['火龍', '火竜', 'か', 'が', 'ア', 'あ', 'a b', 'ab', '👨‍👩‍👧', '👨👩👧'].map(normalize)).size).toBe(
      10,
    )
  })

  it('leaves alone what NFKC leaves alone', () => {
    const all = Array.from({ length: 0xffff }, (_, code) => String.fromCharCode(code))
    expect(all.filter((one) => normalize(one) === one && one.normalize('NFKC') !== one)).toEqual([])
  })

  it.each(['เเเ', 'เ\u200bเ', 'น\u0e4d\u0e49\u0e4d\u0e4aา', 'น\u0e47\u0e4d\u0e49', '’\u0301'])(
    'settles %j at once',
    (text) => expect(normalize(normalize(text))).toBe(normalize(text)),
  )

  it('changes nothing the second time', () => {
    const anyText = fc.array(fc.nat(0x10ffff)).map((codes) => String.fromCodePoint(...codes))
    fc.assert(fc.property(anyText, (text) => void expect(normalize(normalize(text))).toBe(normalize(text))))
  })
})
