import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { ConfigMap, Namespace } from '../../../functions/core/kinds.ts'
import type { Obj } from '../../../functions/core/object.ts'
import { type Cluster, connect } from '../../../functions/edge/cluster.ts'
import { type ApiServer, startApiServer } from '../../../functions/local/apiserver/start.ts'
import { makeClock } from '../../../functions/local/broker/clock.ts'
import { startPing, untilNext } from '../../../functions/local/source/ping.ts'
import { makeSource, type Source } from '../../../functions/local/source/start.ts'
import { type Receiver, startReceiver, subject } from '../../conformance/knative/receiver.ts'

const shipped = (name: string) => parse(readFileSync(join(import.meta.dirname, '../../../knative', name), 'utf8'))
const clock = makeClock(50)

let api: ApiServer
let cluster: Cluster
let sink: Receiver
let source: Source

beforeEach(async () => {
  api = await startApiServer({ port: 0, objects: [] })
  cluster = connect({ server: api.url, token: () => '' })
  for (const [name, value] of [
    ['linebot-system', 'system'],
    ['demo', 'true'],
  ]) {
    const metadata = { name: name ?? '', labels: { 'linebot.dev/bots': value ?? '' } }
    await cluster.apply(Namespace, { apiVersion: 'v1', kind: 'Namespace', metadata }, 'test')
  }
  sink = await startReceiver('127.0.0.1', '127.0.0.1')
  const manifest = shipped('400-source.yaml')
  source = makeSource({ manifest, objects: api.objects, cluster, server: api.url, resolve: () => sink.url, clock })
})

afterEach(async () => {
  source.stop()
  await sink.close()
  await api.close()
})

const rules = (name: string, data = '1') =>
  cluster.apply(
    ConfigMap,
    // Data is no part of what every object has.
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: 'demo', labels: { 'linebot.dev/binding': 'hello' } },
      data: { data },
    } as Obj,
    'test',
  )
const told = () => sink.calls.map(subject)
const own = 'apiserversource-changes'

describe('the shipped source', () => {
  it('tells what changes while it lives, and each time that it begins', async () => {
    await rules('before')
    await source.start()
    await rules('while')
    await source.quiet()
    source.stop()
    await rules('between')
    await source.start()
    await rules('after')
    await source.quiet()
    expect(told()).toEqual([own, 'while', own, 'after'])
  })

  it('tells nothing of a namespace that opts out, and knows it anew when it comes back', async () => {
    const opt = (value: string) => {
      const metadata = { name: 'demo', labels: { 'linebot.dev/bots': value } }
      return cluster.apply(Namespace, { apiVersion: 'v1', kind: 'Namespace', metadata }, 'test')
    }
    await source.start()
    const { metadata } = await rules('one')
    await opt('false')
    await rules('two')
    await cluster.remove({ ...ConfigMap, namespace: 'demo', name: 'one' }, metadata.uid ?? '')
    await opt('true')
    await rules('one')
    await rules('two', '2')
    await source.quiet()
    const changes = sink.calls.filter((call) => subject(call) !== own)
    expect(changes.map((call) => `${subject(call)} ${String(call.headers['ce-type']).split('.').at(-1)}`)).toEqual([
      'one add',
      'one add',
      'two update',
    ])
  })

  it('dies with what it has not told yet', async () => {
    sink.answer(() => ({ status: 503 }))
    await source.start()
    await rules('one')
    await rules('two')
    source.stop()
    sink.answer(() => ({ status: 204 }))
    await source.start()
    await source.quiet()
    expect(told().filter((name) => name === 'two')).toEqual([])
  })

  it('loses what it is told to lose, and nothing else', async () => {
    await source.start()
    const end = source.lose(({ name }) => name === 'lost')
    await rules('lost')
    await rules('kept')
    end()
    await rules('lost', '2')
    await source.quiet()
    expect(told()).toEqual([own, 'kept', 'lost'])
    expect(sink.calls.at(-1)?.headers['ce-type']).toBe('dev.knative.apiserver.ref.update')
  })
})

describe('what is not played', () => {
  const wrong = (spec: object) => () => {
    const manifest = shipped('400-source.yaml')
    return makeSource({
      manifest: { ...manifest, spec: { ...manifest.spec, ...spec } },
      objects: api.objects,
      cluster,
      server: api.url,
      resolve: () => undefined,
    })
  }
  it.each([{ mode: 'Resource' }, { owner: { apiVersion: 'v1', kind: 'Pod' } }, { filters: [] }])(
    'is refused: %o',
    (spec) => {
      expect(wrong(spec)).toThrow(Object.keys(spec)[0])
    },
  )
})

describe('the shipped sweep', () => {
  it('rings by hand, and says whether it was heard', async () => {
    const ping = startPing({ manifest: shipped('410-sweep.yaml'), resolve: () => sink.url, clock })
    const heard = await ping.ring()
    sink.answer(() => ({ status: 500 }))
    const unheard = await ping.ring()
    ping.stop()
    expect([heard, unheard]).toEqual([true, false])
    expect(sink.calls[0]?.headers['ce-type']).toBe('dev.knative.sources.ping')
  })

  it.each([
    { schedule: '17 * * * *', now: '09:16:59.000', minutes: 1 / 60 },
    { schedule: '17 * * * *', now: '09:17:00.000', minutes: 60 },
    { schedule: '17 * * * *', now: '09:18:00.000', minutes: 59 },
    { schedule: '0 * * * *', now: '23:59:00.000', minutes: 1 },
    { schedule: '* * * * *', now: '09:17:30.000', minutes: 0.5 },
  ])('rings by the clock: $schedule at $now, in $minutes minutes', ({ schedule, now, minutes }) => {
    expect(untilNext(schedule, new Date(`2026-11-21T${now}Z`))).toBe(minutes * 60_000)
  })
})
