import { afterEach, describe, expect, it } from 'vitest'
import { failureOf } from '../../../functions/local/line/send.ts'
import { type Line, type LineOptions, startLine } from '../../../functions/local/line/start.ts'
import { signatureFor } from '../../../functions/local/line/webhooks.ts'
import { type Bot, hunter, last, startBot } from './bot.ts'

const user = `U${'b'.repeat(32)}`
const open: { close(): Promise<void> }[] = []

afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

const bot = async (...given: Parameters<typeof startBot>): Promise<Bot> => {
  const started = await startBot(...given)
  open.unshift(started)
  return started
}

const request = async (line: Line, method: string, path: string, body?: object) => {
  const response = await fetch(`${line.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${hunter.accessToken}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
}

/** A platform whose channel's endpoint is `endpoint`. */
const lineTo = async (endpoint: string, options: LineOptions = {}) => {
  const line = await startLine({ channels: [hunter], httpWebhooks: true, ...options })
  open.unshift(line)
  await request(line, 'PUT', '/v2/bot/channel/webhook/endpoint', { endpoint })
  const simulate = async (path: string, body: object) => (await request(line, 'POST', `/_simulator/${path}`, body)).body
  const read = async (path: string) => (await request(line, 'GET', path)).body
  return { line, simulate, read, call: request.bind(undefined, line) }
}

const hi = { channel: hunter.id, user, text: 'hi' }

describe('a webhook', () => {
  it('arrives as LINE sends it', async () => {
    const to = await bot()
    const { simulate } = await lineTo(to.url)
    const outcome = await simulate('say', hi)
    expect(outcome).toMatchObject({ status: 200, ms: expect.any(Number), detail: '200' })
    expect(outcome).not.toHaveProperty('error')
    const webhook = last(to)
    expect(webhook).toMatchObject({
      method: 'POST',
      url: '/webhook/team/hunter',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'LineBotWebhook/2.0',
        'x-line-signature': signatureFor(webhook.body, hunter.secret),
      },
    })
    const { destination, events } = JSON.parse(String(webhook.body))
    expect(destination).toBe(hunter.destination)
    expect(events).toMatchObject([
      { type: 'message', webhookEventId: outcome.webhookEventIds[0], replyToken: outcome.replyTokens[0] },
    ])
  })

  it('goes to the gateway, for the host of its URL', async () => {
    const { origin, received } = await bot()
    const { simulate } = await lineTo('https://bots.example.com/webhook/team/hunter?a=b', { gateway: origin })
    await simulate('say', hi)
    expect(received).toMatchObject([{ url: '/webhook/team/hunter?a=b', headers: { host: 'bots.example.com' } }])
  })

  it('holds many events of many people', async () => {
    const { url, received } = await bot()
    const { simulate } = await lineTo(url)
    const source = { type: 'user', userId: 'Uother' }
    const outcome = await simulate('events', {
      channel: hunter.id,
      user,
      events: [{ type: 'follow' }, { type: 'unfollow' }, { type: 'hologram', source }],
    })
    expect(outcome.webhookEventIds).toHaveLength(3)
    expect(outcome.replyTokens).toEqual([expect.any(String), null, null])
    expect(JSON.parse(String(received[0]?.body)).events).toMatchObject([
      { type: 'follow', source: { userId: user } },
      { type: 'unfollow', source: { userId: user } },
      { type: 'hologram', source },
    ])
  })

  it('is signed with the new secret once it was rotated', async () => {
    const to = await bot()
    const { simulate, call } = await lineTo(to.url)
    await call('PATCH', `/_simulator/channels/${hunter.id}`, { secret: 'new' })
    await simulate('say', hi)
    const { headers, body } = last(to)
    expect(headers['x-line-signature']).toBe(signatureFor(body, 'new'))
  })

  it.each([
    ['the right signature', undefined, [signatureFor(Buffer.from('{"no'), hunter.secret)]],
    ['none', { signature: null }, []],
    ['a wrong one', { signature: 'wrong' }, ['wrong']],
    ['two', { signature: null, headers: { 'x-line-signature': ['a', 'b'] } }, ['a', 'b']],
  ])('can be any bytes, with %s', async (_what, given, signatures) => {
    const { url, received } = await bot()
    const { simulate } = await lineTo(url)
    await simulate('webhook', { channel: hunter.id, body: '{"no', ...given })
    await simulate('webhook', { channel: hunter.id, bodyBase64: Buffer.from([0xff, 0]).toString('base64') })
    const [{ rawHeaders, body } = { rawHeaders: [], body: Buffer.alloc(0) }, second] = received
    expect(rawHeaders.filter((_value, at) => at % 2 === 1 && rawHeaders[at - 1] === 'x-line-signature')).toEqual(
      signatures,
    )
    expect(body.toString()).toBe('{"no')
    expect(second?.body).toEqual(Buffer.from([0xff, 0]))
  })

  it.each([
    [302, 'error_status_code'],
    [401, 'error_status_code'],
    [500, 'error_status_code'],
  ])('that is answered %i has failed, and is not sent again', async (status, error) => {
    const { url, received } = await bot((response) => void response.writeHead(status, { location: '/' }).end())
    const { simulate } = await lineTo(url)
    expect(await simulate('say', hi)).toMatchObject({ status, error, detail: String(status) })
    expect(received).toHaveLength(1)
  })

  it('that nobody takes could not connect', async () => {
    const gone = await startBot()
    await gone.close()
    const { simulate } = await lineTo(gone.url)
    expect(await simulate('say', hi)).toMatchObject({
      error: 'could_not_connect',
      detail: `Connection failed: ${gone.url}`,
    })
  })

  it('that is cut is unclassified', async () => {
    const { url } = await bot((response) => void response.destroy())
    const { simulate } = await lineTo(url)
    expect(await simulate('say', hi)).toMatchObject({ error: 'unclassified', detail: 'Session closed unexpectedly' })
  })

  it('that is answered too late is a timeout, and the record learns how it would have ended', async () => {
    const answers: (() => void)[] = []
    const { url } = await bot((response) => void answers.push(() => response.end()))
    const { simulate, read } = await lineTo(url, { limitMs: 20 })
    const outcome = await simulate('say', hi)
    expect(outcome).toMatchObject({ error: 'request_timeout', detail: 'Request timeout' })
    expect(outcome).not.toHaveProperty('status')
    for (const answer of answers) answer()
    await expect
      .poll(async () => (await read('/_simulator/webhooks')).webhooks)
      .toMatchObject([{ error: 'request_timeout', late: { status: 200, ms: expect.any(Number) } }])
  })

  it('can be sent again, with the same event and another delivery', async () => {
    const { url, received } = await bot()
    const { simulate } = await lineTo(url)
    const { webhookEventIds } = await simulate('say', hi)
    expect(await simulate('redeliver', { channel: hunter.id, webhookEventIds })).toMatchObject({
      status: 200,
      webhookEventIds,
    })
    const [first, second] = received.map(({ body }) => JSON.parse(String(body)).events[0])
    expect(second).toEqual({ ...first, deliveryContext: { isRedelivery: true } })
    expect(await simulate('redeliver', { channel: hunter.id, webhookEventIds: ['x'] })).toMatchObject({
      message: expect.stringContaining('has not sent'),
    })
  })
})

it('the test of an endpoint says in LINE’s words how it went', async () => {
  const { url, received } = await bot((response) => void response.writeHead(404).end())
  const { call } = await lineTo(url)
  const test = async (body?: object) => (await call('POST', '/v2/bot/channel/webhook/test', body)).body
  const timestamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
  expect(await test()).toEqual({
    success: false,
    timestamp,
    statusCode: 404,
    reason: 'ERROR_STATUS_CODE',
    detail: '404',
  })
  expect(String(received[0]?.body)).toBe(`{"destination":"${hunter.destination}","events":[]}`)
  const gone = await startBot()
  await gone.close()
  expect(await test({ endpoint: gone.url })).toEqual({
    success: false,
    timestamp,
    statusCode: 0,
    reason: 'COULD_NOT_CONNECT',
    detail: `Connection failed: ${gone.url}`,
  })
})

/** A webhook that was sent, and the reply to it. */
const said = async () => {
  const { url } = await bot()
  const to = await lineTo(url)
  const { webhookEventIds, replyTokens } = await to.simulate('say', hi)
  const reply = (text = 'roar') =>
    to.call('POST', '/v2/bot/message/reply', { replyToken: replyTokens[0], messages: [{ type: 'text', text }] })
  return { ...to, id: String(webhookEventIds[0]), reply }
}

describe('a reply', () => {
  it('is found by its event, with its age', async () => {
    const { id, reply, read } = await said()
    await reply()
    await reply()
    const { replies } = await read(`/_simulator/replies?webhookEventId=${id}`)
    expect(replies).toMatchObject([
      { status: 200, ms: expect.any(Number), request: { messages: [{ text: 'roar' }] } },
      { status: 400, response: { message: 'Invalid reply token' } },
    ])
    expect(replies[0].ms).toBeGreaterThanOrEqual(0)
  })

  it('that is refused for its messages leaves the token good', async () => {
    const { reply } = await said()
    expect((await reply('x'.repeat(5001))).status).toBe(400)
    expect((await reply()).status).toBe(200)
  })

  it('whose connection is cut was sent all the same', async () => {
    const { reply, simulate, read, id } = await said()
    await simulate('faults', { path: '/v2/bot/message/reply', drop: true })
    await expect(reply()).rejects.toThrow('fetch failed')
    expect(await reply()).toMatchObject({ status: 400, body: { message: 'Invalid reply token' } })
    const { replies } = await read(`/_simulator/replies?webhookEventId=${id}`)
    expect(replies).toMatchObject([{ status: 200 }, { status: 400 }])
  })

  it('can be held back', async () => {
    const { reply, simulate, read } = await said()
    await simulate('faults', { path: '/v2/bot/message/reply', delayMs: 30 })
    const from = performance.now()
    expect((await reply()).status).toBe(200)
    expect(performance.now() - from).toBeGreaterThanOrEqual(29)
    expect((await read('/_simulator/calls')).calls).toContainEqual(expect.objectContaining({ fault: 'delayed' }))
  })
})

describe('a member of a group', () => {
  it('is known by what happened there, in this channel, and counts for a push', async () => {
    const { url } = await bot()
    const { simulate, call } = await lineTo(url)
    const path = `/v2/bot/group/C1/member/${user}`
    await simulate('users', { userId: user, displayName: '火龍' })
    expect((await call('GET', path)).status).toBe(404)
    await simulate('events', {
      channel: hunter.id,
      group: 'C1',
      events: [{ type: 'memberJoined', joined: { members: [{ type: 'user', userId: user }] } }],
    })
    await simulate('say', { channel: hunter.id, user: 'Uother', group: 'C1', text: 'hi' })
    expect(await call('GET', path)).toMatchObject({ status: 200, body: { userId: user, displayName: '火龍' } })
    expect((await call('GET', `/v2/bot/room/R1/member/${user}`)).status).toBe(404)
    await call('POST', '/v2/bot/message/push', { to: 'C1', messages: [{ type: 'text', text: 'roar' }] })
    expect((await call('GET', '/v2/bot/message/quota/consumption')).body).toEqual({ totalUsage: 2 })
  })
})

it.each([
  ['ENOTFOUND', 'could_not_connect', 'Unknown host: https://b'],
  ['ECONNREFUSED', 'could_not_connect', 'Connection failed: https://b'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'could_not_connect', 'TLS handshake failure: https://b'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'could_not_connect', 'TLS handshake failure: https://b'],
  ['ECONNRESET', 'unclassified', 'Session closed unexpectedly'],
  ['HPE_INVALID_CONSTANT', 'unclassified', 'Unclassified webhook dispatch error'],
])('%s is %s to LINE', (code, reason, detail) => {
  expect(failureOf(Object.assign(new Error('broken'), { code }), 'https://b')).toEqual({ reason, detail })
})
