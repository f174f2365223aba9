import { randomUUID } from 'node:crypto'
import { array, assert, asyncProperty, constantFrom, integer, nat, record } from 'fast-check'
import { expect, it } from 'vitest'
import type { Controller } from '../../functions/edge/controller.ts'
import { controllerApp } from '../../functions/edge/controller.ts'
import { makeLog } from '../../functions/edge/log.ts'
import { type Scenario, scenarios } from './scenarios.ts'
import { type Flow, type Name, names, type Rung, startFlow } from './world.ts'

type App = ReturnType<typeof controllerApp>

/** A function as it is deployed, but for the wait of a second before other rules are put in force. */
function appOf(controller: Controller): App {
  const calm = { quiet: async () => {} }
  const now: Controller = { ...controller, reconcile: (key, _turn, fresh) => controller.reconcile(key, calm, fresh) }
  const count = { reconcile: () => {}, found: () => {}, swept: () => {} }
  const log = makeLog('Error', {}, () => {})
  return controllerApp(now, { log, ring: async () => {}, count, worked: () => {} })
}

async function deliver(app: App, { change, found }: Rung): Promise<number> {
  const { apiVersion, kind, namespace, name } = change
  const headers = {
    'ce-specversion': '1.0',
    'ce-id': randomUUID(),
    'ce-source': '/test',
    'ce-type': found ? 'dev.linebot.sweep.found' : 'dev.knative.apiserver.ref.update',
    'ce-apiversion': apiVersion,
    'ce-kind': kind,
    'ce-namespace': namespace,
    'ce-name': name,
  }
  return (await app.request('/', { method: 'POST', headers })).status
}

interface Chance {
  /** How often each event is delivered, in turn. */
  readonly copies: readonly number[]
  /** By which the deliveries are sorted, in turn. */
  readonly order: readonly number[]
}

const chances = record({
  copies: array(integer({ min: 1, max: 5 }), { minLength: 5, maxLength: 20 }),
  order: array(nat(1000), { minLength: 20, maxLength: 50 }),
})

/** Two processes of each function, so that the same key runs in both at once; and Knative works meanwhile. */
async function settleAnyhow(flow: Flow, { copies, order }: Chance): Promise<void> {
  const processes = [flow.controllers(), flow.controllers()].map((one) => ({
    'event-controller': appOf(one['event-controller']),
    'bot-controller': appOf(one['bot-controller']),
  }))
  let nth = 0
  const next = (from: readonly number[]) => from[nth++ % from.length] ?? 1
  for (let round = 0; round < 60; round++) {
    const rung = flow.rings.splice(0)
    if (rung.length === 0 && !(await flow.serve())) return
    const deliveries = rung
      .flatMap((one) => names.filter((name) => flow.hears(name, one)).map((name) => ({ name, one })))
      .flatMap((one) => Array.from({ length: next(copies) }, (_, i) => ({ ...one, process: i % 2 })))
      .map((one) => ({ ...one, rank: next(order) }))
      .toSorted((a, b) => a.rank - b.rank)
    const send = async ({ name, one, process }: { name: Name; one: Rung; process: number }) => {
      const app = processes[process]?.[name]
      const status = app ? await deliver(app, one) : 0
      if (status === 503) flow.rings.push(one)
      else if (status !== 204) throw new Error(`${name} answers ${status}`)
    }
    await Promise.all([...deliveries.map(send), flow.serve()])
    flow.later()
  }
  throw new Error('it does not settle')
}

async function settledAnyhow(scenario: Scenario, settle: (flow: Flow) => Promise<void>) {
  const flow = await startFlow()
  await flow.apply(...scenario.begin)
  await flow.settle(flow.controllers())
  await scenario.deed(flow)
  await settle(flow)
  const state = flow.state(false)
  const found = await flow.sweep(flow.controllers())
  await flow.close()
  return { state, found }
}

it('events that come up to five times, in any order and at once, to two processes, lead to the same', {
  timeout: 60_000,
}, async () => {
  const once = new Map<string, Promise<unknown>>()
  await assert(
    asyncProperty(constantFrom(...scenarios), chances, async (scenario, chance) => {
      const told = once.get(scenario.name) ?? settledAnyhow(scenario, (flow) => flow.settle(flow.controllers()))
      once.set(scenario.name, told)
      expect(await settledAnyhow(scenario, (flow) => settleAnyhow(flow, chance))).toEqual(await told)
    }),
    { numRuns: 6, endOnFailure: true },
  )
})
