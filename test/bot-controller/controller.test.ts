import { describe, expect, it } from 'vitest'
import { botController } from '../../functions/bot-controller/controller.ts'
import { gaugesIn } from '../../functions/bot-controller/gauges.ts'
import { reconcile } from '../../functions/bot-controller/reconcile.ts'
import type { BotSeen } from '../../functions/bot-controller/see.ts'
import { serviceFor } from '../../functions/bot-controller/wanted.ts'
import type { Change } from '../../functions/core/change.ts'
import { makeMetrics } from '../../functions/core/metrics.ts'
import type { Obj, Ref } from '../../functions/core/object.ts'
import { ApiError, type Cluster } from '../../functions/edge/cluster.ts'
import { type Line, LineError } from '../../functions/edge/line.ts'
import { makeLog } from '../../functions/edge/log.ts'
import { scraped } from '../metrics.ts'
import { aBot, aSecret } from '../objects.ts'
import { after, answers, compiled, complete, defaults, frontDoor, readyService, url } from './world.ts'

/** A small API server: objects by kind and name, applies merged at the top level, a list of what was written. */
function world(
  over: {
    objects?: Obj[]
    apply?: (object: Obj) => void
    list?: (kind: Pick<Ref, 'kind'>) => void
    test?: Line['testWebhookEndpoint']
    knock?: () => number
    pushed?: () => number
    endpoint?: string
  } = {},
) {
  const written: string[] = []
  const asked: string[] = []
  const knocks: string[] = []
  let time = Date.parse('2026-11-21T08:00:00Z')
  let objects: Obj[] = over.objects ?? [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'demo', labels: { 'linebot.dev/bots': 'true' } } },
    aBot(),
    aSecret(),
    compiled(),
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'hello-rules-abc', namespace: 'demo' } },
    frontDoor,
    readyService(serviceFor(complete(), defaults)),
  ]
  const find = ({ apiVersion, kind, name }: Pick<Ref, 'apiVersion' | 'kind' | 'name'>) =>
    objects.find((one) => one.apiVersion === apiVersion && one.kind === kind && one.metadata.name === name)
  const cluster: Cluster = {
    // Rows of a test are what the API server would give back.
    get: async <T>(ref: Ref) => find(ref) as T | undefined,
    list: async <T>(kind: { apiVersion: string; kind: string }) => {
      over.list?.(kind)
      return objects.filter((one) => one.apiVersion === kind.apiVersion && one.kind === kind.kind) as T[]
    },
    apply: async <T>(_kind: unknown, object: Obj, _manager: string, subresource?: string) => {
      over.apply?.(object)
      written.push(`${object.kind}${subresource ? ` ${subresource}` : ''}`)
      const live = find({ ...object, name: object.metadata.name })
      const merged = { ...live, ...object, metadata: { generation: 1, ...live?.metadata, ...object.metadata } }
      objects = [...objects.filter((one) => one !== live), merged]
      return merged as T
    },
    tryApply: async (_kind, object) => over.apply?.(object),
    remove: async () => {},
  }
  let endpoint = over.endpoint ?? url
  const line: Line = {
    prepare: async () => {},
    reply: async () => 'confirmed',
    validateReply: async () => {},
    push: async () => {},
    startLoading: async () => {},
    profile: async () => undefined,
    group: async () => undefined,
    botInfo: async () => ({ userId: 'U1', basicId: '@abc' }),
    getWebhookEndpoint: async () => ({ endpoint, active: true }),
    setWebhookEndpoint: async (to) => {
      asked.push('set')
      endpoint = to
    },
    testWebhookEndpoint: async (tested) => {
      asked.push('test')
      return over.test ? over.test(tested) : { success: true, statusCode: 200 }
    },
    quota: async () => undefined,
    quotaConsumption: async () => over.pushed?.() ?? 0,
  }
  const metrics = makeMetrics()
  const controller = botController({
    cluster,
    defaults,
    line: () => line,
    knock: async (at, secret) => {
      knocks.push(`${at} ${secret}`)
      return over.knock?.() ?? 200
    },
    now: () => new Date(time),
    log: makeLog('Error', {}, () => {}),
    gauge: gaugesIn(metrics),
  })
  const turn = { quiet: async () => {} }
  const bot = () => find({ ...aBot(), name: 'hello' }) as ReturnType<typeof aBot>
  const ready = () => bot().status?.conditions?.find(({ type }) => type === 'Ready')
  return {
    controller,
    written,
    asked,
    knocks,
    metrics,
    bot,
    ready,
    ring: (fresh = false) => controller.reconcile('demo/hello', turn, fresh),
    later: (ms: number) => void (time += ms),
    consoleHas: (at: string) => void (endpoint = at),
    change: (next: Obj) =>
      void (objects = [
        ...objects.filter((one) => one.metadata.name !== next.metadata.name || one.kind !== next.kind),
        next,
      ]),
  }
}

