import { describe, expect, it, vi } from 'vitest'
import { makeTurns } from '../../functions/edge/turns.ts'

/** Work that ends when told to. */
function held() {
  const runs: { key: string; end: (result: string) => void; fail: (error: Error) => void }[] = []
  const turns = makeTurns<string>((key) => new Promise((end, fail) => runs.push({ key, end, fail })))
  return { runs, turns }
}

describe('rings for one key', () => {
  it('that arrive during a run are answered together, by a run that began after them', async () => {
    const { runs, turns } = held()
    const first = turns.ring('a')
    const [second, third] = [turns.ring('a'), turns.ring('a')]
    expect(runs).toHaveLength(1)
    runs[0]?.end('one')
    expect(await first).toBe('one')
    await vi.waitFor(() => expect(runs).toHaveLength(2), 10_000)
    runs[1]?.end('two')
    expect(await Promise.all([second, third])).toEqual(['two', 'two'])
    expect(runs).toHaveLength(2)
  })

  it('run again after a run that failed', async () => {
    const { runs, turns } = held()
    const [first, second] = [turns.ring('a'), turns.ring('a')]
    runs[0]?.fail(new Error('broken'))
    await expect(first).rejects.toThrow('broken')
    await vi.waitFor(() => expect(runs).toHaveLength(2), 10_000)
    runs[1]?.end('mended')
    expect(await second).toBe('mended')
  })

  it('are forgotten when answered, so that the next one starts at once', async () => {
    const { runs, turns } = held()
    for (const n of [1, 2, 3]) {
      const ring = turns.ring('a')
      expect(runs).toHaveLength(n)
      runs[n - 1]?.end('done')
      await ring
    }
  })

  it('never run at the same time, however many there are', async () => {
    let [now, most] = [0, 0]
    const turns = makeTurns(async () => {
      most = Math.max(most, ++now)
      await new Promise(setImmediate)
      now--
    })
    await Promise.all(Array.from({ length: 50 }, () => turns.ring('a')))
    expect(most).toBe(1)
  })
})

it('joins a run that is under way where that is enough', async () => {
  const { runs, turns } = held()
  const [first, second] = [turns.ring('a'), turns.join('a')]
  runs[0]?.end('one')
  expect(await Promise.all([first, second])).toEqual(['one', 'one'])
  void turns.join('a')
  expect(runs).toHaveLength(2)
})

it('does not make one key wait for another', async () => {
  const { runs, turns } = held()
  void turns.ring('a')
  const other = turns.ring('b')
  runs[1]?.end('b')
  expect(await other).toBe('b')
})

describe('waiting for quiet', () => {
  const quietly = (quietMs: number, atMostMs: number) => {
    vi.useFakeTimers()
    const ends: number[] = []
    const turns = makeTurns(async (_key, turn) => {
      await turn.quiet(quietMs, atMostMs)
      ends.push(performance.now())
    })
    return { turns, ends, start: performance.now() }
  }

  it('ends when nobody has rung for a while', async () => {
    const { turns, ends, start } = quietly(1000, 5000)
    void turns.ring('a')
    await vi.advanceTimersByTimeAsync(800)
    void turns.ring('a')
    await vi.advanceTimersByTimeAsync(4000)
    expect(Math.round((ends[0] ?? 0) - start)).toBe(1800)
    vi.useRealTimers()
  })

  it('ends at the latest when it has taken long enough', async () => {
    const { turns, ends, start } = quietly(1000, 5000)
    for (let i = 0; i < 12; i++) {
      void turns.ring('a')
      await vi.advanceTimersByTimeAsync(500)
    }
    expect(Math.round((ends[0] ?? 0) - start)).toBe(5000)
    vi.useRealTimers()
  })
})
