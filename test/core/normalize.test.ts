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

  it('changes nothing the second time', () => {
    const anyText = fc.array(fc.nat(0x10ffff)).map((codes) => String.fromCodePoint(...codes))
    fc.assert(fc.property(anyText, (text) => void expect(normalize(normalize(text))).toBe(normalize(text))))
  })
})
