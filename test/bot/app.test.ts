import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import type { Done } from '../../functions/bot/answer.ts'
import { type AppOptions, makeApp } from '../../functions/bot/app.ts'
import { countsIn } from '../../functions/bot/counts.ts'
import { makeOnce } from '../../functions/bot/dedupe.ts'
import type { Incoming } from '../../functions/core/incoming.ts'
import { makeMetrics } from '../../functions/core/metrics.ts'
import { LineError } from '../../functions/edge/line.ts'
import { makeLog } from '../../functions/edge/log.ts'
import { sign, signedBy } from '../../functions/edge/signature.ts'
import { scraped } from '../metrics.ts'

const secret = 'channel-secret'
const direct = '/webhook/hunters/monster'

let stop: (() => void) | undefined
afterEach(() => stop?.())

async function botThat(answer: (incoming: Incoming) => Promise<Done>, more: Partial<AppOptions> = {}) {
  const metrics = makeMetrics()
  const lines: string[] = []
  const app = makeApp({
    namespace: 'hunters',
    name: 'monster',
    signedByLine: (body, signature) => signedBy(body, signature, [secret]),
    answer,
    once: makeOnce(),
    counts: countsIn(metrics),
    log: makeLog('Info', {}, (line) => void lines.push(line)),
    ...more,
  })
  const server = http.createServer(app.listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  stop = () => void server.close()
  // A listening TCP server's address is never a pipe's name.
  const { port } = server.address() as AddressInfo
  return { app, metrics, lines, port, send: (request: Sent) => sendTo(port, request) }
}

interface Sent {
  readonly path?: string
  readonly method?: string
  readonly body?: string | Buffer
  readonly headers?: http.OutgoingHttpHeaders
}

/** Sends the bytes, signed in the header of their path unless other headers are given. Resolves with status and body. */
function sendTo(
  port: number,
  { path = '/', method = 'POST', body = '', headers }: Sent,
): Promise<[number | undefined, string]> {
  const signature = { [path === '/' ? 'ce-linesignature' : 'x-line-signature']: sign(Buffer.from(body), secret) }
  return new Promise((resolve, reject) => {
    const request = http.request({ port, host: '127.0.0.1', path, method, agent: false, headers: headers ?? signature })
    request.on('response', async (response) => resolve([response.statusCode, await text(response)]))
    request.on('error', reject)
    request.end(body)
  })
}

/** Begins to send, and goes away. Resolves when the server is rid of it. */
const breakOff = async (port: number) => {
  const request = http.request({
    port,
    host: '127.0.0.1',
    method: 'POST',
    agent: false,
    headers: { 'content-length': 9 },
  })
  const gone = new Promise((resolve) => request.once('error', resolve))
  request.write('abc', () => request.destroy(new Error('away')))
  await gone
}

const webhook = (...events: unknown[]) => JSON.stringify({ destination: 'U0', events })
const message = (webhookEventId: string) => ({ type: 'message', webhookEventId })
const answered = async (): Promise<Done> => ({ outcome: 'answered' })
const never = () => Promise.reject(new Error('nothing should be answered'))

it('strangers that go away fill no log', async () => {
  const { port, lines, send } = await botThat(never)
  for (let times = 0; times < 5; times += 1) await breakOff(port)
  while (lines.length === 0) await send({ path: '/none' })
  expect(lines.map((line) => JSON.parse(line).message)).toEqual(['a request broke off before it was there'])
})

describe.each([
  ['a CloudEvent', '/', 204],
  ['a webhook from LINE itself', direct, 200],
])('%s', (_what, path, good) => {
  const header = path === '/' ? 'ce-linesignature' : 'x-line-signature'
  const body = webhook(message('1'))
  const signature = sign(Buffer.from(body), secret)

  it.each<[string, number, Sent]>([
    ['signed by LINE', good, { body }],
    ['signed, of the verify call', good, { body: webhook() }],
    ['without a signature', 401, { body, headers: {} }],
    ['with an empty signature', 401, { body, headers: { [header]: '' } }],
    ['with its signature twice', 401, { body, headers: { [header]: [signature, signature] } }],
    ['signed with another secret', 401, { body, headers: { [header]: sign(Buffer.from(body), 'another') } }],
    ['signed for other bytes', 401, { body: `${body} `, headers: { [header]: signature } }],
    ['without a body', 400, {}],
    ['signed, but no JSON', 400, { body: 'hello' }],
    ['signed, but null', 400, { body: 'null' }],
    ['signed, but no webhook', 400, { body: '{"events":{}}' }],
    ['of 1 MiB', 400, { body: ' '.repeat(1024 * 1024) }],
    ['above 1 MiB', 413, { body: ' '.repeat(1024 * 1024 + 1) }],
    ['far above 1 MiB', 413, { body: Buffer.alloc(8 * 1024 * 1024) }],
    ['by GET', 405, { method: 'GET' }],
    ['by PUT', 405, { method: 'PUT', body }],
  ])('%s gets %i, and an empty body', async (_how, status, sent) => {
    const { send } = await botThat(answered)
    expect(await send({ path, ...sent })).toEqual([status, ''])
  })
})

it.each([
  '/webhook',
  '/webhook/hunters/another',
  '/webhook/others/monster',
  `${direct}/`,
  `${direct}?a=1`,
  '//',
  '/x',
  '/constructor',
])('nothing is at %s', async (path) => {
  const { send } = await botThat(never)
  expect(await send({ path, body: webhook(message('1')) })).toEqual([404, ''])
})

it('the signature header of one way does not count on the other', async () => {
  const { send } = await botThat(never)
  const body = webhook(message('1'))
  const signature = sign(Buffer.from(body), secret)
  expect(await send({ path: '/', body, headers: { 'x-line-signature': signature } })).toEqual([401, ''])
  expect(await send({ path: direct, body, headers: { 'ce-linesignature': signature } })).toEqual([401, ''])
})

describe('the Incomings of one webhook', () => {
  it('are each worked on, whatever becomes of the others', async () => {
    const seen: string[] = []
    const { send, metrics, lines } = await botThat(async ({ type, webhookEventId = '' }) => {
      seen.push(webhookEventId)
      return type === 'follow' ? { outcome: 'failed', error: new Error('no'), again: false } : { outcome: 'answered' }
    })
    const body = webhook(message('1'), { type: 'follow', webhookEventId: '2' }, 'junk', message('3'))
    expect(await send({ body })).toEqual([204, ''])
    expect(seen).toEqual(['1', '2', '3'])
    expect(scraped(metrics)).toContain('linebot_bot_incomings_total{type="message",outcome="answered"} 2')
    expect(scraped(metrics)).toContain('linebot_bot_incomings_total{type="follow",outcome="failed"} 1')
    expect(scraped(metrics)).toContain('linebot_bot_webhooks_total{code="204"} 1')
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ level: 'Info', webhookEventId: '1', message: 'Incoming was answered' }),
      expect.objectContaining({ level: 'Error', webhookEventId: '2', error: 'Error: no' }),
      expect.objectContaining({ level: 'Info', webhookEventId: '3' }),
    ])
  })

  it('are sent again when one may mend, and only that one is worked on again', async () => {
    const seen: string[] = []
    const { send } = await botThat(async ({ webhookEventId = '' }) => {
      seen.push(webhookEventId)
      return webhookEventId === '2' && seen.length <= 3 ? { outcome: 'failed', again: true } : { outcome: 'answered' }
    })
    const body = webhook(message('1'), message('2'), message('3'))
    expect(await send({ body })).toEqual([503, ''])
    expect(await send({ body })).toEqual([204, ''])
    expect(seen).toEqual(['1', '2', '3', '2'])
  })

  it('never put what a person wrote into the log', async () => {
    const { send, lines } = await botThat(async () => ({ outcome: 'unmatched' }))
    await send({ body: webhook({ ...message('1'), message: { type: 'text', text: '祕密' } }) })
    expect(lines).toHaveLength(1)
    expect(lines.join()).not.toContain('祕密')
  })
})

