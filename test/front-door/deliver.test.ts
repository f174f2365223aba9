import http from 'node:http'
import { describe, expect, it } from 'vitest'
import { sign } from '../../functions/edge/signature.ts'
import { scraped } from '../metrics.ts'
import { ask, botWith, delivery, later, only, openDoor, secret, until, webhookBody } from './door.ts'

it('the bot gets the same event, bytes and extensions, at the root of its address', async () => {
  const door = await openDoor()
  const sent = delivery(webhookBody, {
    'ce-knativearrivaltime': '2026-01-01T00:00:00Z',
    'ce-id': 'one',
    prefer: 'reply',
  })
  expect(await ask(door, sent)).toMatchObject({ status: 204, body: '' })
  const { method, url, headers, body } = only(door.bot.got)
  expect(`${method} ${url}`).toBe('POST /')
  expect(body.equals(webhookBody)).toBe(true)
  expect(headers).toMatchObject({
    'ce-id': 'one',
    'ce-linesignature': sign(webhookBody, secret),
    'ce-knativearrivaltime': '2026-01-01T00:00:00Z',
    'content-type': 'application/json; charset=utf-8',
  })
  expect(headers).not.toHaveProperty('prefer')
  expect(headers.host).toBe(door.bot.url.host)
})

it.each([
  [200, 204],
  [202, 204],
  [204, 204],
  [400, 400],
  [403, 403],
  [410, 410],
  [413, 413],
  [404, 503],
  [408, 503],
  [409, 503],
  [429, 503],
  [500, 503],
  [502, 503],
  [503, 503],
  [504, 503],
  [301, 503],
  [undefined, 503],
])('a bot that answers %s means %i to the Broker, without a body', async (bot, status) => {
  const door = await openDoor({ bot: () => bot })
  expect(await ask(door, delivery())).toMatchObject({ status, body: '' })
  expect(door.bot.got).toHaveLength(1)
  expect(scraped(door.metrics)).toContain(`deliver_total{code="${status}"} 1`)
})

it.each([
  ['answers', 204, 'Info'],
  ['is busy', 503, 'Warn'],
  ['refuses', 400, 'Warn'],
])('the log names the events that a bot %s', async (_what, status, level) => {
  const door = await openDoor({ bot: () => status })
  await ask(door, delivery())
  const names = { level, bot: 'monster', events: 1, webhookEventIds: ['01HZX'] }
  expect(door.logged).toContainEqual(expect.objectContaining({ message: 'deliver', ...names }))
  expect(JSON.stringify(door.logged)).not.toMatch(/火龍|706B|🐉/)
})

it('the log names no events that LINE did not sign', async () => {
  const door = await openDoor()
  await ask(door, delivery(webhookBody, { 'ce-linesignature': 'no' }))
  expect(door.logged).toContainEqual(expect.objectContaining({ message: 'deliver', outcome: 'BadSignature' }))
  expect(JSON.stringify(door.logged)).not.toContain('01HZX')
})

it('what a bot has done is not brought to it again; what it could not do is', async () => {
  const door = await openDoor({ bot: (nth) => (nth === 0 ? 503 : 204) })
  const statuses = [await ask(door, delivery()), await ask(door, delivery()), await ask(door, delivery())]
  expect(statuses.map(({ status }) => status)).toEqual([503, 204, 204])
  expect(door.bot.got).toHaveLength(2)
})

it('a bot whose pod holds an older Secret is tried again: we know that the signature is good', async () => {
  const door = await openDoor({ bot: () => 401 })
  expect((await ask(door, delivery())).status).toBe(503)
})

describe('nothing wakes the bot', () => {
  it.each([
    ['no signature', { 'ce-linesignature': undefined }, 401],
    ['a wrong one', { 'ce-linesignature': sign(webhookBody, 'another') }, 401],
    ['a list of two', { 'ce-linesignature': [sign(webhookBody, secret), sign(webhookBody, secret)] }, 401],
    ['another type', { 'ce-type': 'dev.knative.apiserver.resource.add' }, 400],
    ['no CloudEvent', { 'ce-specversion': undefined }, 400],
    ['no id', { 'ce-id': undefined }, 400],
    ['no time', { 'ce-time': undefined }, 400],
    ['a time that is none', { 'ce-time': '1' }, 400],
    ['a day that is none', { 'ce-time': '2026-13-45T00:00:00Z' }, 400],
    ['no namespace', { 'ce-botnamespace': undefined }, 400],
    ['a namespace that cannot be', { 'ce-botnamespace': '../village' }, 400],
    ['a name that cannot be', { 'ce-botname': 'monster/../../x' }, 400],
    ['a Bot that is gone', { 'ce-botname': 'nobody' }, 410],
    ['a webhook that is too old', { 'ce-time': new Date(Date.now() - 50_001).toISOString() }, 410],
    ['a body above 1 MiB', { 'content-length': 1024 * 1024 + 1 }, 413],
  ])('for %s', async (_what, headers, status) => {
    const door = await openDoor()
    const sent = delivery(webhookBody)
    const wanted = Object.entries({ ...sent.headers, ...headers }).filter(([, value]) => value !== undefined)
    const big = status === 413 ? Buffer.alloc(1024 * 1024 + 1) : webhookBody
    expect(await ask(door, { ...sent, headers: Object.fromEntries(wanted), body: big })).toMatchObject({
      status,
      body: '',
    })
    expect(door.bot.got).toEqual([])
  })

  it('when the Bot is suspended, and the Broker is told that all is done', async () => {
    const door = await openDoor({ read: { bot: async () => botWith('http://127.0.0.1:9/', { suspend: true }) } })
    expect((await ask(door, delivery())).status).toBe(204)
  })

  it('with another method', async () => {
    const door = await openDoor()
    expect((await ask(door, { ...delivery(), method: 'PUT' })).status).toBe(405)
  })
})

