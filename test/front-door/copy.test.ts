import { once } from 'node:events'
import http from 'node:http'
import net from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { sign } from '../../functions/edge/signature.ts'
import type { Peer } from '../../functions/front-door/peers.ts'
import { scraped } from '../metrics.ts'
import { type Ask, ask, botWith, type Door, delivery, later, openDoor, signed, until, webhookBody } from './door.ts'

const never = () => new Promise<never>(() => {})
const slow = { ackMs: 60_000 }

describe('a webhook that the Broker has not taken yet', () => {
  it('is acknowledged as soon as a peer keeps a copy, and forgotten there when it is done', async () => {
    const taken = later<number>()
    const other = await openDoor()
    const door = await openDoor({ broker: () => taken.promise, peers: [other.peer], limits: slow })
    expect((await ask(door, signed())).status).toBe(200)
    expect(scraped(door.metrics)).toContain('copies_total{outcome="Kept"} 1')
    taken.resolve(202)
    await door.app.drain()
    await other.app.drain()
    expect(other.broker.got).toEqual([])
    expect(scraped(other.metrics)).not.toContain('takeovers_total 1')
  })

  it('outlives a Broker that is deleted and made again, though LINE has its 200', async () => {
    const other = await openDoor()
    let gone = true
    const door = await openDoor({
      broker: () => (gone ? 404 : 202),
      peers: [other.peer],
      limits: { ...slow, firstBackoffMs: 1, maxBackoffMs: 5 },
    })
    expect((await ask(door, signed())).status).toBe(200)
    await until(() => expect(door.broker.got.length).toBeGreaterThan(1))
    gone = false
    await door.app.drain()
    expect(scraped(door.metrics)).toContain('handovers_total{outcome="Taken"} 1')
  })

  it('is not kept by a peer that knows no Broker', async () => {
    const other = await openDoor({ sink: undefined })
    const door = await openDoor({ broker: never, peers: [other.peer], limits: { ackMs: 10 } })
    expect((await ask(door, signed())).status).toBe(200)
    await until(() => expect(scraped(door.metrics)).toContain('copies_total{outcome="NoPeer"} 1'))
  })

  it('is sent by the peer at once, as the same event, when the front door that held it dies', async () => {
    const other = await openDoor()
    const door = await openDoor({ broker: never, peers: [other.peer], limits: slow })
    expect((await ask(door, signed())).status).toBe(200)
    other.loseCopies()
    await until(() => expect(other.broker.got).toHaveLength(1))
    await until(() => expect(door.broker.got).toHaveLength(1))
    const [[first], [second]] = [door.broker.got, other.broker.got]
    expect(second?.body.equals(webhookBody)).toBe(true)
    expect(eventIn(second?.headers)).toEqual(eventIn(first?.headers))
    expect(scraped(other.metrics)).toContain('takeovers_total 1')
    const line = { message: expect.stringContaining('taken over'), webhookEventIds: ['01HZX'] }
    expect(other.logged).toContainEqual(expect.objectContaining(line))
    await until(() => expect(scraped(other.metrics)).toContain('handovers_total{outcome="Taken"} 1'))
  })

  it('is tried until it is taken, or expired, by the peer too', async () => {
    const other = await openDoor({ broker: (nth) => (nth < 3 ? 503 : 202), limits: { firstBackoffMs: 1 } })
    const door = await openDoor({ broker: never, peers: [other.peer], limits: slow })
    await ask(door, signed())
    other.loseCopies()
    await until(() => expect(scraped(other.metrics)).toContain('handovers_total{outcome="Taken"} 1'))
    expect(other.broker.got).toHaveLength(4)
  })

  it('gets another keeper when the one it had dies, and when a peer comes that was not there before', async () => {
    const [one, two] = [await openDoor(), await openDoor()]
    const peers: Peer[] = []
    const door = await openDoor({ broker: never, peers, limits: { ackMs: 10, copyAgainMs: 5 } })
    expect((await ask(door, signed())).status).toBe(200)
    const kept = ({ logged }: Door) =>
      expect(logged).toContainEqual(expect.objectContaining({ message: 'Copy is kept' }))
    peers.push(one.peer)
    await until(() => kept(one))
    peers.splice(0, 1, two.peer)
    one.loseCopies()
    await until(() => kept(two))
  })

  it('is taken over even when the peer cannot read its Bot: /deliver verifies it again', async () => {
    const other = await openDoor({ read: { bot: () => Promise.reject(new Error('down')) } })
    const door = await openDoor({ broker: never, peers: [other.peer], limits: slow })
    await ask(door, signed())
    other.loseCopies()
    await until(() => expect(other.broker.got).toHaveLength(1))
  })

  it('names no Bot in the metrics that the peer cannot read: whoever reaches its port may have made it up', async () => {
    const other = await openDoor({
      read: { bot: () => Promise.reject(new Error('down')) },
      broker: never,
      limits: { expiresMs: 60 },
    })
    const door = await openDoor({ broker: never, peers: [other.peer], limits: slow })
    await ask(door, signed())
    other.loseCopies()
    await until(() => expect(scraped(other.metrics)).toContain('expired_total{at="Handover"} 1'))
  })
})

