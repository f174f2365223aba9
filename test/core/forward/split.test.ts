import { array, assert, constantFrom, property } from 'fast-check'
import { expect, it } from 'vitest'
import { split } from '../../../functions/core/forward/split.ts'

const family = '👩‍👩‍👧‍👦'

it.each<[string, string, string[]]>([
  ['nothing', '', []],
  ['a short text', 'a', ['a']],
  ['as much as fits', 'x'.repeat(5000), ['x'.repeat(5000)]],
  ['one more', 'x'.repeat(5001), ['x'.repeat(5000), 'x']],
  ['lines', `${'a'.repeat(3000)}\n${'b'.repeat(3000)}`, ['a'.repeat(3000), 'b'.repeat(3000)]],
  [
    'a line too early to be of use',
    `${'a'.repeat(100)}\n${'b'.repeat(5000)}`,
    [`${'a'.repeat(100)}\n${'b'.repeat(4899)}`, 'b'.repeat(101)],
  ],
  ['a grapheme across the limit', `${'x'.repeat(4995)}${family}y`, ['x'.repeat(4995), `${family}y`]],
])('%s', (_what, text, parts) => {
  expect(split(text)).toEqual(parts)
})

it('loses nothing but spaces, and never cuts a character', () => {
  const anyText = array(constantFrom('a', '火', ' ', '\n', family, 'é', '🔥'), {
    minLength: 4000,
    maxLength: 9000,
  })
  assert(
    property(anyText, (letters) => {
      const text = letters.join('')
      const parts = split(text)
      expect(parts.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''))
      expect(parts.every((part) => part.length <= 5000 && part.length > 0 && part.isWellFormed())).toBe(true)
    }),
    { numRuns: 5 },
  )
})

it('cuts even a grapheme without end', () => {
  const parts = split(`e${'\u0301'.repeat(20_000)}`)
  expect(parts.every((part) => part.length <= 5000)).toBe(true)
  expect(parts.join('')).toHaveLength(20_001)
})
