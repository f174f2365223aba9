import { expect, it } from 'vitest'
import { setRecent } from '../../functions/core/recent.ts'

it('forgets what was set longest ago, and counts what is set again as new', () => {
  const map = new Map<string, number>()
  for (const [value, key] of ['a', 'b', 'a', 'c'].entries()) setRecent(map, key, value, 2)
  expect([...map]).toEqual([
    ['a', 2],
    ['c', 3],
  ])
})