it('a reply that LINE refuses is logged with what LINE did not like', async () => {
  const details = [{ message: 'May not be empty', property: 'messages[0].text' }]
  const error = new LineError({ kind: 'badRequest', message: 'no', status: 400, details, requestId: 'r-1' })
  const { send, lines } = await botThat(async () => ({ outcome: 'failed', error, again: false }))
  expect(await send({ body: webhook(message('1')) })).toEqual([204, ''])
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ error: 'no', kind: 'badRequest', details, requestId: 'r-1', webhookEventId: '1' }),
  ])
})

it('many requests that LINE did not sign are one warning', async () => {
  const { send, lines } = await botThat(never)
  for (let sent = 0; sent < 20; sent += 1) await send({ body: webhook(), headers: {} })
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ level: 'Warn', message: expect.stringContaining('channelSecret') }),
  ])
})

it('when the Secret cannot be read, the answer is 500 and the next request is served', async () => {
  let reads = 0
  const signedByLine = () => {
    reads += 1
    if (reads === 1) throw new Error('no channelSecret')
    return true
  }
  const { send } = await botThat(answered, { signedByLine })
  expect(await send({ body: webhook() })).toEqual([500, ''])
  expect(await send({ body: webhook() })).toEqual([204, ''])
})

it('a webhook from LINE itself is acknowledged before it is worked on, and drain waits for the work', async () => {
  const ends: ((done: Done) => void)[] = []
  const { send, app } = await botThat(() => new Promise((resolve) => void ends.push(resolve)))
  expect(await send({ path: direct, body: webhook(message('1')) })).toEqual([200, ''])
  const order: string[] = []
  const draining = app.drain().then(() => order.push('drained'))
  await new Promise((resolve) => setImmediate(resolve))
  order.push('done')
  ends[0]?.({ outcome: 'answered' })
  await draining
  expect(order).toEqual(['done', 'drained'])
})

