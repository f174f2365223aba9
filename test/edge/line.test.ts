import { channelAccessToken, messagingApi } from '@line/bot-sdk'
import { describe, expect, it } from 'vitest'
import { type Line, LineError, type LineOptions, makeLine } from '../../functions/edge/line.ts'
import { makeLog } from '../../functions/edge/log.ts'
import { type Answer, fakeLine } from './line/fake-line.ts'

const silent = makeLog('Error')
const user = { type: 'user', userId: 'U1' }
const hello = [{ type: 'text', text: '火龍' }] as const

const byToken = () => ({ channelSecret: 'secret', channelAccessToken: 'token' })

function lineAt(baseUrl: string, more: Partial<LineOptions> = {}): Line {
  return makeLine({ baseUrl, credentials: byToken, timeoutMs: 5000, log: silent, waitsMs: [0, 0], ...more })
}

const issuedToken = (token: string, expiresIn = 900): Answer => ({
  status: 200,
  body: { token_type: 'Bearer', access_token: token, expires_in: expiresIn },
})
const byId = { credentials: () => ({ channelId: '1234', channelSecret: 's e&cret' }) }

async function errorOf(work: Promise<unknown>): Promise<LineError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof LineError) return error
  throw new Error(`expected a LineError, not ${String(error)}`)
}

const sorted = (form = '') => [...new URLSearchParams(form)].toSorted()

describe('our request is the one LINE’s SDK makes', () => {
  type Sdk = messagingApi.MessagingApiClient
  it.each<[string, object, (line: Line) => Promise<unknown>, (sdk: Sdk) => Promise<unknown>]>([
    [
      'reply',
      {},
      (line) => line.reply('r1', hello),
      (sdk) => sdk.replyMessage({ replyToken: 'r1', messages: [...hello] }),
    ],
    ['profile of a user', { displayName: 'A' }, (line) => line.profile(user), (sdk) => sdk.getProfile('U1')],
    [
      'profile of a group’s member',
      { displayName: 'A' },
      (line) => line.profile({ type: 'group', groupId: 'C1', userId: 'U1' }),
      (sdk) => sdk.getGroupMemberProfile('C1', 'U1'),
    ],
    [
      'profile of a room’s member',
      { displayName: 'A' },
      (line) => line.profile({ type: 'room', roomId: 'R1', userId: 'U1' }),
      (sdk) => sdk.getRoomMemberProfile('R1', 'U1'),
    ],
    ['validation', {}, (line) => line.validateReply(hello), (sdk) => sdk.validateReply({ messages: [...hello] })],
    [
      'push',
      {},
      (line) => line.push('U1', hello, '9d0e5c1e-0000-8000-8000-000000000000'),
      (sdk) => sdk.pushMessage({ to: 'U1', messages: [...hello] }, '9d0e5c1e-0000-8000-8000-000000000000'),
    ],
    [
      'the loading animation',
      {},
      (line) => line.startLoading('U1', 19),
      (sdk) => sdk.showLoadingAnimation({ chatId: 'U1', loadingSeconds: 20 }),
    ],
    ['a group’s name', { groupName: 'A' }, (line) => line.group('C1'), (sdk) => sdk.getGroupSummary('C1')],
    ['bot info', { userId: 'U0' }, (line) => line.botInfo(), (sdk) => sdk.getBotInfo()],
    [
      'webhook endpoint',
      { endpoint: 'https://a', active: true },
      (line) => line.getWebhookEndpoint(),
      (sdk) => sdk.getWebhookEndpoint(),
    ],
    [
      'setting the webhook endpoint',
      {},
      (line) => line.setWebhookEndpoint('https://a'),
      (sdk) => sdk.setWebhookEndpoint({ endpoint: 'https://a' }),
    ],
    ['testing it', { success: true }, (line) => line.testWebhookEndpoint(), (sdk) => sdk.testWebhookEndpoint({})],
    [
      'testing another',
      { success: true },
      (line) => line.testWebhookEndpoint('https://a'),
      (sdk) => sdk.testWebhookEndpoint({ endpoint: 'https://a' }),
    ],
    ['quota', { type: 'none' }, (line) => line.quota(), (sdk) => sdk.getMessageQuota()],
    ['consumption', { totalUsage: 1 }, (line) => line.quotaConsumption(), (sdk) => sdk.getMessageQuotaConsumption()],
  ])('%s', async (_what, body, ours, theirs) => {
    using server = await fakeLine({ status: 200, body })
    await ours(lineAt(server.url))
    await theirs(new messagingApi.MessagingApiClient({ channelAccessToken: 'token', baseURL: server.url }))
    expect(server.asked).toHaveLength(2)
    expect(server.asked[0]).toEqual(server.asked[1])
    expect(server.asked[0]?.authorization).toBe('Bearer token')
  })

  it('stateless token', async () => {
    using server = await fakeLine(issuedToken('t1'))
    await lineAt(server.url, byId).prepare()
    const sdk = new channelAccessToken.ChannelAccessTokenClient({ baseURL: server.url })
    await sdk.issueStatelessChannelTokenByClientSecret('1234', 's e&cret')
    const [ours, theirs] = server.asked
    expect(server.asked).toHaveLength(2)
    expect({ ...ours, body: undefined }).toEqual({ ...theirs, body: undefined })
    expect(sorted(ours?.body)).toEqual(sorted(theirs?.body))
  })
})