const change = (kind: string, name: string, apiVersion = 'v1'): Change => ({
  apiVersion,
  kind,
  namespace: 'demo',
  name,
})

describe('a Bot that is rung for', () => {
  it('settles in one run, and is silent after that', async () => {
    const { ring, written, ready, asked } = world()
    expect(await ring()).toEqual({ ended: 'settled' })
    expect(ready()).toMatchObject({ status: 'True' })
    const before = written.length
    expect(await ring()).toEqual({ ended: 'settled' })
    expect(written).toHaveLength(before)
    expect(asked).toEqual(['test'])
  })

  it('that is gone is settled', async () => {
    expect(await world({ objects: [] }).ring()).toEqual({ ended: 'settled' })
  })

  const refusing = (words: string) =>
    world({
      apply: ({ kind }) => {
        if (kind === 'Service') throw new ApiError(400, 'BadRequest', words)
      },
    })

  it('is told that Knative refuses what its template asks for, and is not rung again for that', async () => {
    const { ring, ready } = refusing('unknown field "spec.template.spec.containers[0].lifecycle"')
    expect(await ring()).toEqual({ ended: 'refused', because: expect.stringContaining('lifecycle') })
    expect(ready()).toMatchObject({ status: 'False', reason: 'Refused', message: expect.stringContaining('lifecycle') })
  })

  it('is told which flag of Knative its template needs, and is rung again a while, for nobody tells of the flag', async () => {
    const { ring, ready } = refusing('validation failed: must not set the field(s): spec.template.spec.nodeSelector')
    expect(await ring()).toMatchObject({ ended: 'refused', mendingMs: 600_000 })
    const data = '{"data":{"kubernetes.podspec-nodeselector":"enabled"}}'
    expect(ready()).toMatchObject({ status: 'False', reason: 'FlagMissing', message: expect.stringContaining(data) })
  })

  it('leaves the channel to the Bot whose webhook LINE has, and takes it when that is gone', async () => {
    const theirs = 'https://front-door.example/webhook/demo/other'
    const other = (status: object): Obj => Object.assign(aBot('other'), { status })
    const one = world({ endpoint: theirs })
    const { controller, ring, ready, asked } = one
    one.change(other({ url: theirs, channel: { userId: 'U1' } }))
    expect(await ring()).toMatchObject({ ended: 'again' })
    expect(ready()).toMatchObject({ reason: 'ChannelTaken', message: expect.stringContaining('Bot demo/other') })
    expect(asked).toEqual([])
    const found: string[] = []
    await controller.unsettled('hourly', async ({ name }) => void found.push(name))
    expect(found).not.toContain('hello')
    one.change(other({}))
    expect(await ring()).toEqual({ ended: 'settled' })
    expect(asked).toEqual(['set', 'test'])
  })

  it('takes over the channel of a Bot that has another one now, as when two Bots change theirs', async () => {
    const theirs = 'https://front-door.example/webhook/demo/other'
    const { ring, change: make, asked } = world({ endpoint: theirs })
    make(Object.assign(aBot('other'), { status: { url: theirs, channel: { userId: 'U2' } } }))
    expect(await ring()).toEqual({ ended: 'settled' })
    expect(asked).toEqual(['set', 'test'])
  })

  it('is rung again where the API server does not tell who holds the channel; LINE is not blamed, nor held off', async () => {
    let away = true
    const one = world({
      endpoint: 'https://front-door.example/webhook/demo/other',
      list: ({ kind }) => {
        if (away && kind === 'Bot') throw new Error('the API server does not answer')
      },
    })
    await expect(one.ring()).rejects.toThrow('the API server does not answer')
    expect(one.written).not.toContain('Bot status')
    expect(one.asked).toEqual([])
    away = false
    expect(await one.ring()).toEqual({ ended: 'settled' })
    expect(one.asked).toEqual(['set', 'test'])
  })

  it('is rung again when its Service could not be written now', async () => {
    const { ring, ready } = world({
      apply: ({ kind }) => {
        if (kind === 'Service') throw new ApiError(500, 'InternalError', 'webhook is away')
      },
    })
    expect(await ring()).toMatchObject({ ended: 'again' })
    expect(ready()).toMatchObject({ status: 'Unknown', reason: 'NotApplied' })
  })

  it('is told what failed once, not in the other words of every try: a status that is written rings at once', async () => {
    let port = 51_234
    let denied = false
    const { ring, ready, written } = world({
      apply: ({ kind }) => {
        if (kind !== 'Service') return
        if (denied) throw new ApiError(403, 'Forbidden', 'exceeded quota: services')
        throw new Error(`read tcp 10.0.0.1:${port++}: connection reset`)
      },
    })
    for (let i = 0; i < 3; i++) expect(await ring()).toMatchObject({ ended: 'again' })
    expect(written).toEqual(['Bot status'])
    expect(ready()?.message).toContain(':51234')
    denied = true
    for (let i = 0; i < 3; i++) expect(await ring()).toMatchObject({ ended: 'again' })
    expect(written).toEqual(['Bot status', 'Bot status', 'Event'])
    expect(ready()).toMatchObject({ reason: 'NotAllowed', message: expect.stringContaining('exceeded quota') })
  })

  it.each<[string, string, string, boolean]>([
    [
      'another quantity of the same quota',
      'exceeded quota: team, requested: limits.cpu=1, used: limits.cpu=950m',
      'exceeded quota: team, requested: limits.cpu=1, used: limits.cpu=2',
      false,
    ],
    [
      'another ID of the same policy',
      'webhook "images.policy" denied request 5e1f-ab3c: no registry',
      'webhook "images.policy" denied request c0de-9aff: no registry',
      false,
    ],
    ['a policy after a quota', 'exceeded quota: services', 'webhook "images.policy" denied it: no registry', true],
  ])('is told what else does not allow it, where that is another cause: %s', async (_what, first, second, isNews) => {
    let words = first
    const { controller, ring, ready, written } = world({
      apply: ({ kind }) => {
        if (kind === 'Service') throw new ApiError(403, 'Forbidden', words)
      },
    })
    await ring()
    words = second
    const found: string[] = []
    await controller.unsettled('restart', async ({ name }) => void found.push(name))
    expect(found).toEqual(isNews ? ['hello'] : [])
    for (let i = 0; i < 3; i++) expect(await ring()).toMatchObject({ ended: 'again' })
    expect(ready()?.message).toContain(isNews ? second : first)
    expect(written.filter((what) => what === 'Bot status')).toHaveLength(isNews ? 2 : 1)
  })

  it('is told once that the front door is behind, and what was pushed meanwhile when it is not', async () => {
    let tries = 0
    let away = true
    const one = world({ knock: () => (away ? 500 + tries : 200), pushed: () => tries++ })
    for (let i = 0; i < 3; i++) expect(await one.ring()).toMatchObject({ ended: 'again' })
    expect(one.written).toEqual(['Service', 'Bot status'])
    expect(one.ready()).toMatchObject({ reason: 'FrontDoorBehind', message: expect.stringContaining('501') })
    away = false
    expect(await one.ring()).toEqual({ ended: 'settled' })
    expect(one.bot().status?.channel).toMatchObject({ consumption: 3 })
  })
})