it('what is too old is counted as expired', async () => {
  const door = await openDoor()
  await ask(door, delivery(webhookBody, { 'ce-time': '2020-01-01T00:00:00.000Z' }))
  expect(scraped(door.metrics)).toContain('expired_total{at="Deliver",namespace="village",bot="monster"} 1')
})

it('a bot with an https address in the cluster is not called, and the log says why', async () => {
  const door = await openDoor({ read: { bot: async () => botWith('https://monster.village.svc.cluster.local') } })
  expect((await ask(door, delivery())).status).toBe(503)
  expect(door.logged).toContainEqual(expect.objectContaining({ message: 'deliver', outcome: 'AddressIsTLS' }))
})

it.each([
  ['the API server is down', { bot: async () => Promise.reject(new Error('down')) }],
  ['the Bot has no address yet', { bot: async () => botWith(undefined) }],
  ['the Bot has an address that is none', { bot: async () => botWith('monster.village') }],
  ['nobody listens there', { bot: async () => botWith('http://127.0.0.1:9/') }],
  ['its Secret is missing', { secret: async () => undefined }],
])('the Broker tries again when %s', async (_what, read) => {
  const door = await openDoor({ read })
  expect(await ask(door, delivery())).toMatchObject({ status: 503, body: '' })
})

it('deliveries leave no room taken, however they end', async () => {
  const door = await openDoor({ bot: (nth) => [204, 400, 503][nth % 3], limits: { roomBytes: 10_000 } })
  const statuses: number[] = []
  for (let nth = 0; nth < 6; nth++)
    statuses.push((await ask(door, delivery(webhookBody, { 'ce-id': `event-${nth}` }))).status)
  expect(statuses).toEqual([204, 400, 503, 204, 400, 503])
  expect((await ask(door, delivery(webhookBody, { 'ce-linesignature': 'no' }))).status).toBe(401)
  expect((await ask(door, delivery())).status).toBe(204)
})

it('an address that came meanwhile is seen at the Broker’s next try', async () => {
  let url: string | undefined
  let now = Date.now()
  const door = await openDoor({ read: { bot: async () => botWith(url) }, now: () => now })
  expect((await ask(door, delivery())).status).toBe(503)
  url = door.bot.url.href
  now += 5_000
  expect((await ask(door, delivery())).status).toBe(204)
})

it.each([
  ['30 s', 0, 30],
  ['what is left of the webhook’s 50 s', 49_980, 20],
])('a bot that does not answer is left after %s', async (_what, ageMs, expectedMs) => {
  const scale = ageMs === 0 ? { deliverMs: 30 } : {}
  const door = await openDoor({ bot: () => new Promise(() => {}), limits: scale })
  const sent = delivery(webhookBody, { 'ce-time': new Date(Date.now() - ageMs).toISOString() })
  const beganAt = performance.now()
  // The webhook may expire while it is on its way here.
  expect([503, 410]).toContain((await ask(door, sent)).status)
  expect(performance.now() - beganAt).toBeLessThan(expectedMs + 1_000)
})

it('a call goes on when its caller has gone, and the process waits for it', async () => {
  const answered = later<number>()
  const door = await openDoor({ bot: () => answered.promise })
  const { headers, body, path } = delivery()
  const caller = http.request({ host: '127.0.0.1', port: door.port, method: 'POST', path, headers })
  caller.on('error', () => {})
  caller.end(body)
  await until(() => expect(door.bot.got).toHaveLength(1))
  caller.destroy()
  const events: string[] = []
  const drained = door.app.drain().then(() => events.push('drained'))
  await until(() => expect(caller.destroyed).toBe(true))
  events.push('bot answers')
  answered.resolve(204)
  await drained
  expect(events).toEqual(['bot answers', 'drained'])
  expect(door.logged).toContainEqual(expect.objectContaining({ message: 'deliver', outcome: 'Done', answered: 204 }))
})
