import { describe, expect, it } from 'vitest'
import { Broker, ConfigMap, EventBinding } from '../../functions/core/kinds.ts'
import type { Kind, Obj, Ref } from '../../functions/core/object.ts'
import { ApiError, type Cluster } from '../../functions/edge/cluster.ts'
import { linearRegex } from '../../functions/edge/linear-regex.ts'
import { makeLog } from '../../functions/edge/log.ts'
import { eventController } from '../../functions/event-controller/controller.ts'
import { aBinding, anEvent } from '../objects.ts'

const turn = { quiet: async () => {} }

/** A small API server that refuses ConfigMaps while `refusal` is set, and a list of what was asked and written. */
function world(over: { objects?: Obj[]; refusal?: ApiError } = {}) {
  let objects: Obj[] = over.objects ?? [anEvent(), aBinding()]
  let { refusal } = over
  const calls: string[] = []
  const find = ({ kind, name }: Pick<Ref, 'kind' | 'name'>) =>
    objects.find((one) => one.kind === kind && one.metadata.name === name)
  const cluster: Cluster = {
    get: async <T>(ref: Ref) => {
      calls.push(`get ${ref.kind} ${ref.namespace}/${ref.name}`)
      // Rows of a test are what the API server would give back.
      return find(ref) as T | undefined
    },
    list: async <T>({ apiVersion, kind }: Kind) =>
      objects.filter((one) => one.apiVersion === apiVersion && one.kind === kind) as T[],
    apply: async <T>(_kind: unknown, object: Obj, _manager: string, subresource?: string) => {
      if (object.kind === ConfigMap.kind && refusal) throw refusal
      calls.push(`${subresource ?? 'apply'} ${object.kind}`)
      const live = find({ ...object, name: object.metadata.name })
      const merged = { ...live, ...object, metadata: { ...live?.metadata, uid: 'u', ...object.metadata } }
      objects = [...objects.filter((one) => one !== live), merged]
      return merged as T
    },
    tryApply: async (_kind, { kind }) => {
      if (kind === ConfigMap.kind && refusal) throw refusal
    },
    remove: async () => {},
  }
  const controller = eventController({
    cluster,
    linear: linearRegex,
    now: () => new Date('2026-11-21T08:00:00Z'),
    log: makeLog('Error'),
  })
  const statusOf = (kind: string, name: string) => {
    const found = find({ kind, name })
    return found && 'status' in found ? found.status : undefined
  }
  return {
    calls,
    run: () => controller.reconcile('demo', turn, false),
    allow: () => {
      refusal = undefined
    },
    put: (object: Obj) => {
      objects = [
        ...objects.filter(({ kind, metadata }) => kind !== object.kind || metadata.name !== object.metadata.name),
        object,
      ]
    },
    statusOf,
    found: async () => {
      const refs: string[] = []
      await controller.unsettled('hourly', async ({ kind, name }) => void refs.push(`${kind}/${name}`))
      return refs
    },
  }
}

describe('ConfigMaps that the API server refuses', () => {
  const tooMany = new ApiError(403, 'Forbidden', 'exceeded quota: rules')

  it('are told in the binding’s status, once, until they are written', async () => {
    const { run, calls, statusOf, allow } = world({ refusal: tooMany })
    expect(await run()).toMatchObject({ ended: 'again' })
    expect(statusOf(EventBinding.kind, 'hello')).toMatchObject({
      conditions: [
        {
          type: 'Ready',
          status: 'False',
          reason: 'RulesNotWritten',
          message: expect.stringContaining('exceeded quota'),
        },
      ],
    })
    calls.length = 0
    await run()
    expect(calls).toEqual([])
    allow()
    expect(await run()).toEqual({ ended: 'settled' })
    expect(statusOf(EventBinding.kind, 'hello')).toMatchObject({ conditions: [{ status: 'True', reason: 'Compiled' }] })
  })

  it('are found by a sweep once, and again when something else is so', async () => {
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'demo' } }
    const { run, found, allow } = world({ objects: [namespace, anEvent(), aBinding()], refusal: tooMany })
    expect(await found()).toContain('EventBinding/hello')
    await run()
    expect(await found()).toEqual([])
    allow()
    expect(await found()).toEqual(['EventBinding/hello'])
  })

  it('leave the rules in force in the status', async () => {
    const rules = { count: 3, hash: 'old', configMaps: ['old'] }
    const { run, statusOf } = world({
      objects: [anEvent(), aBinding('hello', { status: { events: 1, rules } })],
      refusal: tooMany,
    })
    await run()
    expect(statusOf(EventBinding.kind, 'hello')).toMatchObject({ events: 1, rules })
  })

  it.each([409, 429, 500, 503])('are only tried again after a %i, which passes', async (status) => {
    const { run, statusOf } = world({ refusal: new ApiError(status, 'Busy', 'later') })
    expect(await run()).toMatchObject({ ended: 'again', because: 'later' })
    expect(statusOf(EventBinding.kind, 'hello')).toBeUndefined()
  })
})

describe('a Broker', () => {
  const forward = {
    to: { ref: { apiVersion: Broker.apiVersion, kind: Broker.kind, name: 'orders' } },
    timeoutSeconds: 20,
  }
  const asking = anEvent('asks', { spec: { rules: [{ match: 'Exact', priority: 0, forward }] } })
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'demo' } }
  const broker: Obj & { status: object } = {
    apiVersion: Broker.apiVersion,
    kind: Broker.kind,
    metadata: { name: 'orders', namespace: 'demo' },
    status: { address: { url: 'http://ingress/demo/orders' } },
  }

  const addressless: typeof broker = { ...broker, status: {} }

  it('is asked for its URL only where an Event forwards to one', async () => {
    const [plain, forwarding] = [world(), world({ objects: [asking, aBinding(), broker] })]
    await plain.run()
    await forwarding.run()
    expect(plain.calls.filter((call) => call.startsWith('get'))).toEqual([])
    expect(new Set(forwarding.calls.filter((call) => call.startsWith('get')))).toEqual(
      new Set(['get Broker demo/orders']),
    )
    expect(forwarding.statusOf('Event', 'asks')).toMatchObject({ accepted: 1 })
  })

  it('that is missing, or has no address, costs that rule until it is there', async () => {
    const { run, statusOf, found, put } = world({ objects: [namespace, asking, aBinding()] })
    await run()
    expect(statusOf('Event', 'asks')).toMatchObject({
      accepted: 0,
      problems: [
        { path: 'spec.rules[0].forward.to.ref', message: expect.stringContaining('kubectl describe broker orders') },
      ],
    })
    put(addressless)
    expect(await found()).toEqual([])
    put(broker)
    expect(await found()).toEqual(['EventBinding/hello', 'Event/asks'])
  })
})
