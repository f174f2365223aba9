import { describe, expect, it } from 'vitest'
import { Broker, CoreService, Event, KnativeService } from '../../functions/core/kinds.ts'
import { type Obj, refTo } from '../../functions/core/object.ts'
import { brokerRef, event, hello, namespace, type Written } from './objects.ts'
import { type Flow, startFlow } from './world.ts'

/** Whom a rule forwards to and the rule itself are applied in one go, in whatever order the files have. */

const asks = (ref: object) => event('asks', { rules: [{ keywords: ['ask'], forward: { to: { ref } } }] })
const toBroker = asks(brokerRef('orders'))
const brokerIs = (status?: object): Written => {
  const metadata = { name: 'orders', namespace }
  const object = { apiVersion: Broker.apiVersion, kind: Broker.kind, metadata, ...(status && { status }) }
  return { kind: Broker, object: object as Obj }
}

/** Knative's part: a Broker gets its address a while after it is there. */
const addressed = async ({ cluster }: Flow) => {
  const { kind, object } = brokerIs({ address: { url: 'http://ingress.test/demo/orders' } })
  await cluster.apply(kind, object, 'knative', 'status')
}

const acceptedOf = ({ objects }: Flow) => {
  const found = objects.get(refTo(Event, toBroker.object)) as (Obj & { status?: { accepted?: number } }) | undefined
  return found?.status?.accepted
}

describe('a Broker that an Event forwards to', () => {
  it.each<[string, (flow: Flow, settle: () => Promise<void>) => Promise<void>]>([
    [
      'after the Event',
      async (flow, settle) => {
        await flow.apply(toBroker)
        await settle()
        expect(acceptedOf(flow)).toBe(0)
        await flow.apply(brokerIs())
        await settle()
        await addressed(flow)
      },
    ],
    [
      'before the Event',
      async (flow, settle) => {
        await flow.apply(brokerIs())
        await addressed(flow)
        await settle()
        await flow.apply(toBroker)
      },
    ],
    [
      'at the same time',
      async (flow) => {
        await flow.apply(toBroker, brokerIs())
        await addressed(flow)
      },
    ],
  ])('may come %s: the rule is in force, and no sweep finds anything', async (_order, deed) => {
    const flow = await startFlow()
    const controllers = flow.controllers()
    await flow.apply(...hello())
    await deed(flow, () => flow.settle(controllers))
    await flow.settle(controllers)
    expect(acceptedOf(flow)).toBe(1)
    expect(await flow.sweep(controllers)).toEqual([])
    await flow.close()
  })

  it('takes the rule with it when it goes, and brings it back', async () => {
    const flow = await startFlow()
    const controllers = flow.controllers()
    await flow.apply(...hello(), toBroker, brokerIs())
    await addressed(flow)
    await flow.settle(controllers)
    await flow.remove(brokerIs())
    await flow.settle(controllers)
    expect(acceptedOf(flow)).toBe(0)
    await flow.apply(brokerIs())
    await addressed(flow)
    await flow.settle(controllers)
    expect(acceptedOf(flow)).toBe(1)
    await flow.close()
  })
})

it.each([KnativeService, CoreService])(
  'a $apiVersion Service may come after the Event: its name says its URL',
  async ({ apiVersion, kind }) => {
    const flow = await startFlow()
    const controllers = flow.controllers()
    await flow.apply(...hello(), asks({ apiVersion, kind, name: 'orders' }))
    await flow.settle(controllers)
    expect(acceptedOf(flow)).toBe(1)
    await flow.close()
  },
)
