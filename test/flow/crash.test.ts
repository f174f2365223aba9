import { describe, expect, it } from 'vitest'
import { Notice } from '../../functions/core/kinds.ts'
import { type Scenario, scenarios } from './scenarios.ts'
import { type Around, type Controllers, type Flow, startFlow } from './world.ts'

/** A process that is gone after its n-th write: nothing comes back from then on, not even that write’s answer. */
function mortal(n: number): { around: Around; died: Promise<'died'>; writes: string[] } {
  const death = Promise.withResolvers<'died'>()
  const never = new Promise<never>(() => {})
  const writes: string[] = []
  const around: Around = async (call, go) => {
    if (writes.length >= n) return never
    // A status comes before its Notices, and nothing comes of them.
    if (!call.writes || call.kind === Notice) return go()
    const done = await go()
    writes.push(call.what)
    if (writes.length < n) return done
    death.resolve('died')
    return never
  }
  return { around, died: death.promise, writes }
}

async function begun({ begin }: Scenario): Promise<Flow> {
  const flow = await startFlow()
  await flow.apply(...begin)
  await flow.settle(flow.controllers())
  return flow
}

/** Where the world has come to: what is there, and what was made and unmade on the way. */
const ended = (flow: Flow) => ({ state: flow.state(), births: flow.births() })

async function undisturbed(scenario: Scenario) {
  const flow = await begun(scenario)
  const { around, writes } = mortal(Number.POSITIVE_INFINITY)
  await scenario.deed(flow)
  await flow.settle(flow.controllers(around))
  const end = ended(flow)
  await flow.close()
  return { end, writes }
}

/** Dies after the n-th write with all rings in its hands, and what comes after it knows only what a sweep tells. */
async function stoppedAfter(n: number, scenario: Scenario) {
  const flow = await begun(scenario)
  const { around, died } = mortal(n)
  await scenario.deed(flow)
  const how = await Promise.race([died, flow.settle(flow.controllers(around))])
  flow.rings.length = 0
  const reborn: Controllers = flow.controllers()
  await flow.sweep(reborn)
  await flow.settle(reborn)
  const end = ended(flow)
  await flow.close()
  return { how, end }
}

describe('stopped after any single write and started again from nothing, it ends as if nothing had happened:', () => {
  it.each(scenarios)('$name', { timeout: 30_000 }, async (scenario) => {
    const { end, writes } = await undisturbed(scenario)
    for (const [i, write] of writes.entries()) {
      const { how, end: stopped } = await stoppedAfter(i + 1, scenario)
      expect(how).toBe('died')
      expect(stopped, `stopped after write ${i + 1} of ${writes.length}: ${write}`).toEqual(end)
    }
    expect(writes.length).toBeGreaterThan(0)
  })
})
