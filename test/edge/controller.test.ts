import { describe, expect, it, vi } from 'vitest'
import type { Change } from '../../functions/core/change.ts'
import { Bot } from '../../functions/core/kinds.ts'
import type { Ref } from '../../functions/core/object.ts'
import type { Outcome } from '../../functions/core/plan.ts'
import { type Controller, controllerApp } from '../../functions/edge/controller.ts'
import { makeLog } from '../../functions/edge/log.ts'

const event = (over: Record<string, string> = {}) => ({
  method: 'POST',
  headers: {
    'ce-specversion': '1.0',
    'ce-id': '1',
    'ce-source': '/x',
    'ce-type': 'dev.knative.apiserver.ref.update',
    'ce-apiversion': 'linebot.dev/v1alpha1',
    'ce-kind': 'Bot',
    'ce-namespace': 'demo',
    'ce-name': 'hello',
    ...over,
  },
})
const ping = event({ 'ce-type': 'dev.knative.sources.ping' })

function world(over: Partial<Controller> = {}, ring: (change: Change) => Promise<void> = async () => {}) {
  const runs: { key: string; fresh: boolean }[] = []
  const counted: string[] = []
  const controller: Controller = {
    keysOf: async ({ namespace, name }) => [`${namespace}/${name}`],
    reconcile: async (key, _turn, fresh) => {
      runs.push({ key, fresh })
      return { ended: 'settled' }
    },
    sweeps: ({ kind }) => kind === 'Bot',
    unsettled: async () => {},
    ...over,
  }
  const app = controllerApp(controller, {
    log: makeLog('Error', {}, () => {}),
    ring,
    count: {
      reconcile: (ended, ms) => void counted.push(`reconcile ${ended} ${ms >= 0}`),
      found: (sweep) => void counted.push(`found ${sweep}`),
      swept: (sweep) => void counted.push(`swept ${sweep}`),
    },
    worked: () => void counted.push('worked'),
  })
  return { app, runs, counted }
}

const fails = async (): Promise<never> => {
  throw new Error('the API server is away')
}

describe('a controller', () => {
  it.each<[string, () => Promise<Outcome>, number]>([
    ['settled', async () => ({ ended: 'settled' }), 204],
    ['refused, which its status says', async () => ({ ended: 'refused', because: 'x' }), 204],
    ['to be rung again', async () => ({ ended: 'again', because: 'x' }), 503],
    ['broken', fails, 503],
  ])('that is %s answers without a body, in a code that every sender understands', async (_what, reconcile, status) => {
    const answer = await world({ reconcile }).app.request('/', event())
    expect(answer.status).toBe(status)
    expect(await answer.text()).toBe('')
  })

  it.each<[string, object, number]>([
    ['a minute ago', { 'ce-time': new Date(Date.now() - 60_000).toISOString() }, 503],
    ['eleven minutes ago', { 'ce-time': new Date(Date.now() - 660_000).toISOString() }, 204],
    ['nobody knows when', {}, 204],
  ])('that is refused what somebody may be mending asks again for a change of %s', async (_when, time, status) => {
    const reconcile: Controller['reconcile'] = async () => ({ ended: 'refused', because: 'x', mendingMs: 600_000 })
    const { app, counted } = world({ reconcile })
    expect((await app.request('/', event({ ...time }))).status).toBe(status)
    expect(counted).toEqual(['reconcile refused true', 'worked'])
  })

  it('refuses what is no CloudEvent of ours, for good', async () => {
    expect((await world().app.request('/', { method: 'POST', body: '{}' })).status).toBe(400)
  })

  it('asks to be rung again when it cannot say whom a change concerns', async () => {
    expect((await world({ keysOf: fails }).app.request('/', event())).status).toBe(503)
  })

  it('runs every key that a change concerns, and is settled only when all are', async () => {
    const { app, runs } = world({ keysOf: async () => ['demo/a', 'demo/b'] })
    expect((await app.request('/', event())).status).toBe(204)
    expect(runs.map(({ key }) => key)).toEqual(['demo/a', 'demo/b'])
    const half = world({
      keysOf: async () => ['demo/a', 'demo/b'],
      reconcile: async (key) => (key === 'demo/b' ? { ended: 'again', because: 'x' } : { ended: 'settled' }),
    })
    expect((await half.app.request('/', event())).status).toBe(503)
  })

  it('counts every run, how it ended and how long it took', async () => {
    const { app, counted } = world({ reconcile: fails })
    await app.request('/', event())
    expect(counted).toEqual(['reconcile again true', 'worked'])
  })

  it('looks afresh at what its own sweep found, once', async () => {
    const { app, runs } = world()
    await app.request('/', event({ 'ce-type': 'dev.linebot.sweep.found' }))
    await app.request('/', event())
    await app.request('/', event({ 'ce-type': 'dev.linebot.sweep.found', 'ce-kind': 'EventBinding' }))
    expect(runs.map(({ fresh }) => fresh)).toEqual([true, false, false])
  })
})

