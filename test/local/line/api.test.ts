import { describe, expect, it } from 'vitest'
import { makePlatform } from '../../../functions/local/line/app.ts'
import { hunter } from './bot.ts'

const rathalos = `U${'b'.repeat(32)}`
const bearer = { authorization: `Bearer ${hunter.accessToken}` }
const text = { type: 'text', text: 'roar' }

/** A platform whose clock stands still unless it is moved. */
const start = () => {
  const clock = { now: Date.UTC(2026, 0, 1) }
  const { app } = makePlatform({ channels: [hunter], now: () => clock.now })
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = bearer) => {
    const response = await app.request(path, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const answer = await response.text()
    return { status: response.status, headers: response.headers, body: answer === '' ? undefined : JSON.parse(answer) }
  }
  const simulate = (path: string, body: unknown, method = 'POST') => call(method, `/_simulator/${path}`, body, {})
  return { clock, call, simulate }
}

const pushTo = (to: string, ...messages: object[]) => ({ to, messages: messages.length > 0 ? messages : [text] })

describe('every answer', () => {
  it.each([
    ['GET', '/v2/bot/info', bearer, 200],
    ['GET', '/v2/bot/info', {}, 401],
    ['GET', '/v2/bot/info', { authorization: 'Bearer nobody' }, 401],
    ['GET', '/v2/bot/info', { authorization: `Basic ${hunter.accessToken}` }, 401],
    ['GET', '/v2/bot/nothing', bearer, 404],
    ['GET', '/', {}, 404],
    ['POST', '/v2/bot/message/reply', bearer, 400],
  ])('to %s %s has a request id of its own', async (method, path, headers, status) => {
    const { call } = start()
    const [one, two] = [await call(method, path, undefined, headers), await call(method, path, undefined, headers)]
    expect(one.status).toBe(status)
    expect(one.headers.get('x-line-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(two.headers.get('x-line-request-id')).not.toBe(one.headers.get('x-line-request-id'))
  })
})

const ask = (secret: string, grant = 'client_credentials') =>
  `grant_type=${grant}&client_id=${hunter.id}&client_secret=${secret}`

describe('a stateless token', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' }

  it('works for 15 minutes', async () => {
    const { clock, call } = start()
    const { body } = await call('POST', '/oauth2/v3/token', ask(hunter.secret), form)
    expect(body).toEqual({ token_type: 'Bearer', access_token: expect.any(String), expires_in: 900 })
    const status = async () =>
      (await call('GET', '/v2/bot/info', undefined, { authorization: `Bearer ${body.access_token}` })).status
    clock.now += 900_000 - 1
    expect(await status()).toBe(200)
    clock.now += 1
    expect(await status()).toBe(401)
  })

  it.each([
    ['another secret', ask('wrong')],
    ['another grant', ask(hunter.secret, 'password')],
    ['nothing', ''],
  ])('is not given for %s', async (_what, body) => {
    const { call } = start()
    const refused = await call('POST', '/oauth2/v3/token', body, form)
    expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })

  it('is issued for the new secret once it was rotated, and the old one is dead', async () => {
    const { call, simulate } = start()
    await simulate(`channels/${hunter.id}`, { secret: 'new' }, 'PATCH')
    expect((await call('POST', '/oauth2/v3/token', ask('new'), form)).status).toBe(200)
    expect((await call('POST', '/oauth2/v3/token', ask(hunter.secret), form)).status).toBe(400)
  })
})

describe('a request body', () => {
  const reply = '/v2/bot/message/reply'
  it.each<[string, unknown, Record<string, string>, number, string]>([
    ['that is not JSON', '{"replyToken"', bearer, 400, 'could not be parsed as JSON'],
    ['that is a list', '[]', bearer, 400, 'could not be parsed as JSON'],
    ['that is too deep', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, bearer, 400, 'could not be parsed as JSON'],
    [
      'of another type',
      '{}',
      { ...bearer, 'content-type': 'text/plain' },
      415,
      'The content type, text/plain, is not supported',
    ],
    ['above 2 MB', { text: 'x'.repeat(2 * 1024 * 1024) }, bearer, 413, 'too large'],
    [
      'with a retry key',
      { replyToken: 't', messages: [text] },
      { ...bearer, 'x-line-retry-key': '1' },
      400,
      'retry key',
    ],
    ['with nothing right', {}, bearer, 400, 'The request body has 2 error(s)'],
    [
      'with a token that nobody gave',
      { replyToken: '0'.repeat(32), messages: [text] },
      bearer,
      400,
      'Invalid reply token',
    ],
  ])('%s is refused', async (_what, body, headers, status, message) => {
    const { call } = start()
    expect(await call('POST', reply, body, headers)).toMatchObject({
      status,
      body: { message: expect.stringContaining(message) },
    })
  })
})

describe('a push', () => {
  const push = '/v2/bot/message/push'
  const key = '123e4567-e89b-12d3-a456-426614174000'

  it('to nobody known fails', async () => {
    const { call } = start()
    expect(await call('POST', push, pushTo('Ustranger'))).toMatchObject({
      status: 400,
      body: { message: 'Failed to send messages' },
    })
  })

  it('counts per person, and ends at the quota', async () => {
    const { call, simulate } = start()
    await simulate('users', { userId: rathalos, displayName: '火龍' })
    await simulate(`channels/${hunter.id}`, { quota: 1 }, 'PATCH')
    expect((await call('GET', '/v2/bot/message/quota')).body).toEqual({ type: 'limited', value: 1 })
    expect((await call('POST', push, pushTo(rathalos, text, text))).status).toBe(200)
    expect(await call('POST', push, pushTo(rathalos))).toMatchObject({
      status: 429,
      body: { message: 'You have reached your monthly limit.' },
    })
    expect((await call('GET', '/v2/bot/message/quota/consumption')).body).toEqual({ totalUsage: 1 })
    await simulate(`channels/${hunter.id}`, { quota: null }, 'PATCH')
    expect((await call('GET', '/v2/bot/message/quota')).body).toEqual({ type: 'none' })
  })

  it('with a retry key that failed can be sent again, and for 24 hours after it worked not again', async () => {
    const { clock, call, simulate } = start()
    const again = () => call('POST', push, pushTo(rathalos), { ...bearer, 'x-line-retry-key': key })
    expect((await again()).status).toBe(400)
    await simulate('users', { userId: rathalos, displayName: '火龍' })
    expect((await again()).status).toBe(200)
    clock.now += 24 * 3_600_000 - 1
    expect((await again()).status).toBe(409)
    clock.now += 1
    expect((await again()).status).toBe(200)
  })

  it('with a retry key that is no UUID is refused', async () => {
    const { call } = start()
    expect((await call('POST', push, pushTo(rathalos), { ...bearer, 'x-line-retry-key': 'again' })).status).toBe(400)
  })
})

it.each(['reply', 'push'])('validating a %s costs nothing and says what is wrong', async (kind) => {
  const { call } = start()
  const path = `/v2/bot/message/validate/${kind}`
  expect(await call('POST', path, { messages: [text] })).toMatchObject({ status: 200, body: {} })
  expect(await call('POST', path, { messages: [] })).toMatchObject({
    status: 400,
    body: { details: [{ property: 'messages' }] },
  })
  expect((await call('GET', '/v2/bot/message/quota/consumption')).body).toEqual({ totalUsage: 0 })
})

describe('the webhook endpoint', () => {
  const path = '/v2/bot/channel/webhook/endpoint'

  it('is not found until it is set, and can be switched off', async () => {
    const { call, simulate } = start()
    const endpoint = 'https://bots.example.com/webhook/team/hunter'
    expect(await call('GET', path)).toMatchObject({ status: 404, body: { message: 'Webhook endpoint not found' } })
    expect(await call('PUT', path, { endpoint })).toMatchObject({ status: 200, body: {} })
    expect((await call('GET', path)).body).toEqual({ endpoint, active: true })
    await simulate(`channels/${hunter.id}`, { active: false }, 'PATCH')
    expect((await call('GET', path)).body).toEqual({ endpoint, active: false })
    expect(await simulate('say', { channel: hunter.id, user: 'U1', text: 'hi' })).toMatchObject({ status: 409 })
  })

  it.each(['http://bots.example.com/', 'nonsense', 7])('is not set to %s', async (endpoint) => {
    const { call } = start()
    expect(await call('PUT', path, { endpoint })).toMatchObject({
      status: 400,
      body: { message: 'Invalid webhook endpoint URL' },
    })
    expect((await call('GET', path)).status).toBe(404)
  })

  it('can be tested 60 times an hour', async () => {
    const { clock, call } = start()
    const test = async () => (await call('POST', '/v2/bot/channel/webhook/test')).status
    const statuses = []
    for (let count = 0; count < 61; count++) statuses.push(await test())
    expect(statuses).toEqual([...Array.from({ length: 60 }, () => 404), 429])
    clock.now += 3_600_000
    expect(await test()).toBe(404)
  })
})

describe('a fault', () => {
  const info = '/v2/bot/info'

  it.each([
    [{ limit: 'rate' }, 429, 'The API rate limit has been exceeded. Try again later.'],
    [{ limit: 'monthly' }, 429, 'You have reached your monthly limit.'],
    [{ limit: 'sameUser' }, 429, 'Too many messages were sent to the same user.'],
    [{ status: 500 }, 500, 'The server encountered an internal error'],
    [{ status: 503, message: 'later' }, 503, 'later'],
  ])('%o is what the next call gets, and only that', async (fault, status, message) => {
    const { call, simulate } = start()
    await simulate('faults', { path: info, ...fault })
    expect(await call('GET', info)).toMatchObject({ status, body: { message } })
    expect((await call('GET', info)).status).toBe(200)
  })

  it('with a status leaves the call undone', async () => {
    const { call, simulate } = start()
    const path = '/v2/bot/channel/webhook/endpoint'
    await simulate('faults', { path, method: 'PUT', status: 500 })
    await call('PUT', path, { endpoint: 'https://bots.example.com/' })
    expect((await call('GET', path)).status).toBe(404)
  })

  it('can be taken back', async () => {
    const { call, simulate } = start()
    await simulate('faults', { path: info, status: 500 })
    await simulate('faults', undefined, 'DELETE')
    expect((await call('GET', info)).status).toBe(200)
  })
})

describe('the record of calls', () => {
  it('has what was asked and answered, and no secrets', async () => {
    const { clock, call, simulate } = start()
    await call('POST', '/oauth2/v3/token', ask(hunter.secret))
    clock.now += 5
    await call('POST', '/v2/bot/message/validate/reply', { messages: [] })
    const { body } = await simulate('calls', undefined, 'GET')
    expect(JSON.stringify(body)).not.toMatch(`${hunter.secret}|stateless-|${hunter.accessToken}`)
    expect(body.calls).toMatchObject([
      { channel: hunter.id, method: 'POST', path: '/oauth2/v3/token', status: 200 },
      { time: clock.now, channel: hunter.id, status: 400, request: { messages: [] }, response: { details: [{}] } },
    ])
  })

  it('can be narrowed and emptied', async () => {
    const { clock, call, simulate } = start()
    await call('GET', '/v2/bot/info', undefined, {})
    clock.now += 5
    await call('GET', '/v2/bot/info')
    const count = async (query: string) => (await simulate(`calls${query}`, undefined, 'GET')).body.calls.length
    expect(await count('')).toBe(2)
    expect(await count(`?channel=${hunter.id}`)).toBe(1)
    expect(await count(`?since=${clock.now}`)).toBe(1)
    expect(await count(`?since=${clock.now + 1}`)).toBe(0)
    expect((await simulate('calls', undefined, 'DELETE')).status).toBe(204)
    expect(await count('')).toBe(0)
  })
})

describe('the simulator says what is wrong with', () => {
  it.each<[string, string, unknown, number, string]>([
    ['broken JSON', 'say', '{', 400, 'not JSON'],
    ['a missing user', 'say', { channel: hunter.id, text: 'hi' }, 400, 'user'],
    ['neither text nor message', 'say', { channel: hunter.id, user: 'U1' }, 400, 'give text or message'],
    ['a misspelt member', 'say', { channel: hunter.id, user: 'U1', txet: 'hi' }, 400, 'txet'],
    ['an unknown channel', 'say', { channel: 'x', user: 'U1', text: 'hi' }, 404, 'no channel "x"'],
    ['a channel without endpoint', 'say', { channel: hunter.id, user: 'U1', text: 'hi' }, 409, 'no webhook endpoint'],
    ['a fault that does nothing', 'faults', { path: '/' }, 400, 'give status'],
    ['an unknown channel for a user', 'users', { channel: 'x', userId: 'U1', displayName: 'a' }, 404, 'no channel'],
    ['an unknown path', 'nothing', {}, 404, 'no POST /_simulator/nothing'],
  ])('%s', async (_what, path, body, status, message) => {
    const { simulate } = start()
    expect(await simulate(path, body)).toMatchObject({ status, body: { message: expect.stringContaining(message) } })
  })

  it('a page of another origin', async () => {
    const { call } = start()
    const from = (origin: string) => call('GET', '/_simulator/channels', undefined, { host: 'localhost:7072', origin })
    expect((await from('https://evil.example.com')).status).toBe(403)
    expect((await from('null')).status).toBe(403)
    expect((await from('http://localhost:7072')).status).toBe(200)
  })
})

it('a channel can be added while it runs', async () => {
  const { call, simulate } = start()
  const added = await simulate('channels', { id: '2', secret: 's', name: 'Two' })
  expect(added.status).toBe(201)
  const info = await call('GET', '/v2/bot/info', undefined, { authorization: `Bearer ${added.body.accessToken}` })
  expect(info.body).toMatchObject({ displayName: 'Two', userId: expect.stringMatching(/^U[0-9a-f]{32}$/) })
  expect((await simulate('channels', undefined, 'GET')).body.channels).toHaveLength(2)
})

describe('the loading animation', () => {
  it.each<[string, object, number]>([
    ['a user', { chatId: rathalos }, 202],
    ['a user, for a time', { chatId: rathalos, loadingSeconds: 60 }, 202],
    ['nobody', {}, 400],
    ['a group', { chatId: `C${'a'.repeat(32)}` }, 400],
    ['too short', { chatId: rathalos, loadingSeconds: 0 }, 400],
    ['too long', { chatId: rathalos, loadingSeconds: 65 }, 400],
    ['for a time that is no five', { chatId: rathalos, loadingSeconds: 12 }, 400],
  ])('shown to %s gets %j: %i', async (_what, body, status) => {
    const { call } = start()
    expect((await call('POST', '/v2/bot/chat/loading/start', body)).status).toBe(status)
  })
})
