import { once } from 'node:events'
import http from 'node:http'
import { buffer } from 'node:stream/consumers'
import { expect, onTestFinished, vi } from 'vitest'
import type { Metrics } from '../../functions/core/metrics.ts'
import { makeMetrics } from '../../functions/core/metrics.ts'
import type { Bot } from '../../functions/core/resources/bot.ts'
import type { SecretObject } from '../../functions/core/secret.ts'
import { webhookHeadersFor } from '../../functions/core/webhook/event.ts'
import { makeLog } from '../../functions/edge/log.ts'
import { sign } from '../../functions/edge/signature.ts'
import { type App, makeApp } from '../../functions/front-door/app.ts'
import type { Read } from '../../functions/front-door/bots.ts'
import { type Limits, limits } from '../../functions/front-door/limits.ts'
import { countsIn } from '../../functions/front-door/metrics.ts'
import type { Peer } from '../../functions/front-door/peers.ts'
import { aBot, aSecret } from '../objects.ts'

/** A front door on a real port, between a Broker, a bot and an API server that the test plays. */
export interface Door {
  readonly port: number
  readonly app: App
  /** Where it keeps copies for other front doors. */
  readonly peer: Peer
  /** Cuts all connections on which copies came, as the death of their senders does. */
  loseCopies(): void
  readonly metrics: Metrics
  readonly logged: readonly Record<string, unknown>[]
  readonly broker: Server
  readonly bot: Server
  /** Every read of the API server, as `Kind namespace/name`. */
  readonly reads: readonly string[]
}

/** What comes in, in order. */
export interface Server {
  readonly url: URL
  readonly got: readonly Got[]
}

export interface Got {
  readonly method: string
  readonly url: string
  readonly headers: http.IncomingHttpHeaders
  readonly body: Buffer
}

/** A status, at once or later; nothing = the connection is cut. `nth` counts from 0. */
export type Behaviour = (nth: number) => number | undefined | Promise<number | undefined>

export interface DoorOptions {
  readonly broker?: Behaviour
  readonly bot?: Behaviour
  readonly read?: Partial<Read>
  readonly limits?: Partial<Limits>
  readonly now?: () => number
  readonly sink?: URL | undefined
  readonly peers?: readonly Peer[]
}

export const secret = '0123456789abcdef0123456789abcdef'

/** The secret, a signature (base64 of 32 bytes) and what a person wrote. */
const neverLogged = /0123456789abcdef0123456789abcdef|[A-Za-z0-9+/]{43}=|火龍|706B|🐉/

export async function openDoor(options: DoorOptions = {}): Promise<Door> {
  const broker = await listen(options.broker ?? (() => 202))
  const bot = await listen(options.bot ?? (() => 204))
  const reads: string[] = []
  const logged: Record<string, unknown>[] = []
  const metrics = makeMetrics()
  const read: Read = { ...readOf(bot.url), ...options.read }
  const app = makeApp({
    sink: 'sink' in options ? options.sink : broker.url,
    read: {
      bot: (namespace, name) => (reads.push(`Bot ${namespace}/${name}`), read.bot(namespace, name)),
      secret: (namespace, name) => (reads.push(`Secret ${namespace}/${name}`), read.secret(namespace, name)),
    },
    peers: async () => options.peers ?? [],
    log: makeLog('Debug', {}, (line) => void logged.push(JSON.parse(line))),
    counts: countsIn(metrics),
    limits: { ...limits, ...options.limits },
    now: options.now ?? Date.now,
  })
  const server = http.createServer(app.listener)
  // Nothing that a test does with it, at the level that tells most.
  onTestFinished(() => expect(JSON.stringify(logged)).not.toMatch(neverLogged))
  const keep = http.createServer(app.keep)
  const peer = { host: '127.0.0.1', port: await open(keep) }
  const loseCopies = () => keep.closeAllConnections()
  return { port: await open(server), app, peer, loseCopies, metrics, logged, broker, bot, reads }
}

/** A Bot and its Secret in namespace `village`, and nothing else. */
const readOf = (url: URL): Read => ({
  bot: async (namespace, name) => (namespace === 'village' && name === 'monster' ? botWith(url.href) : undefined),
  secret: async () => secretWith({ channelSecret: secret }),
})

export const botWith = (url: string | undefined, spec: Partial<Bot['spec']> = {}): Bot =>
  aBot('monster', {
    spec: { channel: { secretName: 'monster-channel' }, ...spec },
    status: url === undefined ? {} : { address: { url } },
  })

export const secretWith = (texts: Readonly<Record<string, string>>): SecretObject =>
  aSecret(texts, { name: 'monster-channel', namespace: 'village' })

export async function listen(behaviour: Behaviour): Promise<Server> {
  const got: Got[] = []
  const server = http.createServer(async (request, response) => {
    const { method = '', url = '', headers } = request
    const nth = got.push({ method, url, headers, body: await buffer(request) }) - 1
    const status = await behaviour(nth)
    if (status === undefined) request.socket.destroy()
    else response.writeHead(status).end()
  })
  return { url: new URL(`http://127.0.0.1:${await open(server)}/`), got }
}

export async function open(server: http.Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

export interface Answer {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
}

export interface Ask {
  readonly method?: string
  readonly path?: string
  readonly headers?: http.OutgoingHttpHeaders
  readonly body?: Buffer | string
}

/** On a connection of its own. Headers are sent as they are written: a list as several of one name. */
export async function ask(
  door: Pick<Door, 'port'>,
  { method = 'POST', path, headers, body = '' }: Ask,
): Promise<Answer> {
  const request = http.request({
    host: '127.0.0.1',
    port: door.port,
    agent: false,
    method,
    path: path ?? webhookPath,
    headers,
  })
  request.end(body)
  const [response] = await once(request, 'response')
  return { status: response.statusCode, headers: response.headers, body: (await buffer(response)).toString() }
}

export const webhookPath = '/webhook/village/monster'

/** As LINE writes it: emoji and kanji escaped, spaces where one would not put them. */
export const webhookBody = Buffer.from(
  '{"destination":"U1", "events":[{"type":"message","webhookEventId":"01HZX","message":{"type":"text","text":"\\u706B\\u9F8D 🐉"}}]}',
)

/** A webhook that LINE signed. */
export const signed = (body: Buffer = webhookBody, key = secret): Ask => ({
  body,
  headers: { 'x-line-signature': sign(body, key), 'content-type': 'application/json; charset=utf-8' },
})

/** The same, as the Broker brings it back. */
export const delivery = (body: Buffer = webhookBody, headers: http.OutgoingHttpHeaders = {}): Ask => ({
  path: '/deliver',
  body,
  headers: {
    ...webhookHeadersFor({
      namespace: 'village',
      bot: 'monster',
      id: '7f2d',
      arrivedAt: Date.now(),
      signature: sign(body, secret),
      contentType: 'application/json; charset=utf-8',
    }),
    ...headers,
  },
})

/** What came in; a test that expected something ends when it did not. */
export function only(got: readonly Got[]): Got {
  const [first, ...more] = got
  if (!first || more.length > 0) throw new Error(`${got.length} requests came in, not one`)
  return first
}

/** Polls closely: what is waited for takes a few milliseconds. */
export const until = (check: () => void) => vi.waitFor(check, { interval: 5, timeout: 5_000 })

/** A promise and the end of it, for a neighbour that takes as long as the test says. */
export const later = <T>() => Promise.withResolvers<T>()