describe('a sweep', () => {
  const refs: Ref[] = ['a', 'b'].map((name) => ({ ...Bot, namespace: 'demo', name }))
  const unsettled: Controller['unsettled'] = async (_sweep, found) => {
    for (const ref of refs) await found(ref, true)
  }

  it('rings once for every unsettled object, counts them, and reconciles nothing itself', async () => {
    const rung: Change[] = []
    const { app, runs, counted } = world({ unsettled }, async (change) => void rung.push(change))
    expect((await app.request('/', ping)).status).toBe(204)
    expect(rung.map(({ name }) => name)).toEqual(['a', 'b'])
    expect(counted).toEqual(['found hourly', 'found hourly', 'swept hourly', 'worked'])
    expect(runs).toEqual([])
  })

  it('does not count as lost what was news from outside, and rings for it all the same', async () => {
    const rung: Change[] = []
    const outside: Controller['unsettled'] = async (_sweep, found) => {
      for (const ref of refs) await found(ref, ref.name === 'b')
    }
    const { app, counted } = world({ unsettled: outside }, async (change) => void rung.push(change))
    await app.request('/', ping)
    expect(rung.map(({ name }) => name)).toEqual(['a', 'b'])
    expect(counted).toEqual(['found hourly', 'swept hourly', 'worked'])
  })

  it('is told whether the hour has come or changes may have been missed', async () => {
    const asked: string[] = []
    const { app } = world({ unsettled: async (sweep) => void asked.push(sweep) })
    await app.request('/', ping)
    await app.request(
      '/',
      event({ 'ce-apiversion': 'apps/v1', 'ce-kind': 'Deployment', 'ce-namespace': 'linebot-system' }),
    )
    expect(asked).toEqual(['hourly', 'restart'])
  })

  it('is asked for again when the Broker does not take a ring', async () => {
    expect((await world({ unsettled }, fails).app.request('/', ping)).status).toBe(503)
  })

  it.each([
    ['of the hour answers every ring for it', ping, 1],
    [
      'after a restart is followed by another for whoever rang meanwhile',
      event({ 'ce-apiversion': 'apps/v1', 'ce-kind': 'Deployment', 'ce-namespace': 'linebot-system' }),
      2,
    ],
  ])('%s', async (_what, ring, sweeps) => {
    const ends: (() => void)[] = []
    const { app } = world({ unsettled: () => new Promise((end) => void ends.push(end)) })
    const answers = [app.request('/', ring), app.request('/', ring), app.request('/', ring)]
    for (let swept = 0; swept < sweeps; swept++) {
      await vi.waitFor(() => expect(ends).toHaveLength(swept + 1), 10_000)
      ends[swept]?.()
    }
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([204, 204, 204])
    expect(ends).toHaveLength(sweeps)
  })
})