describe('a webhook whose test fails', () => {
  const failing = { test: async () => ({ success: false, statusCode: 502, reason: 'ERROR_STATUS_CODE' }) }

  it('is not tested at every ring, for LINE allows 60 tests an hour', async () => {
    const { ring, asked, later } = world(failing)
    for (let i = 0; i < 20; i++) {
      expect(await ring()).toMatchObject({ ended: 'again' })
      later(1_000)
    }
    expect(asked).toHaveLength(2)
    later(120_000)
    await ring()
    expect(asked).toHaveLength(3)
  })

  it('for a moment leaves its Bot unready for some seconds only', async () => {
    let up = false
    const { ring, ready, later } = world({ test: async () => ({ success: up, statusCode: up ? 200 : 503 }) })
    expect(await ring()).toMatchObject({ ended: 'again' })
    expect(ready()).toMatchObject({ status: 'False', reason: 'TestFailed' })
    up = true
    later(2_000)
    expect(await ring()).toMatchObject({ ended: 'again' })
    later(4_000)
    expect(await ring()).toEqual({ ended: 'settled' })
    expect(ready()).toMatchObject({ status: 'True' })
  })

  it('is tested at once when what was asked has changed', async () => {
    const { ring, asked, change: put } = world(failing)
    await ring()
    put(aSecret({ channelId: '1', channelSecret: 'another' }))
    await ring()
    expect(asked).toHaveLength(2)
  })

  it('counts a test that LINE itself did not carry out', async () => {
    const away = async () => Promise.reject(new LineError({ kind: 'unavailable', message: 'no answer' }))
    const { ring, asked } = world({ test: away })
    for (let i = 0; i < 5; i++) expect(await ring()).toMatchObject({ ended: 'again' })
    expect(asked).toHaveLength(1)
  })
})

