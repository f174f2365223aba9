import { expect, it } from 'vitest'
import { crowd } from '../../functions/edge/crowd.ts'

it('works on so many at once, and on all', async () => {
  const done: number[] = []
  let [now, most] = [0, 0]
  await crowd([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    most = Math.max(most, ++now)
    await new Promise(setImmediate)
    now--
    done.push(item)
  })
  expect(most).toBe(3)
  expect(done.toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7])
})

it('works on all even when as many fail as are worked on at once, and fails with the first', async () => {
  const done: number[] = []
  const working = crowd([1, 2, 3, 4, 5, 6], 2, async (item) => {
    if (item <= 3) throw new Error(`${item} is broken`)
    done.push(item)
  })
  await expect(working).rejects.toThrow('1 is broken')
  expect(done).toEqual([4, 5, 6])
})
