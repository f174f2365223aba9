import { expect, it } from 'vitest'
import { pick } from '../../functions/bot/pick.ts'

it('the same seed picks the same', () => {
  expect(pick('01HZX', 7)).toBe(pick('01HZX', 7))
})

it.each([2, 3, 10])('seeds that differ only at their end pick each of %i about as often', (count) => {
  const picked = Array.from({ length: 3000 }, (_, index) => pick(`01HZX${index}`, count))
  const times = Array.from({ length: count }, (_, choice) => picked.filter((one) => one === choice).length)
  for (const often of times) expect(often / (3000 / count)).toBeCloseTo(1, 0)
  expect(times.reduce((sum, often) => sum + often)).toBe(3000)
})
