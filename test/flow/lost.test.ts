import { array, assert, asyncProperty, boolean, constantFrom, record } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Bot, Notice } from '../../functions/core/kinds.ts'
import { event, hello, namespace, text } from './objects.ts'
import { type Scenario, scenarios } from './scenarios.ts'
import { type Call, type Controllers, type Flow, startFlow } from './world.ts'

async function begun({ begin }: Pick<Scenario, 'begin'>): Promise<Flow> {
  const flow = await startFlow()
  await flow.apply(...begin)
  await flow.settle(flow.controllers())
  return flow
}

/** The object of ours that a write is for, as a sweep would name it. */
const servedBy = ({ by, kind, name = '' }: Call): string => {
  if (kind?.kind === 'ConfigMap') return `${by}: EventBinding/${name.replace(/-rules-.*/, '')}`
  return `${by}: ${kind?.kind === 'Service' ? 'Bot' : kind?.kind}/${name}`
}

/** Runs every key once, and tells for which objects that wrote something: those were unsettled. */
async function runEach(flow: Flow): Promise<string[]> {
  const served = new Set<string>()
  const controllers = flow.controllers((call, go) => {
    if (call.writes && call.kind && call.kind !== Notice) served.add(servedBy(call))
    return go()
  })
  // Bots first: what is written for one of them changes nothing for the rules.
  for (const { metadata } of flow.objects.list(Bot, namespace)) {
    await controllers['bot-controller'].reconcile(`${namespace}/${metadata.name}`, { quiet: async () => {} }, false)
  }
  await controllers['event-controller'].reconcile(namespace, { quiet: async () => {} }, false)
  return [...served].toSorted()
}

const foundAgain = async (flow: Flow, controllers: Controllers) => [
  ...(await flow.sweep(controllers, 'restart')),
  ...(await flow.sweep(controllers, 'hourly')),
]

describe('what nobody told of is found by the next sweep,', () => {
  const expected: Readonly<Record<string, readonly string[]>> = {
    'a Bot comes with all that it needs': [
      'bot-controller: Bot/hello',
      'event-controller: Event/rathalos',
      'event-controller: Event/rathian',
      'event-controller: EventBinding/hello',
    ],
    'an Event changes': ['event-controller: Event/rathalos', 'event-controller: EventBinding/hello'],
    'an Event goes, and another leaves by its label': [
      'event-controller: Event/tigrex',
      'event-controller: EventBinding/hello',
    ],
    'the channel secret is changed, with the one before beside it': ['bot-controller: Bot/hello'],
    'the EventBinding goes': [
      'bot-controller: Bot/hello',
      'event-controller: Event/rathalos',
      'event-controller: Event/rathian',
    ],
    'the Bot goes': ['event-controller: EventBinding/hello'],
  }

  it.each(scenarios)('and leads to the same: $name', async (scenario) => {
    const told = await begun(scenario)
    await scenario.deed(told)
    await told.settle(told.controllers())
    const lost = await begun(scenario)
    const heard = lost.lose(() => true)
    await scenario.deed(lost)
    await lost.settle(lost.controllers())
    heard()

    const controllers = lost.controllers()
    const found = await lost.sweep(controllers)
    expect(found).toEqual(expected[scenario.name] ?? found)
    expect(found).not.toEqual([])
    expect(found, 'the sweep counts what is unsettled, no more and no less').toEqual(await runEach(lost))
    await lost.settle(controllers)
    expect(lost.state(false)).toEqual(told.state(false))
    expect(lost.births(false)).toEqual(told.births(false))
    expect(await foundAgain(lost, controllers)).toEqual([])
    await told.close()
    await lost.close()
  })

  it('whichever of the changes on the way were lost', { timeout: 30_000 }, async () => {
    const deeds = scenarios.filter(({ begin }) => JSON.stringify(begin) === JSON.stringify(hello()))
    expect(deeds.length).toBeGreaterThan(5)
    const losses = record({
      scenario: constantFrom(...deeds),
      lost: array(boolean(), { minLength: 8, maxLength: 16 }),
    })
    const sames = new Map<string, Record<string, unknown>>()
    await assert(
      asyncProperty(losses, async ({ scenario, lost }) => {
        const flow = await begun(scenario)
        let nth = 0
        const heard = flow.lose(() => lost[nth++] ?? false)
        await scenario.deed(flow)
        await flow.settle(flow.controllers())
        heard()
        const controllers = flow.controllers()
        const found = await flow.sweep(controllers)
        expect(found).toEqual(await runEach(flow))
        await flow.settle(controllers)
        if (!sames.has(scenario.name)) sames.set(scenario.name, await toldOf(scenario))
        expect(flow.state(false)).toEqual(sames.get(scenario.name))
        await flow.close()
      }),
      { numRuns: 6 },
    )
  })

  const toldOf = async (scenario: Scenario) => {
    const flow = await begun(scenario)
    await scenario.deed(flow)
    await flow.settle(flow.controllers())
    const state = flow.state(false)
    await flow.close()
    return state
  }
})

it('what changes after the silence is told, and what was missed in it waits for the sweep', async () => {
  const flow = await begun({ begin: hello() })
  const heard = flow.lose(() => true)
  await flow.apply(event('rathalos', { rules: [{ keywords: ['missed'], reply: [text('missed')] }] }))
  heard()
  const controllers = flow.controllers()
  await flow.settle(controllers)
  expect(JSON.stringify(flow.state())).not.toContain('\\"missed\\"')
  // Rules are compiled of all Events of a namespace, so that the next ring brings both.
  await flow.apply(event('tigrex'))
  await flow.settle(controllers)
  expect(JSON.stringify(flow.state())).toContain('\\"missed\\"')
  expect(await flow.sweep(controllers)).toEqual([])
  await flow.close()
})
