import { once } from 'node:events'
import http from 'node:http'
import net from 'node:net'
import { describe, expect, it } from 'vitest'
import { ApiError } from '../../functions/edge/cluster.ts'
import { sign } from '../../functions/edge/signature.ts'
import { scraped } from '../metrics.ts'
import {
  ask,
  botWith,
  type Door,
  delivery,
  later,
  only,
  openDoor,
  secret,
  secretWith,
  signed,
  until,
  webhookBody,
  webhookPath,
} from './door.ts'

const withHeaders = (headers: Record<string, string | string[]>) => ({ body: webhookBody, headers })
const events = (text: string) => signed(Buffer.from(text))

describe('LINE gets 200', () => {
  it('when the Broker took the webhook, as a CloudEvent with LINE’s exact bytes and signature', async () => {
    const door = await openDoor()
    expect(await ask(door, signed())).toMatchObject({ status: 200, body: '' })
    const { method, url, headers, body } = only(door.broker.got)
    expect(`${method} ${url}`).toBe('POST /')
    expect(body.equals(webhookBody)).toBe(true)
    expect(headers).toMatchObject({
      'ce-specversion': '1.0',
      'ce-type': 'dev.linebot.webhook',
      'ce-source': '/namespaces/village/bots/monster',
      'ce-botnamespace': 'village',
      'ce-botname': 'monster',
      'ce-linesignature': sign(webhookBody, secret),
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(webhookBody.length),
    })
    expect(headers['ce-id']).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(headers['ce-time']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    expect(headers).not.toHaveProperty('ce-subject')
    expect(headers).not.toHaveProperty('x-line-signature')
  })

  it('for bytes that are not UTF-8, unchanged', async () => {
    const door = await openDoor()
    const body = Buffer.concat([
      Buffer.from('{"events":[{"type":"x","y":"'),
      Buffer.of(0xff, 0xfe),
      Buffer.from('"}]}'),
    ])
    expect((await ask(door, signed(body))).status).toBe(200)
    expect(door.broker.got[0]?.body.equals(body)).toBe(true)
  })

  it.each([
    ['the verify call', '{"destination":"U1","events":[]}'],
    ['events that are none', '{"events":[1,null,"x",{}]}'],
  ])('at once for %s, which nobody else sees', async (_what, text) => {
    const door = await openDoor()
    expect((await ask(door, events(text))).status).toBe(200)
    expect(door.broker.got).toEqual([])
  })

  it('for a suspended Bot, counted and not handed over', async () => {
    const door = await openDoor({ read: { bot: async () => botWith(undefined, { suspend: true }) } })
    expect((await ask(door, signed())).status).toBe(200)
    expect(door.broker.got).toEqual([])
    expect(scraped(door.metrics)).toContain('suspended_total{namespace="village",bot="monster"} 1')
  })

  it('for a Bot that LINE should call directly, so that a switch loses nothing', async () => {
    const door = await openDoor({ read: { bot: async () => botWith(undefined, { delivery: 'Direct' }) } })
    expect((await ask(door, signed())).status).toBe(200)
    expect(door.broker.got).toHaveLength(1)
  })

  it('for the secret of before, while a secret is being changed', async () => {
    const values = { channelSecret: 'the new one\n', channelSecretPrevious: 'the old one' }
    const door = await openDoor({ read: { secret: async () => secretWith(values) } })
    expect((await ask(door, signed(webhookBody, 'the old one'))).status).toBe(200)
    expect((await ask(door, signed(webhookBody, 'the new one'))).status).toBe(200)
    expect((await ask(door, signed(webhookBody, 'another one'))).status).toBe(401)
  })

  it('for exactly 1 MiB', async () => {
    const door = await openDoor()
    const body = Buffer.alloc(1024 * 1024, ' ')
    body.write('{"events":[{"type":"message"}]}')
    expect((await ask(door, signed(body))).status).toBe(200)
    expect(door.broker.got[0]?.body.equals(body)).toBe(true)
  })

  it('with a query after the path', async () => {
    const door = await openDoor()
    expect((await ask(door, { ...signed(), path: `${webhookPath}?from=line` })).status).toBe(200)
  })
})

describe('LINE gets 401', () => {
  const right = sign(webhookBody, secret)
  it.each([
    ['no signature', {}],
    ['an empty one', { 'x-line-signature': '' }],
    ['a repeated one', { 'x-line-signature': [right, right] }],
    ['a list of two', { 'x-line-signature': `${right}, ${right}` }],
    ['another body’s', { 'x-line-signature': sign(Buffer.from('{}'), secret) }],
    ['another secret’s', { 'x-line-signature': sign(webhookBody, 'another') }],
    ['an empty secret’s', { 'x-line-signature': sign(webhookBody, '') }],
    ['one without padding', { 'x-line-signature': right.replace('=', '') }],
    ['one with junk behind', { 'x-line-signature': `${right}junk` }],
    ['hexadecimal', { 'x-line-signature': Buffer.from(right, 'base64').toString('hex') }],
    ['10,000 characters', { 'x-line-signature': 'A'.repeat(10_000) }],
  ])('for %s, counted per Bot, and nobody sees the webhook', async (_what, headers) => {
    const door = await openDoor()
    expect(await ask(door, withHeaders(headers))).toMatchObject({ status: 401, body: '' })
    expect(door.broker.got).toEqual([])
    expect(scraped(door.metrics)).toContain('signature_rejected_total{namespace="village",bot="monster"} 1')
    expect(scraped(door.metrics)).toContain('webhooks_total{code="401",outcome="BadSignature"} 1')
  })

  it('a hundred times, and the log says so once', async () => {
    const door = await openDoor({ now: () => 1_800_000_000_000 })
    await Promise.all(Array.from({ length: 100 }, () => ask(door, withHeaders({ 'x-line-signature': 'no' }))))
    expect(door.logged.filter(({ level }) => level !== 'Debug')).toMatchObject([
      { level: 'Warn', namespace: 'village', bot: 'monster' },
    ])
  })
})

it.each([
  ['no JSON', 'events=[]'],
  ['nothing', ''],
  ['null', 'null'],
  ['a list', '[]'],
  ['no events', '{"destination":"U1"}'],
  ['events: null', '{"events":null}'],
  ['cut off', '{"events":[{"type":"mess'],
  ['100,000 levels', `{"events":${'['.repeat(100_000)}`],
])('LINE gets 400 for what is signed but no webhook: %s', async (_what, text) => {
  const door = await openDoor()
  expect(await ask(door, events(text))).toMatchObject({ status: 400, body: '' })
  expect(door.broker.got).toEqual([])
})

describe('LINE gets 404', () => {
  it('for a Bot that does not exist', async () => {
    const door = await openDoor()
    expect((await ask(door, { ...signed(), path: '/webhook/village/nobody' })).status).toBe(404)
  })

  it('for a namespace that did not opt in, which the API server forbids us to look into', async () => {
    const forbidden = new ApiError(403, 'Forbidden', 'bots is forbidden')
    const door = await openDoor({ read: { bot: async () => Promise.reject(forbidden) } })
    expect((await ask(door, signed())).status).toBe(404)
  })

  it.each([
    '/',
    '/webhook',
    '/webhook/village',
    '/webhook/village/',
    '/webhook/village/monster/',
    '/webhook/village/monster/more',
    '//webhook/village/monster',
    '/webhook/Village/monster',
    '/webhook/village/1monster',
    '/webhook/village/monster-',
    '/webhook/village/..',
    '/webhook/../village/monster',
    '/webhook/village%2Fmonster/x',
    '/webhook/village/mon%73ter',
    `/webhook/village/${'m'.repeat(41)}`,
    `/webhook/${'v'.repeat(64)}/monster`,
    '/WEBHOOK/village/monster',
    '/metrics',
    '/healthz/',
    '*',
  ])('for %s, without a question to the API server', async (path) => {
    const door = await openDoor()
    expect(await ask(door, { ...signed(), path })).toMatchObject({ status: 404, body: '' })
    expect(door.reads).toEqual([])
  })
})

it.each(['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('LINE gets 405 for %s', async (method) => {
  const door = await openDoor()
  const answer = await ask(door, { method })
  expect(answer).toMatchObject({ status: 405, headers: { allow: 'POST' } })
  expect(door.reads).toEqual([])
})

describe('LINE gets 413', () => {
  it('for one byte more than 1 MiB', async () => {
    const door = await openDoor()
    expect((await ask(door, signed(Buffer.alloc(1024 * 1024 + 1, ' ')))).status).toBe(413)
    expect(door.reads).toEqual([])
  })

  it('when it only says that it will send more, before it has sent any', async () => {
    const door = await openDoor()
    const socket = await connect(door.port)
    socket.write(`POST ${webhookPath} HTTP/1.1\r\nhost: x\r\ncontent-length: 1048577\r\n\r\n`)
    expect(await headOf(socket)).toMatch(/^HTTP\/1.1 413 .*\r\nconnection: close\r\n/)
  })

  it('when it never stops sending, of which we read little more, and the connection is closed', async () => {
    const door = await openDoor()
    const socket = await connect(door.port)
    socket.write(headWith('transfer-encoding: chunked'))
    const chunk = `10000\r\n${' '.repeat(65_536)}\r\n`
    const pump = () => {
      while (socket.writable && socket.write(chunk));
    }
    socket.on('drain', pump)
    pump()
    expect(await headOf(socket)).toMatch(/^HTTP\/1.1 413 /)
    await closed(socket)
    // The rest stands in the buffers of both sockets; read on, it would be hundreds of MiB in the moment before the close.
    expect(socket.bytesWritten).toBeLessThan(32 * 1024 * 1024)
  })
})

describe('LINE gets 503', () => {
  it('when the API server is down and the Bot was never read', async () => {
    const door = await openDoor({ read: { bot: async () => Promise.reject(new Error('ECONNREFUSED')) } })
    expect(await ask(door, signed())).toMatchObject({ status: 503, body: '' })
    // Who signs nothing is not LINE, whoever the Bot may be.
    expect((await ask(door, { ...signed(), headers: {} })).status).toBe(401)
    expect(door.broker.got).toEqual([])
  })

  it('when the API server hangs, before LINE has given up', async () => {
    const door = await openDoor({ read: { bot: () => new Promise(() => {}) }, limits: { lookupMs: 10 } })
    expect((await ask(door, signed())).status).toBe(503)
  })

  it('when the Bot has no secret to check with', async () => {
    const door = await openDoor({ read: { secret: async () => undefined } })
    expect((await ask(door, signed())).status).toBe(503)
    expect(door.logged).toContainEqual(expect.objectContaining({ level: 'Warn', bot: 'monster' }))
  })

  it.each([413, 415, 431])(
    'when the Broker will never take it (%i) and says so in time, so that LINE may send again',
    async (status) => {
      const door = await openDoor({ broker: () => status })
      expect((await ask(door, signed())).status).toBe(503)
      expect(door.broker.got).toHaveLength(1)
    },
  )

  it('when there is no room to hold more, and 200 again when there is', async () => {
    const taken = later<number>()
    const door = await openDoor({ broker: () => taken.promise, limits: { ackMs: 5, roomBytes: 20_000 } })
    expect((await ask(door, signed())).status).toBe(200)
    expect((await ask(door, signed())).status).toBe(200)
    expect((await ask(door, signed())).status).toBe(503)
    taken.resolve(202)
    await door.app.drain()
    expect((await ask(door, signed())).status).toBe(200)
  })
})

it('a body that stops in the middle ends with the connection, and leaves no room taken', async () => {
  const door = await openDoor({ limits: { bodyMs: 20, lobbyBytes: 10_000 } })
  for (let round = 0; round < 3; round++) {
    const socket = await connect(door.port)
    socket.write(`${headWith('content-length: 1000')}{"events"`)
    await closed(socket.resume())
  }
  expect((await ask(door, signed())).status).toBe(200)
})

it('a sender that hangs up in the middle of a body leaves no room taken', async () => {
  const door = await openDoor({ limits: { lobbyBytes: 10_000 } })
  for (let round = 0; round < 3; round++) {
    const socket = await connect(door.port)
    socket.write(`${headWith('content-length: 1000')}{"events"`)
    socket.end()
    await closed(socket.resume())
  }
  await until(() => expect(door.logged.filter(({ outcome }) => outcome === 'Cut')).toHaveLength(3))
  expect((await ask(door, signed())).status).toBe(200)
})

describe('strangers who never end what they send', () => {
  const crowd = async (door: Door, head: string) => {
    const sockets = await Promise.all(Array.from({ length: 30 }, () => connect(door.port)))
    const [first] = sockets
    const answered = first && headOf(first)
    for (const socket of sockets) socket.write(`${head}{"events"`)
    return answered
  }

  it('do not keep LINE out: who has been there longest goes first', async () => {
    const door = await openDoor({ limits: { lobbyBytes: 100_000 } })
    expect(await crowd(door, headWith('content-length: 1000'))).toMatch(/^HTTP\/1.1 503 /)
    expect((await ask(door, signed())).status).toBe(200)
    expect(door.logged).toContainEqual(
      expect.objectContaining({ level: 'Warn', message: expect.stringContaining('No room to read') }),
    )
  })

  it('nor the Broker', async () => {
    const door = await openDoor({ limits: { lobbyBytes: 100_000 } })
    const { headers } = delivery()
    const lines = Object.entries({ ...headers, 'content-length': 1000 }).map(([name, value]) => `${name}: ${value}`)
    expect(await crowd(door, headWith(lines.join('\r\n'), '/deliver'))).toMatch(/^HTTP\/1.1 503 /)
    expect((await ask(door, delivery())).status).toBe(204)
    expect((await ask(door, signed())).status).toBe(200)
  })

  it('nor where the API server does not answer', async () => {
    const door = await openDoor({
      read: {
        bot: (_namespace, name) => (name === 'monster' ? Promise.resolve(botWith('http://a/')) : new Promise(() => {})),
      },
      limits: { lobbyBytes: 100_000, lookupMs: 60_000, maxReads: 100 },
    })
    const others = Array.from({ length: 30 }, (_, nth) =>
      // The last ones hang until the test ends.
      ask(door, { ...signed(), path: `/webhook/village/other-${nth}` }).catch(() => undefined),
    )
    expect((await others[0])?.status).toBe(503)
    expect((await ask(door, signed())).status).toBe(200)
  })
})

describe('an answer that the body cannot change comes before it', () => {
  it.each([
    ['401 without a signature', webhookPath, ['x-line-signature: no'], 401],
    ['404 for a Bot that does not exist', '/webhook/village/nobody', [], 404],
  ])('%s', async (_what, path, more, status) => {
    const door = await openDoor()
    const socket = await connect(door.port)
    socket.write(headWith(['content-length: 1000', ...more].join('\r\n'), path))
    expect(await headOf(socket)).toMatch(new RegExp(`^HTTP/1.1 ${status} .*\r\nconnection: close\r\n`, 's'))
    await closed(socket)
  })
})

it('a Bot is read while the first webhook for it still comes in', async () => {
  const door = await openDoor()
  const { body, headers } = signed()
  const request = http.request({ host: '127.0.0.1', port: door.port, method: 'POST', path: webhookPath, headers })
  request.write(String(body).slice(0, 10))
  await until(() => expect(door.reads).toEqual(['Bot village/monster', 'Secret village/monster-channel']))
  request.end(String(body).slice(10))
  const [response] = await once(request, 'response')
  expect(response.resume().statusCode).toBe(200)
})

it('the log has one line a webhook, with its IDs and not its text', async () => {
  const door = await openDoor()
  await ask(door, signed())
  const lines = door.logged.filter(({ level }) => level === 'Info')
  expect(lines).toMatchObject([
    { namespace: 'village', bot: 'monster', outcome: 'Taken', status: 200, webhookEventIds: ['01HZX'], events: 1 },
  ])
  expect(JSON.stringify(door.logged)).not.toMatch(/火龍|706B|🐉/)
})

it('the log bounds the IDs of a webhook', async () => {
  const door = await openDoor()
  const many = Array.from({ length: 500 }, () => ({ type: 'message', webhookEventId: 'x'.repeat(1000) }))
  await ask(door, events(JSON.stringify({ events: many })))
  const line = door.logged.find(({ events: count }) => count === 500)
  expect(JSON.stringify(line).length).toBeLessThan(2_000)
})

it('health is there for GET alone', async () => {
  const door = await openDoor()
  expect(await ask(door, { method: 'GET', path: '/healthz' })).toMatchObject({ status: 200, body: '' })
  expect((await ask(door, { method: 'POST', path: '/healthz' })).status).toBe(405)
})

/** Of a request that could be LINE's, until its body is read. */
const headWith = (line: string, path = webhookPath) => {
  const signature = line.includes('signature: ') ? '' : `x-line-signature: ${'A'.repeat(43)}=\r\n`
  return `POST ${path} HTTP/1.1\r\nhost: x\r\n${signature}${line}\r\n\r\n`
}

async function connect(port: number): Promise<net.Socket> {
  const socket = net.connect(port, '127.0.0.1').on('error', () => {})
  await once(socket, 'connect')
  return socket
}

const closed = (socket: net.Socket) => new Promise((resolve) => socket.once('close', resolve))

async function headOf(socket: net.Socket): Promise<string> {
  const [head] = await once(socket, 'data')
  return String(head)
}