describe('what LINE says is read', () => {
  it('as far as we use it', async () => {
    using server = await fakeLine({ status: 200, body: { userId: 'U0', basicId: '@0', chatMode: 'chat', novelty: {} } })
    expect(await lineAt(server.url).botInfo()).toEqual({ userId: 'U0', basicId: '@0', chatMode: 'chat' })
  })

  it('and a quota without limit is none', async () => {
    using server = await fakeLine(
      { status: 200, body: { type: 'none' } },
      { status: 200, body: { type: 'limited', value: 200 } },
    )
    expect([await lineAt(server.url).quota(), await lineAt(server.url).quota()]).toEqual([undefined, 200])
  })

  it('and what is not found is undefined: a profile, a webhook endpoint', async () => {
    using server = await fakeLine({ status: 404, body: { message: 'Not found' } })
    expect(await lineAt(server.url).profile(user)).toBeUndefined()
    expect(await lineAt(server.url).getWebhookEndpoint()).toBeUndefined()
  })

  it.each([
    ['nobody', undefined],
    ['a group without a user', { type: 'group', groupId: 'C1' }],
    ['a group without its ID', { type: 'group', userId: 'U1' }],
    ['a new kind of chat', { type: 'square', userId: 'U1' }],
    ['a user who is a path', { type: 'user', userId: '../info' }],
  ])('and nothing is asked for the profile of %s', async (_who, source) => {
    using server = await fakeLine({ status: 200, body: { displayName: 'A' } })
    expect(await lineAt(server.url).profile(source)).toBeUndefined()
    expect(server.asked).toEqual([])
  })

  it.each([
    ['HTML', '<html>'],
    ['another shape', { displayName: 'A' }],
    ['nothing', ''],
  ])('and %s with 200 is no bot info', async (_what, body) => {
    using server = await fakeLine({ status: 200, body })
    expect(await errorOf(lineAt(server.url).botInfo())).toMatchObject({ kind: 'unavailable', requestId: 'request-1' })
  })
})

describe('an error of LINE', () => {
  it.each<[string, number, unknown, object]>([
    ['rate limit', 429, { message: 'The API rate limit has been exceeded. Try again later.' }, { kind: 'rateLimit' }],
    ['monthly quota', 429, { message: 'You have reached your monthly limit.' }, { kind: 'quota' }],
    [
      'used reply token',
      400,
      { message: 'Invalid reply token' },
      { kind: 'invalidReplyToken', message: 'Invalid reply token' },
    ],
    ['refused token', 401, { message: 'Authentication failed' }, { kind: 'unauthorized', status: 401 }],
    ['plan that does not allow it', 403, { message: 'Not available' }, { kind: 'unauthorized', status: 403 }],
    ['missing path', 404, { message: 'Not found' }, { kind: 'badRequest', status: 404 }],
    [
      'bean style',
      400,
      {
        message: 'The request body has 1 error(s)',
        details: [{ message: 'May not be empty', property: 'messages[0].text' }],
      },
      {
        kind: 'badRequest',
        details: [{ message: 'May not be empty', property: 'messages[0].text' }],
        requestId: 'request-1',
      },
    ],
    [
      'message style',
      400,
      {
        message: 'A message (messages[0]) in the request body is invalid',
        details: [{ message: 'invalid uri', property: '/hero/url' }],
      },
      { kind: 'badRequest', details: [{ message: 'invalid uri', property: '/hero/url' }] },
    ],
    ['no JSON', 400, 'nonsense', { kind: 'badRequest', message: 'LINE answered 400', details: [] }],
    ['redirect', 302, '', { kind: 'unavailable', status: 302 }],
  ])('is told: %s', async (_what, status, body, told) => {
    using server = await fakeLine({ status, body })
    expect(await errorOf(lineAt(server.url).reply('r', hello))).toMatchObject({ status, ...told })
  })

  it.each([429, 400, 401, 404])('is not asked for twice: %i', async (status) => {
    using server = await fakeLine({ status, body: { message: 'no' } })
    await errorOf(lineAt(server.url).reply('r', hello))
    expect(server.asked).toHaveLength(1)
  })

  it.each([
    [
      400,
      { error: 'invalid_client', error_description: 'invalid client_secret' },
      'unauthorized',
      'invalid client_secret',
    ],
    [401, { error: 'invalid_client' }, 'unauthorized', 'invalid_client'],
    [500, { error: 'server_error' }, 'unavailable', 'server_error'],
  ])('of the token endpoint, %i, says whether the credentials are wrong', async (status, body, kind, message) => {
    using server = await fakeLine({ status, body })
    expect(await errorOf(lineAt(server.url, byId).botInfo())).toMatchObject({ kind, message, status })
  })
})

