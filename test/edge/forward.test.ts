import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { CloudEvent, HTTP, type Message } from 'cloudevents'
import { describe, expect, it, onTestFinished } from 'vitest'
import { answerIn } from '../../functions/core/forward/answer.ts'
import type { Incoming } from '../../functions/core/incoming.ts'
import { type ForwardOptions, makeForwarding } from '../../functions/edge/forward.ts'
import { makeLog } from '../../functions/edge/log.ts'
import { fakeLine } from './line/fake-line.ts'

const raw = { type: 'message', novelty: { kept: true }, message: { type: 'text', text: '火龍' } }
const incoming: Incoming = {
  type: 'message',
  webhookEventId: '01H',
  source: { type: 'user', userId: 'U1' },
  message: { type: 'text', text: '火龍' },
  raw,
}

function setUp(options: Partial<ForwardOptions> = {}) {
  const lines: Record<string, unknown>[] = []
  const log = makeLog('Info', {}, (line) => void lines.push(JSON.parse(line)))
  const forwarding = makeForwarding({ namespace: 'hunters', name: 'monster', log, waitsMs: [1], ...options })
  const question = (url: string) => ({ url, incoming, rule: 'ask/0' })
  return { ...forwarding, question, lines }
}

const listening = async (handler: http.RequestListener): Promise<string> => {
  const server = http.createServer(handler)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  // A listening TCP server's address is never a pipe's name.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A function as anybody would write it, with the CloudEvents SDK alone. */
const aFunction = (answer: (event: CloudEvent<{ message: { text: string } }>) => Message) =>
  listening(async (request, response) => {
    const event = HTTP.toEvent<{ message: { text: string } }>({ headers: request.headers, body: await text(request) })
    if (Array.isArray(event)) throw new Error('one event is sent')
    const { headers, body } = answer(new CloudEvent(event))
    response.writeHead(200, headers as http.OutgoingHttpHeaders).end(body)
  })

describe('a function written with the CloudEvents SDK', () => {
  it.each([
    ['in binary mode', HTTP.binary],
    ['in structured mode', HTTP.structured],
  ])('answers with messages, %s', async (_how, mode) => {
    const { forward, question } = setUp()
    const url = await aFunction(({ id, data, botname }) => {
      const messages = [{ type: 'text', text: `${String(botname)} ${id}: ${data?.message.text}!` }]
      return mode(new CloudEvent({ type: 'answer', source: '/function', data: { messages } }))
    })
    const { messages, problems } = answerIn(await forward(question(url), 0))
    expect(problems).toEqual([])
    expect(messages).toEqual([{ type: 'text', text: 'monster 01H: 火龍!' }])
  })

  it('answers with text, too', async () => {
    const { forward, question } = setUp()
    const url = await aFunction(() =>
      HTTP.binary(new CloudEvent({ type: 'answer', source: '/f', datacontenttype: 'text/plain', data: 'tail' })),
    )
    expect(answerIn(await forward(question(url), 0)).messages).toEqual([{ type: 'text', text: 'tail' }])
  })
})

describe('an answer in another charset', () => {
  const answering = (type: string, hex: string) =>
    listening((_, response) => void response.writeHead(200, { 'content-type': type }).end(Buffer.from(hex, 'hex')))

  it.each([
    ['text/plain; charset=big5', 'b5e6b3e6'],
    ['text/plain;charset="UTF-8"', 'e88f9ce596ae'],
    ['text/plain', 'e88f9ce596ae'],
    ['application/json; charset=iso-8859-1', Buffer.from('{"type":"text","text":"菜單"}').toString('hex')],
  ])('is read as %s', async (type, hex) => {
    const { forward, question } = setUp()
    const answer = await forward(question(await answering(type, hex)), 0)
    expect(answerIn(answer).messages).toEqual([{ type: 'text', text: '菜單' }])
  })

  it('that nobody knows is none', async () => {
    const { forward, question } = setUp()
    const url = await answering('text/plain; charset=x-none', 'b5e6')
    await expect(forward(question(url), 0)).rejects.toMatchObject({
      name: 'ForwardError',
      message: expect.stringContaining('x-none'),
    })
  })
})

describe('what is forwarded', () => {
  it('is LINE’s event, whole, at the path that is named', async () => {
    using server = await fakeLine({ status: 202 })
    const { forward, question } = setUp()
    expect(await forward(question(`${server.url}/a?b=1`), 0)).toEqual({ contentType: undefined, body: '{}' })
    expect(server.asked).toMatchObject([{ method: 'POST', path: '/a?b=1', type: 'application/json' }])
    expect(JSON.parse(server.asked[0]?.body ?? '')).toEqual(raw)
  })

  it.each<[string, (response: http.ServerResponse) => void]>([
    ['502', (response) => response.writeHead(502).end()],
    ['503', (response) => response.writeHead(503).end()],
    ['504', (response) => response.writeHead(504).end()],
    ['a connection that is cut', (response) => response.destroy()],
  ])('is sent again after %s, with the same ID', async (_what, fail) => {
    const ids: unknown[] = []
    const url = await listening((request, response) => {
      ids.push(request.resume().headers['ce-id'])
      if (ids.length === 1) fail(response)
      else response.end('now')
    })
    const { forward, question } = setUp()
    expect((await forward(question(url), 5000)).body).toBe('now')
    expect(ids).toEqual(['01H', '01H'])
  })

  it.each<[number, RegExp]>([
    [400, /^it answered 400$/],
    [404, /^it answered 404$/],
    [500, /^it answered 500$/],
    [302, /^it answered 302, to https:\/\/elsewhere\/; redirects are not followed$/],
  ])('is not sent again after %i', async (status, message) => {
    using server = await fakeLine({
      status,
      ...(status === 302 && { headers: { location: 'https://elsewhere/?key=hush' } }),
    })
    const { forward, question } = setUp()
    await expect(forward(question(server.url), 5000)).rejects.toMatchObject({
      name: 'ForwardError',
      message,
      again: false,
    })
    expect(server.asked).toHaveLength(1)
  })

  it('is refused with the words that the other has for it', async () => {
    const url = await listening((_, response) => void response.writeHead(501, 'no images here').end())
    const { forward, question } = setUp()
    await expect(forward(question(url), 5000)).rejects.toMatchObject({ message: 'it answered 501 no images here' })
  })

  it('is given up when the time for trying is over', async () => {
    using server = await fakeLine({ status: 503 })
    const { forward, question, lines } = setUp()
    await expect(forward(question(`${server.url}/?key=hush`), 0)).rejects.toMatchObject({
      message: 'it answered 503',
      again: true,
    })
    expect(lines).toMatchObject([{ message: 'a forward was tried', to: `${server.url}/`, status: 503, rule: 'ask/0' }])
  })

  it('is given up when nobody listens', async () => {
    const server = await fakeLine()
    server.close()
    const { forward, question } = setUp()
    await expect(forward(question(server.url), 20)).rejects.toMatchObject({
      message: expect.stringMatching(/^it gave no answer: .*ECONNREFUSED/),
      again: true,
    })
  })

  it('is not waited for without end', async () => {
    using server = await fakeLine('hang')
    const { forward, question } = setUp({ limitMs: 50 })
    await expect(forward(question(server.url), 0)).rejects.toMatchObject({
      message: 'it gave no answer: no answer within 50 ms',
    })
  })

  it('is not waited for when it is answered with another protocol', async () => {
    const url = await listening((_, response) => {
      response.writeHead(101, { connection: 'upgrade', upgrade: 'websocket' }).end()
    })
    const { forward, question } = setUp()
    await expect(forward(question(url), 0)).rejects.toMatchObject({
      message: 'it gave no answer: it asks for another protocol',
    })
  })

  it('gets an answer of at most 1 MiB, and a larger one is not asked for twice', async () => {
    using server = await fakeLine(
      { status: 200, body: 'x'.repeat(1024 * 1024) },
      { status: 200, body: 'x'.repeat(1024 * 1024 + 1) },
    )
    const { forward, question } = setUp()
    expect((await forward(question(server.url), 0)).body).toHaveLength(1024 * 1024)
    await expect(forward(question(server.url), 5000)).rejects.toMatchObject({
      message: 'it gave no answer: an answer above 1048576 bytes',
      again: false,
    })
    expect(server.asked).toHaveLength(2)
  })
})

describe('what another Bot is handed', () => {
  const letter = {
    body: Buffer.from('{"events":[ ]}'),
    signature: 'signed=',
    arrivedAt: Date.UTC(2026, 10, 21, 18, 30),
  }

  it('is LINE’s own bytes, signature and time of arrival, with the one event named', async () => {
    const seen: http.IncomingHttpHeaders[] = []
    const bodies: string[] = []
    const url = await listening(async (request, response) => {
      seen.push(request.headers)
      bodies.push(await text(request))
      response.writeHead(204).end()
    })
    const { handOver, question } = setUp()
    await handOver(letter)(question(url), 0)
    expect(bodies).toEqual(['{"events":[ ]}'])
    expect(seen).toMatchObject([
      {
        'ce-specversion': '1.0',
        'ce-id': '01H',
        'ce-type': 'dev.linebot.webhook',
        'ce-time': '2026-11-21T18:30:00.000Z',
        'ce-botnamespace': 'hunters',
        'ce-linesignature': 'signed=',
        'ce-webhookeventid': '01H',
        'ce-forwarded': 'true',
      },
    ])
  })

  it('is refused by a Bot of another channel, which is said', async () => {
    using server = await fakeLine({ status: 401 })
    const { handOver, question } = setUp()
    await expect(handOver(letter)(question(server.url), 5000)).rejects.toMatchObject({
      message: expect.stringContaining('spec.channel.secretName'),
      again: false,
    })
    expect(server.asked).toHaveLength(1)
  })
})