describe('a webhook whose test has succeeded', () => {
  it('is not tested again for a while, however often the sweep is forged; LINE is still asked what it has', async () => {
    const one = world()
    await one.ring()
    for (let i = 0; i < 20; i++) {
      await one.controller.unsettled('hourly', async () => {})
      expect(await one.ring(true)).toEqual({ ended: 'settled' })
    }
    expect(one.asked).toEqual(['test'])
    one.consoleHas('https://elsewhere.example')
    expect(await one.ring(true)).toEqual({ ended: 'settled' })
    expect(one.asked).toEqual(['test', 'set'])
    one.later(120_000)
    await one.ring(true)
    expect(one.asked).toEqual(['test', 'set', 'test'])
  })

  it('is tested once by a sweep and the ring that comes of it', async () => {
    const one = world()
    await one.ring()
    one.later(3_600_000)
    one.consoleHas('https://elsewhere.example')
    const found: string[] = []
    await one.controller.unsettled('hourly', async ({ name }) => void found.push(name))
    expect(found).toEqual(['hello'])
    expect(await one.ring(true)).toEqual({ ended: 'settled' })
    expect(one.asked).toEqual(['test', 'test', 'set'])
  })
})

describe('a changed Secret', () => {
  it('is made known to the front door before LINE tests the webhook', async () => {
    const { ring, knocks } = world()
    await ring()
    expect(knocks).toEqual(['http://front-door.internal/webhook/demo/hello s'])
  })

  it('is not tested while the front door answers by the one of before, and it is soon tried again', async () => {
    let known = false
    const { ring, asked, ready } = world({ knock: () => (known ? 200 : 401) })
    expect(await ring()).toMatchObject({ ended: 'again' })
    expect(asked).toEqual([])
    expect(ready()).toMatchObject({ status: 'Unknown', reason: 'FrontDoorBehind' })
    known = true
    expect(await ring()).toEqual({ ended: 'settled' })
    expect(ready()).toMatchObject({ status: 'True' })
  })

  it('is not tested while the front door gives no answer; that is no fault of LINE’s, and holds nothing up', async () => {
    let down = true
    const { ring, asked, ready } = world({
      knock: () => {
        if (down) throw new Error('connect ECONNREFUSED 10.0.0.1:80')
        return 200
      },
    })
    expect(await ring()).toMatchObject({ ended: 'again' })
    expect(asked).toEqual([])
    expect(ready()).toMatchObject({
      status: 'Unknown',
      reason: 'FrontDoorBehind',
      message: expect.stringContaining('the front door gives no answer (connect ECONNREFUSED 10.0.0.1:80)'),
    })
    down = false
    expect(await ring()).toEqual({ ended: 'settled' })
    expect(asked).toEqual(['test'])
  })
})

