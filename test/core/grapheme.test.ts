import { expect, it } from 'vitest'
import { countGraphemes, graphemes } from '../../functions/core/grapheme.ts'

it.each([
  ['', 0],
  ['Rathalos', 8],
  ['火龍が飛ぶ', 5],
  ['한글', 2],
  ['か\u3099', 1],
  ['👨‍👩‍👧‍👦x', 2],
  ['🇹🇼🇯🇵', 2],
  ['e\u0301', 1],
  ['\r\n', 1],
])('counts %j as %i', (text, count) => {
  expect(countGraphemes(text)).toBe(count)
  expect(graphemes(text)).toHaveLength(count)
  expect(graphemes(text).join('')).toBe(text)
})
