import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Bot, Event, EventBinding, Secret } from '../../functions/core/kinds.ts'
import type { Kind } from '../../functions/core/object.ts'
import { event, hello, namespace } from './objects.ts'
import { type Call, type Controllers, type Flow, startFlow } from './world.ts'

/** A settled world, and every call that a controller makes in it. */
let flow: Flow
let calls: Call[]
let controllers: Controllers
beforeAll(async () => {
  flow = await startFlow()
  await flow.apply(...hello(), ...['tigrex', 'lagiacrus', 'nargacuga'].map((name) => event(name)))
  await flow.settle(flow.controllers())
  controllers = flow.controllers((call, go) => {
    calls.push(call)
    return go()
  })
})
afterAll(() => flow.close())

const callsOf = async (work: () => Promise<unknown>): Promise<string[]> => {
  calls = []
  await work()
  return calls.map(({ what }) => what).toSorted()
}
const calm = { quiet: async () => {} }
const forRules = ['list Bot', 'list ConfigMap', 'list Event', 'list EventBinding', 'list Revision']
const forBot = [
  'get Bot hello',
  'get Namespace demo',
  'get Secret hello',
  'get Service front-door',
  'get Service hello',
  'get Service hello',
  'list ConfigMap',
  'list EventBinding',
]

describe('in a settled world nothing is written,', () => {
  it('and a run for the rules is five reads, however many Events there are', async () => {
    const run = () => controllers['event-controller'].reconcile(namespace, calm, false)
    expect(await callsOf(run)).toEqual(forRules)
  })

  it('and a run for a Bot is eight reads, and LINE is not asked', async () => {
    const run = () => controllers['bot-controller'].reconcile('demo/hello', calm, false)
    expect(await callsOf(run)).toEqual(forBot)
  })

  it('also when LINE is asked anew', async () => {
    calls = []
    await controllers['bot-controller'].reconcile('demo/hello', calm, true)
    expect(calls.filter(({ verb }) => verb === 'line').map(({ what }) => what)).toEqual([
      'botInfo',
      'getWebhookEndpoint',
      'testWebhookEndpoint',
    ])
    expect(calls.filter(({ writes }) => writes)).toEqual([])
  })

  it.each<[Kind, string, string[]]>([
    [Bot, 'hello', []],
    [EventBinding, 'hello', ['list Bot']],
    [Event, 'rathalos', ['list Bot']],
    [Secret, 'hello', ['list Bot']],
  ])('and to know whom a change of %o concerns takes one read at most', async ({ apiVersion, kind }, name, reads) => {
    const change = { apiVersion, kind, namespace, name }
    expect(await callsOf(() => controllers['event-controller'].keysOf(change))).toEqual([])
    expect(await callsOf(() => controllers['bot-controller'].keysOf(change))).toEqual(reads)
  })

  it.each(['restart', 'hourly'] as const)('and a %s sweep reads each thing once and finds nothing', async (why) => {
    calls = []
    expect(await flow.sweep(controllers, why)).toEqual([])
    const reads = calls.filter(({ verb }) => verb !== 'line').map(({ what }) => what)
    expect(reads.toSorted()).toEqual([...forRules, ...forBot, 'list Bot', 'list Namespace'].toSorted())
    expect(calls.filter(({ writes }) => writes)).toEqual([])
  })
})

it('writing the same once more rings nobody', async () => {
  await flow.apply(...hello())
  expect(flow.rings).toEqual([])
})