describe('without a peer that keeps it, LINE is acknowledged after the ack limit', () => {
  it.each([
    ['none is there', async () => []],
    ['it is dead', async () => [{ host: '127.0.0.1', port: 9 }]],
    ['it accepts and says nothing', async () => [await mute()]],
    ['it hangs up', async () => [await rude()]],
    ['it has no room', async () => [(await openDoor({ limits: { roomBytes: 10 } })).peer]],
    ['it is about to go', async () => [(await leaving()).peer]],
  ])('when %s', async (_what, peers) => {
    const taken = later<number>()
    const limits = { ackMs: 60, copyMs: 20, connectMs: 20 }
    const door = await openDoor({ broker: () => taken.promise, peers: await peers(), limits })
    expect((await ask(door, signed())).status).toBe(200)
    // On a busy machine the peer's refusal may come after the ack.
    await until(() => expect(scraped(door.metrics)).toContain('copies_total{outcome="NoPeer"} 1'))
    expect(door.logged).toContainEqual(expect.objectContaining({ message: 'webhook', outcome: 'Held' }))
    taken.resolve(202)
    await door.app.drain()
    expect(scraped(door.metrics)).toContain('handovers_total{outcome="Taken"} 1')
  })

  it('and the next peer is asked', async () => {
    const other = await openDoor()
    const peers = [{ host: '127.0.0.1', port: 9 }, await mute(), other.peer]
    const door = await openDoor({ broker: never, peers, limits: { ...slow, copyMs: 500 } })
    expect((await ask(door, signed())).status).toBe(200)
    other.loseCopies()
    await until(() => expect(other.broker.got).toHaveLength(1))
  })
})

it('a peer that was too slow to say so is told the end, and sends nothing', async () => {
  const other = await openDoor()
  const late = await delayed(other.peer, 60)
  const taken = later<number>()
  const door = await openDoor({ broker: () => taken.promise, peers: [late], limits: { ackMs: 10, copyMs: 10 } })
  expect((await ask(door, signed())).status).toBe(200)
  taken.resolve(202)
  await door.app.drain()
  await other.app.drain()
  expect(other.broker.got).toEqual([])
})

it('a front door that is told to go keeps what it has until its holder is done', async () => {
  const taken = later<number>()
  const other = await openDoor()
  const door = await openDoor({ broker: () => taken.promise, peers: [other.peer], limits: slow })
  await ask(door, signed())
  const events: string[] = []
  const gone = other.app.drain().then(() => events.push('gone'))
  events.push('done')
  taken.resolve(202)
  await gone
  expect(events).toEqual(['done', 'gone'])
  expect(other.broker.got).toEqual([])
})