describe('when LINE is unavailable', () => {
  it.each<[string, Answer]>([
    ['answers 500', { status: 500, body: { message: 'Internal' } }],
    ['answers 503', { status: 503 }],
    ['hangs up', 'drop'],
    ['does not answer in time', 'hang'],
  ])('the same request is sent up to three times: it %s', async (_how, answer) => {
    using server = await fakeLine(answer)
    const line = lineAt(server.url, { timeoutMs: 50 })
    expect(await errorOf(line.reply('r', hello))).toMatchObject({ kind: 'unavailable', ambiguous: true })
    expect(server.asked).toHaveLength(3)
    expect(new Set(server.asked.map((asked) => JSON.stringify(asked))).size).toBe(1)
    expect(server.asked[0]?.retryKey).toBeUndefined()
  })

  it('a later try that is taken is a success', async () => {
    using server = await fakeLine('drop', { status: 502 }, { status: 200 })
    await lineAt(server.url).reply('r', hello)
    expect(server.asked).toHaveLength(3)
  })

  it('a used token after a try that may have got through means delivered', async () => {
    using server = await fakeLine('drop', { status: 400, body: { message: 'Invalid reply token' } })
    await lineAt(server.url).reply('r', hello)
    expect(server.asked).toHaveLength(2)
  })

  it('a reply that no try was answered for is unconfirmed once LINE says that its token is used up', async () => {
    using server = await fakeLine('drop', { status: 500 }, 'drop', {
      status: 400,
      body: { message: 'Invalid reply token' },
    })
    const line = lineAt(server.url)
    expect(await errorOf(line.reply('r1', hello))).toMatchObject({ kind: 'unavailable', ambiguous: true })
    expect(await line.reply('r1', hello)).toBe('unconfirmed')
    expect((await errorOf(line.reply('r2', hello))).kind).toBe('invalidReplyToken')
  })

  it('a push is tried again with its key, and was delivered when LINE knows the key', async () => {
    using server = await fakeLine('drop', { status: 409, body: { message: 'The retry key is already accepted' } })
    await lineAt(server.url).push('U1', hello, 'a-key')
    expect(server.asked.map(({ retryKey }) => retryKey)).toEqual(['a-key', 'a-key'])
  })

  it('a profile is asked for once only: the reply matters more', async () => {
    using server = await fakeLine({ status: 500 })
    await errorOf(lineAt(server.url).profile(user))
    expect(server.asked).toHaveLength(1)
  })

  it('and nobody listens, nothing can have got through', async () => {
    const server = await fakeLine()
    server.close()
    const error = await errorOf(lineAt(server.url).reply('r', hello))
    expect(error).toMatchObject({ kind: 'unavailable', status: 0, ambiguous: false })
    expect(error.message).toContain('ECONNREFUSED')
  })

  it('an answer without end is cut off', async () => {
    using server = await fakeLine({ status: 200, body: 'x'.repeat(2 * 1024 * 1024) })
    expect((await errorOf(lineAt(server.url).botInfo())).message).toContain('above 1048576 bytes')
  })
})

