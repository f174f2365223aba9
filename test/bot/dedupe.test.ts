import { describe, expect, it } from 'vitest'
import type { Done } from '../../functions/bot/answer.ts'
import { makeOnce } from '../../functions/bot/dedupe.ts'

/** Work that is counted, and ends when it is told how. */
function workBench() {
  const endings: ((done: Done) => void)[] = []
  return { endings, work: () => new Promise<Done>((resolve) => void endings.push(resolve)) }
}

describe('the same webhookEventId', () => {
  it('while it is being worked on joins that work and ends as it ends', async () => {
    const { endings, work } = workBench()
    const once = makeOnce()
    const both = [once('a', work), once('a', work)]
    expect(endings).toHaveLength(1)
    endings[0]?.({ outcome: 'failed', again: true })
    expect(await Promise.all(both)).toEqual([
      { outcome: 'failed', again: true },
      { outcome: 'duplicate', again: true },
    ])
  })

  it.each<[string, Done, number]>([
    ['answered is not answered twice', { outcome: 'answered' }, 1],
    ['failed for good is not tried again', { outcome: 'failed', again: false }, 1],
    ['failed in a way that may mend is tried again', { outcome: 'failed', again: true }, 2],
  ])('once %s', async (_what, done, runs) => {
    let ran = 0
    const once = makeOnce()
    const work = async () => {
      ran += 1
      return done
    }
    await once('a', work)
    await once('a', work)
    expect(ran).toBe(runs)
  })
})

it('an Incoming without an ID is always worked on', async () => {
  const { endings, work } = workBench()
  const once = makeOnce()
  void once(undefined, work)
  void once(undefined, work)
  expect(endings).toHaveLength(2)
})

it('only the last IDs are remembered', async () => {
  const ran: string[] = []
  const once = makeOnce(2)
  for (const id of ['a', 'b', 'c', 'b', 'a']) {
    await once(id, async () => {
      ran.push(id)
      return { outcome: 'answered' }
    })
  }
  expect(ran).toEqual(['a', 'b', 'c', 'a'])
})
