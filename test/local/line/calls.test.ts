import { expect, it } from 'vitest'
import { makeMemory } from '../../../functions/local/line/calls.ts'

it('remembers the last ones, in order', () => {
  const memory = makeMemory<number>(3)
  for (const item of [1, 2, 3, 4, 5, 6, 7]) memory.add(item)
  expect(memory.list()).toEqual([5, 6, 7])
  memory.clear()
  expect(memory.list()).toEqual([])
})