describe('a sweep', () => {
  const found = async (controller: ReturnType<typeof world>['controller'], sweep: 'hourly' | 'restart') => {
    const names: string[] = []
    await controller.unsettled(sweep, async ({ name }) => void names.push(name))
    return names
  }

  it('finds a Bot that nobody told of, writes nothing, and nothing of a settled one', async () => {
    const { controller, ring, written } = world()
    expect(await found(controller, 'restart')).toEqual(['hello'])
    expect(written).toEqual([])
    await ring()
    expect(await found(controller, 'restart')).toEqual([])
    expect(await found(controller, 'hourly')).toEqual([])
  })

  it('finds every hour what has changed at LINE', async () => {
    let success = true
    const { controller, ring, later } = world({ test: async () => ({ success, statusCode: success ? 200 : 401 }) })
    await ring()
    success = false
    later(3_600_000)
    expect(await found(controller, 'restart')).toEqual([])
    expect(await found(controller, 'hourly')).toEqual(['hello'])
  })

  it('tells how the Bot is, as a run does', async () => {
    const { controller, ring, metrics } = world()
    const told = () =>
      metrics.series.take().map((sample) => [sample.name, 'value' in sample ? sample.value : undefined])
    const wanted = [
      ['linebot_bot_ready', 1],
      ['linebot_bot_rules', 2],
      ['linebot_bot_quota_used_messages', 0],
      ['linebot_bot_seen_timestamp_seconds', Date.parse('2026-11-21T08:00:00Z') / 1000],
    ]
    await ring()
    expect(told()).toEqual(wanted)
    await found(controller, 'hourly')
    expect(told()).toEqual(wanted)
  })

  it('tells every hour what was pushed since, and finds no news in it', async () => {
    let pushed = 5
    const { controller, ring, metrics } = world({ pushed: () => pushed })
    await ring()
    pushed = 190
    expect(await found(controller, 'hourly')).toEqual([])
    expect(scraped(metrics)).toMatch(/^linebot_bot_quota_used_messages\{.*\} 190$/m)
    await ring()
    expect(scraped(metrics)).toMatch(/^linebot_bot_quota_used_messages\{.*\} 190$/m)
  })

  it.each([
    ['Refused', 'unknown field "spec.template.spec.containers[0].lifecycle"'],
    ['FlagMissing', 'validation failed: must not set the field(s): spec.template.spec.nodeSelector'],
  ])(
    'does not find again what Knative refuses as before (%s), and finds it when it would be taken',
    async (reason, words) => {
      let refusing = true
      const { controller, ring, ready, written } = world({
        apply: ({ kind }) => {
          if (kind === 'Service' && refusing) throw new ApiError(400, 'BadRequest', words)
        },
      })
      expect(await found(controller, 'hourly')).toEqual(['hello'])
      await ring(true)
      expect(ready()).toMatchObject({ reason })
      const before = written.length
      for (const sweep of ['restart', 'hourly', 'hourly'] as const) expect(await found(controller, sweep)).toEqual([])
      refusing = false
      expect(await found(controller, 'hourly')).toEqual(['hello'])
      expect(written).toHaveLength(before)
      await ring(true)
      expect(ready()).toMatchObject({ reason: 'Ready' })
      expect(await found(controller, 'hourly')).toEqual([])
    },
  )

  it('finds what Knative refuses with other words than before', async () => {
    let words = 'one'
    const { controller, ring } = world({
      apply: ({ kind }) => {
        if (kind === 'Service') throw new ApiError(400, 'BadRequest', words)
      },
    })
    await ring()
    words = 'another'
    expect(await found(controller, 'restart')).toEqual(['hello'])
  })

  const newSecret = aSecret({ channelId: '1', channelSecret: 'new' })
  it.each<[string, { settled: boolean; fails?: true; changes?: Obj }, boolean[]]>([
    ['a Bot that nobody told of', { settled: false }, [true]],
    ['a webhook that fails now', { settled: true, fails: true }, [false]],
    ['a Secret that nobody told of', { settled: true, changes: newSecret }, [true]],
    ['both', { settled: true, fails: true, changes: newSecret }, [true]],
    ['nothing', { settled: true }, []],
  ])('tells whether a change was lost: %s', async (_what, { settled, fails, changes }, lost) => {
    let success = true
    const one = world({ test: async () => ({ success, statusCode: success ? 200 : 503 }) })
    if (settled) await one.ring()
    one.later(3_600_000)
    success = !fails
    if (changes) one.change(changes)
    const told: boolean[] = []
    await one.controller.unsettled('hourly', async (_ref, isLost) => void told.push(isLost))
    expect(told).toEqual(lost)
  })

  const failed = {
    latestCreatedRevisionName: 'hello-00002',
    conditions: ['ConfigurationsReady', 'Ready'].map((type) => ({
      type,
      status: 'False',
      reason: 'RevisionFailed',
      message: 'Initial scale was never achieved',
      lastTransitionTime: '2026-11-21T08:00:00Z',
    })),
  }

  it('does not call it lost that a Revision is to be tried again', async () => {
    const one = world()
    await one.ring()
    one.change(readyService(serviceFor(complete(), defaults), failed))
    await one.ring()
    one.later(3_600_000)
    const told: boolean[] = []
    await one.controller.unsettled('hourly', async (_ref, lost) => void told.push(lost))
    expect(told).toEqual([false])
    const before = one.written.length
    await one.ring(true)
    expect(one.written.slice(before)).toContain('Service')
    one.later(60_000)
    await one.controller.unsettled('hourly', async (_ref, lost) => void told.push(lost))
    expect(told).toEqual([false])
  })

  it('rings for 20 Bots whose Revisions failed together and the next for the others; for a lost change always', async () => {
    const names = Array.from({ length: 25 }, (_, nth) => `bot-${nth}`)
    const settled = (name: string): BotSeen => {
      const bot = aBot(name, { spec: { selector: {} } })
      const service = readyService(serviceFor(complete({ bot }), defaults), failed)
      const seen = complete({ bot, service, appliedGeneration: 1, line: answers() })
      return after(reconcile(seen, defaults, new Date('2026-11-21T08:00:00Z')).steps, seen)
    }
    const one = world()
    one.change({ ...aBot(), metadata: { ...aBot().metadata, deletionTimestamp: '2026-11-21T08:00:00Z' } })
    for (const { bot, service } of names.map(settled)) for (const made of [bot, service]) if (made) one.change(made)
    expect(await found(one.controller, 'restart')).toEqual([])

    one.later(3_600_000)
    const { spec } = aBot('bot-24', { spec: { selector: {}, suspend: true } })
    one.change(Object.assign(settled('bot-24').bot, { spec }))
    const told: [string, boolean][] = []
    await one.controller.unsettled('restart', async ({ name }, lost) => void told.push([name, lost]))
    expect(told.filter(([, lost]) => lost)).toEqual([['bot-24', true]])
    expect(told).toHaveLength(1 + 20)

    for (const [name] of told) await one.controller.reconcile(`demo/${name}`, { quiet: async () => {} }, false)
    const next = await found(one.controller, 'restart')
    expect([...next, ...told.map(([name]) => name)].toSorted()).toEqual(names.toSorted())
  })

  it('does not find again what a quota denies as before, and finds it when there is room', async () => {
    let denied = true
    const { controller, ring, ready } = world({
      apply: ({ kind }) => {
        if (kind === 'Service' && denied) throw new ApiError(403, 'Forbidden', 'exceeded quota: pods')
      },
    })
    expect(await found(controller, 'hourly')).toEqual(['hello'])
    await ring(true)
    expect(ready()).toMatchObject({ status: expect.not.stringMatching('True') })
    for (const sweep of ['restart', 'hourly'] as const) expect(await found(controller, sweep)).toEqual([])
    denied = false
    expect(await found(controller, 'hourly')).toEqual(['hello'])
  })

  it('does not take LINE’s silence for news', async () => {
    const { controller, ring, later } = world({
      test: async () => {
        if (silent) throw new LineError({ kind: 'unavailable', message: 'no answer' })
        return { success: true, statusCode: 200 }
      },
    })
    let silent = false
    await ring()
    silent = true
    later(3_600_000)
    expect(await found(controller, 'hourly')).toEqual([])
  })
})

