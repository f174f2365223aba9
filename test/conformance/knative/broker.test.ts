import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Call, type Receiver, subject } from './receiver.ts'
import { event, send } from './send.ts'
import { until } from './until.ts'
import { patience, startWorld, type Thing, type World } from './world.ts'

let world: World
let receiver: Receiver
const urls: Record<string, string> = {}

const eventing = (kind: string, name: string, spec: unknown, annotations: Record<string, string> = {}): Thing => ({
  apiVersion: kind === 'PingSource' ? 'sources.knative.dev/v1' : 'eventing.knative.dev/v1',
  kind,
  metadata: { name, namespace: world.namespace, annotations },
  spec,
})
const broker = (name: string, annotations: Record<string, string> = {}): Thing =>
  eventing(
    'Broker',
    name,
    {
      config: { apiVersion: 'v1', kind: 'ConfigMap', name: 'config-br-default-channel', namespace: 'knative-eventing' },
    },
    { 'eventing.knative.dev/broker.class': 'MTChannelBasedBroker', ...annotations },
  )
const trigger = (name: string, from: string, wanted: unknown, delivery: unknown): Thing =>
  eventing('Trigger', name, {
    broker: from,
    filters: wanted,
    subscriber: { uri: `${receiver.url}/${name}` },
    delivery,
  })

/** As a Trigger of ours is written: all four together. */
const delivery = (retry: number, timeout = 'PT10S', backoffDelay = 'PT0.2S') => ({
  retry,
  backoffPolicy: 'exponential',
  backoffDelay,
  timeout,
})
const ofType = (type: string) => [{ exact: { type } }]

const filters: Record<string, unknown> = {
  exact: [{ exact: { type: 'filtered', kind: 'Bot' } }],
  prefix: [{ prefix: { type: 'filt', kind: 'B' } }],
  suffix: [{ suffix: { type: 'tered', kind: 't' } }],
  any: [{ any: [{ exact: { kind: 'Bot' } }, { exact: { kind: 'Event' } }] }, { exact: { type: 'filtered' } }],
  all: [{ all: [{ exact: { kind: 'Bot' } }, { exact: { name: 'a' } }] }, { exact: { type: 'filtered' } }],
  not: [{ not: { exact: { kind: 'Bot' } } }, { exact: { type: 'filtered' } }],
}

beforeAll(async () => {
  world = await startWorld('broker')
  receiver = await world.receiver()
  const async = { 'messaging.knative.dev/async-handler': 'true' }
  await world.wire(
    broker('waits'),
    broker('async', async),
    broker('filtering'),
    trigger('one', 'waits', ofType('one'), delivery(2)),
    trigger('short', 'waits', ofType('short'), delivery(1, 'PT1S')),
    trigger('both-good', 'waits', ofType('both'), delivery(2)),
    trigger('both-bad', 'waits', ofType('both'), delivery(2)),
    trigger('long', 'waits', ofType('long'), delivery(3)),
    trigger('at-once', 'async', ofType('one'), delivery(2)),
    trigger('pinged', 'async', ofType('dev.knative.sources.ping'), delivery(2)),
    ...Object.entries(filters).map(([name, filter]) => trigger(`by-${name}`, 'filtering', filter, delivery(0))),
    eventing('PingSource', 'sweep', {
      schedule: '* * * * *',
      sink: { ref: { apiVersion: 'eventing.knative.dev/v1', kind: 'Broker', name: 'async' } },
    }),
  )
  for (const name of ['waits', 'async', 'filtering', 'nowhere']) urls[name] = await world.broker(name)
}, patience)

afterAll(async () => {
  await world?.close()
  await receiver?.close()
}, patience)

const to = (name: string) => urls[name] ?? ''
const at = (path: string, id?: string) =>
  receiver.calls.filter((call) => call.path === `/${path}` && (id === undefined || call.headers['ce-id'] === id))
const attributes = ({ headers }: Call) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('ce-')))
const byId = (call: Call) => `${call.path} ${call.headers['ce-id']}`

