import { describe, expect, it } from 'vitest'
import { makeBudget } from '../../functions/bot/budget.ts'

/** A budget at LINE, whose count and month are the test's. */
function setUp(monthly: number, counted: number | Error, now = '2026-05-31T14:59:00Z') {
  const line = { counted, now, asked: 0 }
  const consumption = async () => {
    line.asked += 1
    if (line.counted instanceof Error) throw line.counted
    return line.counted
  }
  return { line, budget: makeBudget({ monthly, consumption, now: () => new Date(line.now) }) }
}

describe('a budget', () => {
  it('of nothing is never asked of LINE', async () => {
    const { line, budget } = setUp(0, 0)
    expect(await budget.reserve()).toBeUndefined()
    expect(line.asked).toBe(0)
  })

  it('lets through what LINE has not counted yet, and no more', async () => {
    const { budget } = setUp(10, 8)
    expect(await budget.reserve()).toBeDefined()
    expect(await budget.reserve()).toBeDefined()
    expect(await budget.reserve()).toBeUndefined()
  })

  it('is not overdrawn by many who ask at once', async () => {
    const { budget } = setUp(10, 7)
    const reserved = await Promise.all(Array.from({ length: 20 }, () => budget.reserve()))
    expect(reserved.filter((one) => one !== undefined)).toHaveLength(3)
  })

  it('remembers what it spent while LINE’s count lags', async () => {
    const { line, budget } = setUp(9, 8)
    ;(await budget.reserve())?.spend()
    expect(await budget.reserve()).toBeUndefined()
    line.counted = 9
    expect(await budget.reserve()).toBeUndefined()
  })

  it('has what was given back', async () => {
    const { budget } = setUp(9, 8)
    ;(await budget.reserve())?.giveBack()
    expect(await budget.reserve()).toBeDefined()
  })

  it('begins anew with LINE’s month, which is Japan’s', async () => {
    const { line, budget } = setUp(9, 9)
    expect(await budget.reserve()).toBeUndefined()
    line.counted = 0
    expect(await budget.reserve()).toBeUndefined()
    line.now = '2026-05-31T15:00:00Z'
    expect(await budget.reserve()).toBeDefined()
  })

  it('is nothing while LINE does not tell, and what it was afterwards', async () => {
    const { line, budget } = setUp(9, new Error('down'))
    expect(await budget.reserve()).toBeUndefined()
    line.counted = 8
    expect(await budget.reserve()).toBeDefined()
  })
})