it('a CloudEvent is answered only when its work is done', async () => {
  const order: string[] = []
  let finish: ((done: Done) => void) | undefined
  const begun = Promise.withResolvers<void>()
  const { send } = await botThat(() => {
    begun.resolve()
    return new Promise((resolve) => {
      finish = resolve
    })
  })
  const sent = send({ body: webhook(message('1')) }).then(() => order.push('answered'))
  await begun.promise
  order.push('done')
  finish?.({ outcome: 'answered' })
  await sent
  expect(order).toEqual(['done', 'answered'])
})

it('a webhook that goes on to another Bot keeps the time at which the front door had it', async () => {
  const arrivals: unknown[] = []
  const { send } = await botThat(never, {
    answer: async (_incoming, letter) => {
      arrivals.push(letter?.arrivedAt)
      return { outcome: 'forwarded' }
    },
  })
  const body = webhook(message('1'))
  const signature = sign(Buffer.from(body), secret)
  await send({ body, headers: { 'ce-linesignature': signature, 'ce-time': '2026-11-21T18:30:00.007Z' } })
  expect(arrivals).toEqual([Date.UTC(2026, 10, 21, 18, 30, 0, 7)])
})

describe('a webhook that another Bot handed over', () => {
  const body = webhook(message('1'), message('2'))
  const headers = (more: Record<string, string>) => ({ 'ce-linesignature': sign(Buffer.from(body), secret), ...more })

  it.each<[string, Record<string, string>, unknown[]]>([
    ['is about the event that is named', { 'ce-webhookeventid': '2', 'ce-forwarded': 'true' }, [['2', false]]],
    ['is about nothing when it names another', { 'ce-webhookeventid': '3' }, []],
    [
      'is about all when none is named',
      { 'ce-forwarded': 'true' },
      [
        ['1', false],
        ['2', false],
      ],
    ],
    [
      'is no other than LINE’s when nobody forwarded it',
      {},
      [
        ['1', true],
        ['2', true],
      ],
    ],
  ])('%s', async (_what, more, expected) => {
    const seen: unknown[] = []
    const { send } = await botThat(async () => ({ outcome: 'answered' }), {
      answer: async ({ webhookEventId }, letter) => {
        seen.push([webhookEventId, letter?.body.toString() === body])
        return { outcome: 'answered' }
      },
    })
    expect(await send({ body, headers: headers(more) })).toEqual([204, ''])
    expect(seen).toEqual(expected)
  })

  it('is worked on while its own forwarding waits for it, so that no Bot waits for itself', async () => {
    const { send } = await botThat(answered, {
      answer: async (_incoming, letter) => {
        if (letter) await send({ body, headers: headers({ 'ce-webhookeventid': '1', 'ce-forwarded': 'true' }) })
        return { outcome: 'forwarded' }
      },
    })
    expect(await send({ body })).toEqual([204, ''])
  })

  it('must be signed by LINE all the same', async () => {
    const { send } = await botThat(never)
    expect(await send({ body, headers: { 'ce-forwarded': 'true', 'ce-webhookeventid': '1' } })).toEqual([401, ''])
  })
})

it('a late answer is not waited for, but told, counted and drained', async () => {
  const ends: ((done: Done) => void)[] = []
  const later = new Promise<Done>((resolve) => void ends.push(resolve))
  const { send, app, metrics, lines } = await botThat(async () => ({ outcome: 'late', later }))
  expect(await send({ body: webhook(message('1')) })).toEqual([204, ''])
  const order: string[] = []
  const draining = app.drain().then(() => order.push('drained'))
  await new Promise((resolve) => setImmediate(resolve))
  order.push('pushed')
  ends[0]?.({ outcome: 'pushed' })
  await draining
  expect(order).toEqual(['pushed', 'drained'])
  expect(lines.map((line) => JSON.parse(line).message)).toEqual(['Incoming was late', 'Late answer was pushed'])
  expect(scraped(metrics)).toContain('linebot_bot_late_answers_total{outcome="pushed"} 1')
})

it('a reply that LINE never confirmed is said to be unconfirmed', async () => {
  const { send, lines } = await botThat(async () => ({ outcome: 'answered', unconfirmed: true }))
  await send({ body: webhook(message('1')) })
  expect(lines.map((line) => JSON.parse(line).message)).toEqual(['Incoming was answered (unconfirmed)'])
})