describe('from whoever says so', () => {
  it.each<[string, http.OutgoingHttpHeaders, string]>([
    [
      'what LINE did not sign is kept and never sent',
      { 'ce-linesignature': sign(webhookBody, 'another') },
      'BadSignature',
    ],
    ['what is for no Bot is kept and never sent', { 'ce-botname': 'nobody' }, 'NotFound'],
  ])('%s', async (_what, headers, verdict) => {
    const door = await openDoor()
    const copy = send(door, headers)
    await once(copy, 'response')
    copy.destroy()
    await until(() => expect(door.logged).toContainEqual(expect.objectContaining({ verdict })))
    await door.app.drain()
    expect(door.broker.got).toEqual([])
  })

  it.each<[string, http.OutgoingHttpHeaders, number]>([
    ['is no webhook', { 'ce-type': 'another' }, 400],
    ['says no length', { 'linebot-bytes': undefined }, 503],
    ['is longer than it says', { 'linebot-bytes': webhookBody.length - 1 }, 400],
    ['has less than no bytes', { 'linebot-bytes': -1e12 }, 503],
    ['is above 1 MiB', { 'linebot-bytes': 1024 * 1024 + 1 }, 503],
    ['stops in the middle', { 'linebot-bytes': webhookBody.length + 1 }, 400],
  ])('nothing is kept that %s', async (_what, headers, status) => {
    const door = await openDoor({ limits: { bodyMs: 30 } })
    const copy = send(door, headers)
    const [response] = await once(copy, 'response')
    expect(response.statusCode).toBe(status)
    copy.destroy()
    await door.app.drain()
    expect(door.broker.got).toEqual([])
  })

  it('nothing is kept longer than a reply token lives', async () => {
    const door = await openDoor({ limits: { expiresMs: 40 } })
    const copy = send(door, {})
    await once(copy, 'response')
    await door.app.drain()
    expect(door.broker.got).toEqual([])
  })

  it('nor is what has not arrived yet', async () => {
    const door = await openDoor({ limits: { expiresMs: 40 } })
    const copy = send(door, { 'ce-time': new Date(Date.now() + 3_600_000).toISOString() })
    await once(copy, 'response')
    await door.app.drain()
    expect(door.broker.got).toEqual([])
  })

  it('copies leave no room taken, however they end', async () => {
    const door = await openDoor({ limits: { roomBytes: 10_000 } })
    for (const headers of [{}, { 'ce-type': 'another' }, { 'ce-botname': 'nobody' }, {}]) {
      const copy = send(door, headers)
      const [response] = await once(copy, 'response')
      expect([202, 400]).toContain(response.statusCode)
      copy.end()
      await once(copy, 'close')
    }
  })
})

it('copies have a port of their own: the public one knows nothing of them', async () => {
  const door = await openDoor({ read: { bot: async () => botWith('http://127.0.0.1:9/') } })
  const { headers } = delivery(webhookBody, { 'linebot-bytes': webhookBody.length })
  expect((await ask(door, { path: '/', headers: headers ?? {}, body: webhookBody } satisfies Ask)).status).toBe(404)
})

const eventIn = (headers: http.IncomingHttpHeaders = {}) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('ce-') || name === 'content-type'))

/** A copy as another front door sends it, its end held back. */
function send({ peer }: Door, changed: http.OutgoingHttpHeaders): http.ClientRequest {
  const { headers } = delivery(webhookBody, { 'linebot-bytes': webhookBody.length, ...changed })
  const wanted = Object.entries(headers ?? {}).filter(([, value]) => value !== undefined)
  const copy = http.request({ ...peer, agent: false, method: 'POST', headers: Object.fromEntries(wanted) })
  copy.on('error', () => {})
  copy.write(webhookBody)
  return copy
}

async function leaving(): Promise<Door> {
  const door = await openDoor()
  void door.app.drain()
  return door
}

const mute = () => socketServer(() => {})
const rude = () => socketServer((socket) => socket.destroy())

/** What a peer hears and says, each a while later. */
const delayed = ({ host, port }: Peer, ms: number) =>
  socketServer((socket) => {
    const on = net.connect(port, host)
    socket.on('data', (part) => setTimeout(() => on.write(part), ms)).on('end', () => setTimeout(() => on.end(), ms))
    on.on('data', (part) => setTimeout(() => socket.write(part), ms)).on('error', () => {})
  })

async function socketServer(behave: (socket: net.Socket) => void): Promise<Peer> {
  const sockets = new Set<net.Socket>()
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket.on('error', () => {}))
    behave(socket)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { host: '127.0.0.1', port: address.port }
}