describe('a Broker and its Triggers', { timeout: patience }, () => {
  it('pass an event on unchanged, and say when it came', async () => {
    receiver.answer(() => ({ status: 204 }))
    const body = Buffer.from([0x7b, 0x0a, 0x20, 0x00, 0xff, 0xe7, 0x81, 0xab, 0x0d, 0x0a, 0x7d])
    const sent = event({
      type: 'one',
      time: '2026-11-21T09:00:00.120Z',
      botname: 'hello',
      linesignature: 'q+/Z=='.padStart(44, 'A'),
    })
    const headers = { ...sent, 'content-type': 'application/json; charset=utf-8', 'x-mine': '1', authorization: 'no' }
    const answer = await send(to('waits'), { headers, body })
    const [call] = at('one', sent['ce-id'])
    expect(answer).toMatchObject({ status: 202, body: '' })
    expect(call?.body).toEqual(body)
    expect(call?.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      prefer: 'reply',
      'kn-namespace': world.namespace,
    })
    const { 'ce-knativearrivaltime': arrived, ...rest } = attributes(call as Call)
    // The same moment, without zeros at its end.
    expect(rest).toEqual({ ...sent, 'ce-time': '2026-11-21T09:00:00.12Z' })
    expect(arrived).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/)
    expect(call?.headers).not.toHaveProperty('x-mine')
    expect(call?.headers).not.toHaveProperty('authorization')
  })

  it.each(['application/json', 'text/plain', 'application/octet-stream', ''])(
    'pass bytes on unchanged, called “%s”',
    async (type) => {
      const sent = event({ type: 'one' })
      const body = Buffer.from(' {"b":1, "a":[2 ]}\n')
      await send(to('waits'), { headers: { ...sent, ...(type && { 'content-type': type }) }, body })
      const [call] = at('one', sent['ce-id'])
      expect(call?.body).toEqual(body)
      expect(call?.headers['content-type']).toBe(type || undefined)
    },
  )

  it('pass an event without a body on', async () => {
    const sent = event({ type: 'one' })
    const { status } = await send(to('waits'), { headers: sent })
    expect([status, at('one', sent['ce-id']).map((call) => call.body.length)]).toEqual([202, [0]])
  })

  it('answer when the subscriber has', async () => {
    receiver.answer(async () => {
      await new Promise((resolve) => setTimeout(resolve, 300))
      return { status: 204 }
    })
    const { status, took } = await send(to('waits'), { headers: event({ type: 'one' }) })
    expect([status, took >= 295]).toEqual([202, true])
  })

  it('answer at once where they are told to', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>()
    receiver.answer(async () => {
      await held
      return { status: 204 }
    })
    const sent = event({ type: 'one' })
    const { status } = await send(to('async'), { headers: sent })
    expect(status).toBe(202)
    await until('it arrives all the same', patience / 2000, () => at('at-once', sent['ce-id']).length > 0)
    release()
  })

  it('take an event that nobody wants', async () => {
    const answers = await Promise.all(
      ['waits', 'async'].map((name) => send(to(name), { headers: event({ type: 'none' }) })),
    )
    expect(answers.map(({ status }) => status)).toEqual([202, 202])
  })

  it.each([
    { what: 'no such Broker', path: 'nowhere', request: {}, status: 404 },
    { what: 'no CloudEvent', path: 'waits', request: { headers: {}, body: '{}' }, status: 400 },
    { what: 'another method', path: 'waits', request: { method: 'GET' }, status: 405 },
  ])('answer $status: $what', async ({ path, request, status }) => {
    const answer = await send(to(path), { headers: event(), ...request })
    expect(answer.status).toBe(status)
  })

  it.each([404, 408, 409, 429, 500, 501, 502, 503, 504].map((status) => ({ status })))(
    'send again what was answered $status',
    async ({ status }) => {
      receiver.answer((_, nth) => ({ status: nth === 1 ? status : 204 }), byId)
      const sent = event({ type: 'one' })
      const answer = await send(to('waits'), { headers: sent })
      expect([answer.status, at('one', sent['ce-id']).length]).toEqual([202, 2])
    },
  )

  it.each([400, 401, 403, 405, 410, 413, 422, 425, 302].map((status) => ({ status })))(
    'give up what was answered $status',
    async ({ status }) => {
      receiver.answer(() => ({ status }))
      const sent = event({ type: 'one' })
      const answer = await send(to('waits'), { headers: sent })
      expect([answer.status, at('one', sent['ce-id']).length]).toEqual([500, 1])
    },
  )

  it('send again when the connection breaks', async () => {
    receiver.answer((_, nth) => ({ status: 204, ...(nth === 1 && { hangUp: true }) }), byId)
    const sent = event({ type: 'one' })
    const answer = await send(to('waits'), { headers: sent })
    expect([answer.status, at('one', sent['ce-id']).length]).toEqual([202, 2])
  })

  it('wait twice as long each time, and answer 500 when the retries are used up', async () => {
    receiver.answer(() => ({ status: 503 }))
    const sent = event({ type: 'long' })
    const answer = await send(to('waits'), { headers: sent })
    const times = at('long', sent['ce-id']).map((call) => call.at)
    const gaps = times.slice(1).map((time, nth) => (time - (times[nth] ?? 0)) / world.pace)
    expect([answer.status, times.length]).toEqual([500, 4])
    for (const [nth, wanted] of [200, 400, 800].entries()) {
      expect(gaps[nth]).toBeGreaterThanOrEqual(wanted * 0.95)
      expect(gaps[nth]).toBeLessThan(wanted * 1.5 + (world.real ? 100 : 1000) / world.pace)
    }
  })

  it('cut a try that takes longer than its timeout, and try again', async () => {
    receiver.answer(async (_, nth) => {
      if (nth === 1) await new Promise((resolve) => setTimeout(resolve, 3000 * world.pace))
      return { status: 204 }
    }, byId)
    const sent = event({ type: 'short' })
    const answer = await send(to('waits'), { headers: sent })
    const [first] = at('short', sent['ce-id'])
    expect([answer.status, at('short', sent['ce-id']).length, first?.gone()]).toEqual([202, 2, true])
  })

  it('take a 2xx whose body is no CloudEvent for a failure', async () => {
    receiver.answer((_, nth) => (nth === 1 ? { status: 200, body: '{"ok":true}' } : { status: 200 }), byId)
    const sent = event({ type: 'one' })
    const answer = await send(to('waits'), { headers: sent })
    expect([answer.status, at('one', sent['ce-id']).length]).toEqual([202, 2])
  })

  it('serve each Trigger for itself, and answer 500 when one of them failed', async () => {
    receiver.answer(({ path }) => ({ status: path === '/both-bad' ? 400 : 204 }))
    const sent = event({ type: 'both' })
    const answer = await send(to('waits'), { headers: sent })
    expect([answer.status, at('both-good', sent['ce-id']).length, at('both-bad', sent['ce-id']).length]).toEqual([
      500, 1, 1,
    ])
  })

  it('stop when the sender hangs up', async () => {
    receiver.answer(async () => {
      await new Promise((resolve) => setTimeout(resolve, 5000 * world.pace))
      return { status: 503 }
    })
    const sent = event({ type: 'one' })
    const stop = new AbortController()
    const answer = send(to('waits'), { headers: sent, signal: stop.signal }).catch(() => 'cut')
    await until('it arrives', patience / 2000, () => at('one', sent['ce-id']).length > 0)
    stop.abort()
    expect(await answer).toBe('cut')
    await until('the subscriber is left', patience / 2000, () => at('one', sent['ce-id'])[0]?.gone())
    await new Promise((resolve) => setTimeout(resolve, 1500 * world.pace))
    expect(at('one', sent['ce-id'])).toHaveLength(1)
  })

  it.each([
    { type: 'filtered', kind: 'Bot', name: 'a', to: ['exact', 'prefix', 'suffix', 'any', 'all'] },
    { type: 'filtered', kind: 'Bot', name: 'b', to: ['exact', 'prefix', 'suffix', 'any'] },
    { type: 'filtered', kind: 'Event', name: 'a', to: ['suffix', 'any', 'not'] },
    { type: 'filtered', to: ['not'] },
    { type: 'other', kind: 'Bot', name: 'a', to: [] },
  ])('let $type $kind $name through to $to', async ({ to: wanted, ...rest }) => {
    receiver.answer(() => ({ status: 204 }))
    const sent = event(Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)))
    await send(to('filtering'), { headers: sent })
    const got = Object.keys(filters).filter((name) => at(`by-${name}`, sent['ce-id']).length > 0)
    expect(got.toSorted()).toEqual(wanted.toSorted())
  })

  it('bring what a clock rings', async () => {
    receiver.answer(() => ({ status: 204 }))
    const before = at('pinged').length
    await world.ping('sweep')
    const ping = await until('it rings', patience / 2000, () => at('pinged')[before])
    expect(attributes(ping)).toMatchObject({
      'ce-type': 'dev.knative.sources.ping',
      'ce-source': `/apis/v1/namespaces/${world.namespace}/pingsources/sweep`,
    })
    expect(subject(ping)).toMatch(/^[0-9a-f-]{36}$/)
    expect([ping.body.length, ping.headers['content-type']]).toEqual([0, undefined])
  })
})
