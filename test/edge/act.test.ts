import { expect, it } from 'vitest'
import { ConfigMap } from '../../functions/core/kinds.ts'
import type { Step } from '../../functions/core/plan.ts'
import { act, rehearse } from '../../functions/edge/act.ts'
import { ApiError, type Cluster } from '../../functions/edge/cluster.ts'
import { makeLog } from '../../functions/edge/log.ts'

const serves = { ...ConfigMap, namespace: 'demo', name: 'x' }
const apply = (name: string): Step => ({
  do: 'apply',
  kind: ConfigMap,
  object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'demo', name } },
  manager: 'm',
  serves,
})

const status = (name: string, ...told: string[]): Step => {
  const notices = told.map((one) => ({ apiVersion: 'v1', kind: 'Event', metadata: { namespace: 'demo', name: one } }))
  return { ...apply(name), do: 'status', notices } as Step
}

function recorder(refused: string[] = []) {
  const calls: string[] = []
  const write = (verb: string, name: string) => {
    if (refused.includes(name)) throw new ApiError(409, 'Conflict', 'no')
    calls.push(`${verb} ${name}`)
  }
  const cluster: Cluster = {
    get: async () => undefined,
    list: async () => [],
    // The object that comes back is the one that went in.
    apply: async <T>(
      _kind: unknown,
      object: { metadata: { name: string } },
      _manager: string,
      subresource?: string,
    ) => {
      write(subresource ?? 'apply', object.metadata.name)
      return object as T
    },
    tryApply: async (_kind, object) => write('try', object.metadata.name),
    remove: async ({ name }, uid) => write(`remove ${uid}`, name),
  }
  return { cluster, calls }
}

const log = makeLog('Error', {}, () => {})

it('carries out every step, in order, whether somebody listens or not', async () => {
  const { cluster, calls } = recorder()
  const steps: Step[] = [apply('a'), status('b'), { do: 'remove', ref: { ...serves, name: 'c' }, uid: 'u', serves }]
  expect(await act(cluster, steps, log)).toEqual([])
  expect(calls).toEqual(['apply a', 'status b', 'remove u c'])
})

it('tells the listener what an apply came back with', async () => {
  const heard: string[] = []
  await act(recorder().cluster, [apply('a')], log, ({ metadata }) => heard.push(metadata.name))
  expect(heard).toEqual(['a'])
})

it('goes on after a step that is refused, except for the same object, and says which', async () => {
  const { cluster, calls } = recorder(['a'])
  const elsewhere = { ...serves, name: 'other' }
  const failures = await act(cluster, [apply('a'), apply('a-status'), { ...apply('b'), serves: elsewhere }], log)
  expect(calls).toEqual(['apply b'])
  expect(failures.map(({ error }) => error.message)).toEqual(['no'])
})

it('tells people of a status once it is written, and fails nothing when they cannot be told', async () => {
  const { cluster, calls } = recorder(['refused', 'gone'])
  expect(await act(cluster, [status('b', 'refused', 'told')], log)).toEqual([])
  expect(calls).toEqual(['status b', 'apply told'])
  expect(await act(cluster, [status('gone', 'untold')], log)).toHaveLength(1)
  expect(calls).not.toContain('apply untold')
})

it('a rehearsal tells which applies would be refused, and writes nothing', async () => {
  const { cluster, calls } = recorder(['b'])
  const failures = await rehearse(cluster, [apply('a'), apply('b'), status('c'), apply('d')])
  expect(failures).toMatchObject([{ step: apply('b'), error: { status: 409 } }])
  expect(calls).toEqual(['try a', 'try d'])
})