describe('a change of an EventBinding', () => {
  const labelled = (name: string, game: string) => compiled(name, 'abc', { labels: { game } })
  const selecting = (name: string, game: string, used: string[] = []) =>
    aBot(name, {
      spec: { selector: { matchLabels: { game } } },
      status: { rules: { count: 1, hash: 'abc', bindings: used } },
    })
  const bots = [selecting('hunter', 'hunt'), selecting('angler', 'fish', ['rivers']), aBot('plain')]

  it.each<[string, Obj[], string, string[]]>([
    ['rings for the Bots that select it, and for no others', [labelled('beasts', 'hunt')], 'beasts', ['demo/hunter']],
    [
      'that left a Bot’s selector rings for who used it',
      [labelled('rivers', 'hunt')],
      'rivers',
      ['demo/hunter', 'demo/angler'],
    ],
    ['that has gone rings for who used it', [], 'rivers', ['demo/angler']],
    ['rings for the Bot of its name', [], 'plain', ['demo/plain']],
  ])('%s', async (_what, bindings, name, keys) => {
    const { controller } = world({ objects: [...bots, ...bindings] })
    expect(await controller.keysOf(change('EventBinding', name, 'linebot.dev/v1alpha1'))).toEqual(keys)
  })
})

describe('a change that nobody can tell whom it concerns', () => {
  const crowd = Array.from({ length: 1_000 }, (_, i) => `one-of-very-many-${i}`)
  const using = (name: string, bindings: string[]) =>
    aBot(name, { spec: { selector: {} }, status: { rules: { count: 1, hash: 'abc', bindings } } })

  it.each([
    ['EventBinding', 'beyond', 'linebot.dev/v1alpha1'],
    ['ConfigMap', 'beyond-rules-abc', 'v1'],
  ])('rings for a Bot whose list of EventBindings is full (%s)', async (kind, name, apiVersion) => {
    const { controller } = world({ objects: [using('large', crowd), using('small', crowd.slice(1))] })
    expect(await controller.keysOf(change(kind, name, apiVersion))).toEqual(['demo/large'])
  })

  it('rings for every Bot with a selector where EventBindings may not be read any more', async () => {
    let error: Error = new ApiError(403, 'Forbidden', 'eventbindings is forbidden')
    const { controller } = world({
      objects: [using('one', []), aBot('plain'), using('two', [])],
      list: ({ kind }) => {
        if (kind === 'EventBinding') throw error
      },
    })
    const keys = () => controller.keysOf(change('EventBinding', 'beasts', 'linebot.dev/v1alpha1'))
    expect(await keys()).toEqual(['demo/one', 'demo/two'])
    error = new ApiError(500, 'InternalError', 'etcd is away')
    await expect(keys()).rejects.toThrow('etcd is away')
  })
})

describe('a change', () => {
  it.each<[string, Change, string[]]>([
    ['the Bot', change('Bot', 'hello', 'linebot.dev/v1alpha1'), ['demo/hello']],
    ['its Service', change('Service', 'hello', 'serving.knative.dev/v1'), ['demo/hello']],
    ['its Secret', change('Secret', 'hello-channel'), ['demo/hello']],
    ['another Secret', change('Secret', 'other'), []],
    ['its binding', change('EventBinding', 'hello', 'linebot.dev/v1alpha1'), ['demo/hello']],
    ['another binding', change('EventBinding', 'other', 'linebot.dev/v1alpha1'), []],
    ['its rules', change('ConfigMap', 'hello-rules-abc'), ['demo/hello']],
    ['another’s rules', change('ConfigMap', 'other-rules-abc'), []],
  ])('of %s rings for those whom it concerns', async (_what, told, keys) => {
    const { controller, ring } = world()
    await ring()
    expect(await controller.keysOf(told)).toEqual(keys)
  })
})