it('a long-lived token that LINE refuses is read again, and the call repeated only with another one', async () => {
  const refused: Answer = { status: 401, body: { message: 'Authentication failed' } }
  using server = await fakeLine(refused, { status: 200, body: { userId: 'U0' } }, refused)
  const tokens = ['old', 'new']
  const credentials = () => ({ channelSecret: 's', channelAccessToken: tokens.shift() ?? 'new' })
  const line = lineAt(server.url, { credentials })
  await line.botInfo()
  expect((await errorOf(line.botInfo())).kind).toBe('unauthorized')
  expect(server.asked.map(({ authorization }) => authorization)).toEqual(['Bearer old', 'Bearer new', 'Bearer new'])
})

describe('a stateless token', () => {
  const info: Answer = { status: 200, body: { userId: 'U0' } }

  it('is issued once for concurrent callers and kept until a minute before its end', async () => {
    let now = 0
    using server = await fakeLine(issuedToken('t1'), info, info, info, issuedToken('t2'), info)
    const line = lineAt(server.url, { ...byId, now: () => now })
    await Promise.all([line.botInfo(), line.botInfo()])
    now = 839_999
    await line.botInfo()
    now = 840_000
    await line.botInfo()
    expect(server.asked.map(({ authorization }) => authorization)).toEqual([
      undefined,
      'Bearer t1',
      'Bearer t1',
      'Bearer t1',
      undefined,
      'Bearer t2',
    ])
  })

  it('that LINE refuses is replaced once', async () => {
    const refused: Answer = { status: 401, body: { message: 'Authentication failed' } }
    using server = await fakeLine(
      issuedToken('t1'),
      refused,
      issuedToken('t2'),
      info,
      refused,
      issuedToken('t3'),
      refused,
    )
    const line = lineAt(server.url, byId)
    await line.botInfo()
    expect((await errorOf(line.botInfo())).kind).toBe('unauthorized')
    expect(server.asked).toHaveLength(7)
  })

  it('is asked for again after an issue that failed', async () => {
    using server = await fakeLine({ status: 400, body: { error: 'invalid_client' } }, issuedToken('t1'), info)
    const line = lineAt(server.url, byId)
    await errorOf(line.botInfo())
    await line.botInfo()
    expect(server.asked).toHaveLength(3)
  })

  it('is preferred to a long-lived one, and without either the error says so', async () => {
    using server = await fakeLine(issuedToken('t1'), info)
    await lineAt(server.url, {
      credentials: () => ({ channelId: '1', channelSecret: 's', channelAccessToken: 'long' }),
    }).botInfo()
    expect(server.asked[1]?.authorization).toBe('Bearer t1')
    const error = await errorOf(lineAt(server.url, { credentials: () => ({ channelSecret: 's' }) }).botInfo())
    expect(error).toMatchObject({ kind: 'unauthorized', message: expect.stringContaining('channelId') })
  })

  it('prepared in vain is no error', async () => {
    using server = await fakeLine({ status: 400, body: { error: 'invalid_client' } })
    await lineAt(server.url, byId).prepare()
    expect(server.asked).toHaveLength(1)
  })
})

it('every call is one line in the log, and no token is in it', async () => {
  const lines: string[] = []
  const log = makeLog('Info', {}, (line) => void lines.push(line))
  using server = await fakeLine(issuedToken('t0ken'), { status: 500 }, 'drop', { status: 200 })
  await lineAt(server.url, { ...byId, log }).reply('r-secret', hello)
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({
      method: 'POST',
      path: '/oauth2/v3/token',
      status: 200,
      requestId: 'request-1',
      ms: expect.any(Number),
    }),
    expect.objectContaining({ method: 'POST', path: '/v2/bot/message/reply', status: 500, requestId: 'request-2' }),
    expect.objectContaining({
      path: '/v2/bot/message/reply',
      error: expect.stringContaining('LINE could not be asked'),
    }),
    expect.objectContaining({ status: 200, requestId: 'request-4' }),
  ])
  expect(lines.join()).not.toMatch(/t0ken|cret|火龍/)
})

it('counts every try by how it ended, without whom it was about', async () => {
  const counted: string[] = []
  using server = await fakeLine({ status: 500 }, { status: 200, body: { displayName: 'A' } })
  const { reply, profile } = lineAt(server.url, {
    count: ({ method, path, outcome }) => void counted.push(`${method} ${path} ${outcome}`),
  })
  await reply('r1', hello)
  await profile({ type: 'group', groupId: `C${'0a'.repeat(16)}`, userId: 'U1' })
  expect(counted).toEqual([
    'POST /v2/bot/message/reply unavailable',
    'POST /v2/bot/message/reply ok',
    'GET /v2/bot/group/{id}/member/{id} ok',
  ])
})
