import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { makeClock } from '../../../functions/local/broker/clock.ts'
import { makeResolve } from '../../../functions/local/broker/destination.ts'
import { passes } from '../../../functions/local/broker/filter.ts'
import { trigger } from '../../../functions/local/broker/manifest.ts'
import { type Brokers, startBrokers } from '../../../functions/local/broker/start.ts'
import { type Receiver, startReceiver } from '../../conformance/knative/receiver.ts'
import { event, send } from '../../conformance/knative/send.ts'
import { until } from '../../conformance/knative/until.ts'

const folder = join(import.meta.dirname, '../../../knative')
const shipped = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .flatMap((name) => parseAllDocuments(readFileSync(join(folder, name), 'utf8')).map((document) => document.toJS()))
  .filter(({ kind }) => kind === 'Broker' || kind === 'Trigger')

let services: Receiver
let brokers: Brokers
const paths = () => services.calls.map(({ path }) => path)

beforeEach(async () => {
  services = await startReceiver('127.0.0.1', '127.0.0.1')
  // Each Service at a path of its own.
  const resolve = makeResolve(
    {
      onChange: () => () => {},
      list: () => [],
      get: ({ namespace, name }) =>
        Object.assign(
          { apiVersion: 'serving.knative.dev/v1', kind: 'Service', metadata: { name } },
          { status: { address: { url: `${services.url}/${namespace}/${name}` } } },
        ),
    },
    () => brokers.url,
  )
  brokers = await startBrokers({ manifests: shipped, resolve, clock: makeClock(50) })
})

afterEach(async () => {
  await brokers.close()
  await services.close()
})

describe('the shipped Brokers and Triggers', () => {
  const of = (kind: string, apiversion = 'linebot.dev/v1alpha1') => ({
    type: 'dev.knative.apiserver.ref.update',
    apiversion,
    kind,
  })
  it.each([
    { attributes: of('Event'), to: ['event-controller'] },
    { attributes: of('Event', 'v1'), to: [] },
    { attributes: of('Secret', 'v1'), to: ['bot-controller'] },
    { attributes: of('Bot'), to: ['bot-controller', 'event-controller'] },
    {
      attributes: { ...of('Deployment', 'apps/v1'), namespace: 'linebot-system' },
      to: ['bot-controller', 'event-controller'],
    },
    { attributes: { ...of('Deployment', 'apps/v1'), namespace: 'shop' }, to: [] },
    { attributes: { type: 'dev.knative.sources.ping' }, to: ['bot-controller', 'event-controller'] },
  ])('bring $attributes to $to', async ({ attributes, to }) => {
    await send(`${brokers.url}/linebot-system/changes`, { headers: event(attributes) })
    // What waits for its subscribers goes the same way, later.
    await send(`${brokers.url}/linebot-system/incoming`, { headers: event({ type: 'dev.linebot.webhook' }) })
    await until('all arrived', 25, () => paths().length === to.length + 1)
    expect(paths().toSorted()).toEqual(['/deliver', ...to.map((name) => `/linebot-system/${name}`)].toSorted())
  })
})

it('dies with what is under way', async () => {
  services.answer(() => ({ status: 503 }))
  await send(`${brokers.url}/linebot-system/changes`, {
    headers: event({ type: 'dev.knative.sources.ping' }),
  })
  await until('it was tried', 25, () => paths().length >= 2)
  await brokers.close()
  const before = paths().length
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(paths()).toHaveLength(before)
  brokers = await startBrokers({ manifests: [], resolve: () => undefined })
})

it('is not for pages of other origins', async () => {
  const headers = { ...event(), origin: 'https://elsewhere.example' }
  expect((await send(`${brokers.url}/linebot-system/changes`, { headers })).status).toBe(403)
})

describe('a Trigger', () => {
  const written = (delivery: object, spec = {}) => ({
    kind: 'Trigger',
    metadata: { name: 'a', namespace: 'b' },
    spec: {
      broker: 'changes',
      filters: [],
      subscriber: { uri: 'http://127.0.0.1:1' },
      delivery: { retry: 1, backoffPolicy: 'exponential', backoffDelay: 'PT1S', timeout: 'PT1S', ...delivery },
      ...spec,
    },
  })

  it.each([
    { text: 'PT2S', ms: 2000 },
    { text: 'PT0.2S', ms: 200 },
    { text: 'PT1M30S', ms: 90_000 },
    { text: 'PT2M', ms: 120_000 },
  ])('reads $text', ({ text, ms }) => {
    expect(trigger.parse(written({ timeout: text })).spec.delivery.timeout).toBe(ms)
  })

  it.each([
    { what: 'an unreadable time', delivery: { timeout: 'PT' } },
    { what: 'another policy', delivery: { backoffPolicy: 'linear' } },
    { what: 'a dead letter sink', delivery: { deadLetterSink: { uri: 'http://127.0.0.1:1' } } },
    { what: 'no timeout', delivery: { timeout: undefined } },
    { what: 'another dialect', spec: { filters: [{ cesql: 'true' }] } },
    { what: 'an empty value', spec: { filters: [{ exact: { kind: '' } }] } },
  ])('is refused with $what', ({ delivery = {}, spec = {} }) => {
    expect(trigger.safeParse(written(delivery, spec)).success).toBe(false)
  })
})

it('takes an attribute that is absent for one that does not fit, also where that is not wanted', () => {
  const filter = { exact: { kind: 'Bot' } }
  expect([passes(filter, {}), passes({ not: filter }, {})]).toEqual([false, true])
})
