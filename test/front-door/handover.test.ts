import { once } from 'node:events'
import net from 'node:net'
import { Worker } from 'node:worker_threads'
import { expect, it, onTestFinished } from 'vitest'
import { scraped } from '../metrics.ts'
import { ask, type Door, later, only, openDoor, signed, until, webhookBody } from './door.ts'

/** As in production, but a hundred times faster. */
const fast = { ackMs: 10, firstBackoffMs: 1, maxBackoffMs: 20, connectMs: 50 }

it('LINE is acknowledged after the ack limit when the Broker takes longer', async () => {
  const taken = later<number>()
  const door = await openDoor({ broker: () => taken.promise, limits: fast })
  expect((await ask(door, signed())).status).toBe(200)
  await until(() => expect(door.broker.got).toHaveLength(1))
  expect(scraped(door.metrics)).toContain('held 1')
  taken.resolve(202)
  await door.app.drain()
  expect(scraped(door.metrics)).toContain('held 0')
  expect(scraped(door.metrics)).toContain('handovers_total{outcome="Taken"} 1')
  expect(scraped(door.metrics)).toContain('ack_seconds_count 1')
})

it('the ack limit counts from the arrival, the time for reading the body included', async () => {
  let now = 1_800_000_000_000
  const clock = () => (now += 6_000)
  const door = await openDoor({
    broker: () => new Promise(() => {}),
    limits: { ackMs: 6_000, expiresMs: 600_000 },
    now: clock,
  })
  const beganAt = performance.now()
  expect((await ask(door, signed())).status).toBe(200)
  expect(performance.now() - beganAt).toBeLessThan(5_000)
})

it.each([301, 400, 401, 403, 404, 408, 429, 500, 502, 503, 504, undefined])(
  'after %s from the Broker the same event is sent again until it is taken',
  async (failure) => {
    const door = await openDoor({ broker: (nth) => (nth < 3 ? failure : 202), limits: { ...fast, ackMs: 5_000 } })
    expect((await ask(door, signed())).status).toBe(200)
    expect(door.broker.got).toHaveLength(4)
    const sent = door.broker.got.map(({ headers, body }) => [headers['ce-id'], headers['ce-time'], body.toString()])
    expect(new Set(sent.map(String)).size).toBe(1)
    expect(sent[0]?.[2]).toBe(webhookBody.toString())
  },
)

it('without a Broker LINE gets 503, and nothing is held, and nothing lost', async () => {
  const door = await openDoor({ sink: undefined })
  expect((await ask(door, signed())).status).toBe(503)
  expect(scraped(door.metrics)).toContain('held 0')
  expect(scraped(door.metrics)).toContain('handovers_total{outcome="Refused"} 1')
  const aloud = door.logged.filter(({ level }) => level === 'Warn' || level === 'Error')
  expect(aloud).toMatchObject([{ level: 'Warn', message: expect.stringContaining('got 503'), answered: 'no K_SINK' }])
})

it('what the Broker refuses after a peer has kept a copy is lost: LINE had its 200', async () => {
  const answered = later<number>()
  const other = await openDoor()
  const door = await openDoor({ broker: () => answered.promise, peers: [other.peer], limits: { ackMs: 60_000 } })
  expect((await ask(door, signed())).status).toBe(200)
  answered.resolve(413)
  await door.app.drain()
  expect(scraped(door.metrics)).toContain('handovers_total{outcome="Lost"} 1')
})

it('what its bot has answered is not sent again, though the Broker says that it failed', async () => {
  const door: Door = await openDoor({
    broker: async () => {
      const { headers, body } = only(door.broker.got)
      await ask(door, { path: '/deliver', headers, body })
      return 500
    },
    limits: fast,
  })
  expect((await ask(door, signed())).status).toBe(200)
  await door.app.drain()
  expect([door.broker.got.length, door.bot.got.length]).toEqual([1, 1])
  expect(scraped(door.metrics)).toContain('handovers_total{outcome="Taken"} 1')
})

it('a webhook acknowledged while the Broker was away is handed over when it is back', async () => {
  let away = true
  const door = await openDoor({ broker: () => (away ? 503 : 202), limits: fast })
  expect((await ask(door, signed())).status).toBe(200)
  await until(() => expect(door.broker.got.length).toBeGreaterThan(2))
  const triesBefore = door.broker.got.length
  away = false
  await until(() => expect(scraped(door.metrics)).toContain('handovers_total{outcome="Taken"} 1'))
  expect(door.broker.got.length).toBeGreaterThan(triesBefore)
})

it.each([413, 415, 431])(
  'a %i ends the trying, though LINE has its 200: counted, and logged by its IDs',
  async (status) => {
    const answered = later<number>()
    const door = await openDoor({ broker: () => answered.promise, limits: fast })
    expect((await ask(door, signed())).status).toBe(200)
    answered.resolve(status)
    await door.app.drain()
    expect(door.broker.got).toHaveLength(1)
    expect(scraped(door.metrics)).toContain('handovers_total{outcome="Lost"} 1')
    const told = { level: 'Error', ending: 'Refused', bot: 'monster', webhookEventIds: ['01HZX'], answered: status }
    expect(door.logged).toContainEqual(expect.objectContaining(told))
  },
)

it('what expires is logged by its IDs, with what the Broker said last', async () => {
  let now = 1_800_000_000_000
  const broker = () => {
    now += 50_000
    return 403
  }
  const door = await openDoor({ broker, limits: fast, now: () => now })
  await ask(door, signed())
  await door.app.drain()
  const told = { level: 'Error', ending: 'Expired', webhookEventIds: ['01HZX'], answered: 403 }
  expect(door.logged).toContainEqual(expect.objectContaining(told))
})

it('nothing is tried after a webhook has expired', async () => {
  let now = 1_800_000_000_000
  const answered = later<number>()
  const door = await openDoor({ broker: () => answered.promise, limits: fast, now: () => now })
  expect((await ask(door, signed())).status).toBe(200)
  now += 50_000
  answered.resolve(503)
  await door.app.drain()
  expect(door.broker.got).toHaveLength(1)
  expect(scraped(door.metrics)).toContain('handovers_total{outcome="Expired"} 1')
  expect(scraped(door.metrics)).toContain('expired_total{at="Handover",namespace="village",bot="monster"} 1')
})

it('a Broker that never answers is left when the webhook expires', async () => {
  const door = await openDoor({ broker: () => new Promise(() => {}), limits: { ...fast, expiresMs: 40 } })
  expect((await ask(door, signed())).status).toBe(200)
  await until(() =>
    expect(scraped(door.metrics)).toContain('expired_total{at="Handover",namespace="village",bot="monster"} 1'),
  )
})

it('an address that nobody answers at is tried again after the limit for connecting', async () => {
  const sink = await unanswered()
  const door = await openDoor({ sink, limits: { ...fast, connectMs: 10 } })
  expect((await ask(door, signed())).status).toBe(200)
  await until(() => {
    const tries = door.logged.filter(({ answered }) => String(answered).includes('no connection within 10 ms'))
    expect(tries.length).toBeGreaterThan(1)
  })
})

it('a kept connection that the Broker closed meanwhile costs no try', async () => {
  const sockets: net.Socket[] = []
  const broker = net.createServer((socket) => {
    sockets.push(socket)
    let requests = 0
    socket.on('data', () => {
      // The second request on a connection meets its end, as when an idle limit and a request cross.
      if (requests++ > 0) socket.resetAndDestroy()
      else socket.write('HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n')
    })
  })
  const sink = await listening(broker)
  const door = await openDoor({ sink, limits: { firstBackoffMs: 60_000 } })
  expect((await ask(door, signed())).status).toBe(200)
  expect((await ask(door, signed())).status).toBe(200)
  expect(sockets).toHaveLength(2)
  expect(scraped(door.metrics)).toContain('handovers_total{outcome="Taken"} 2')
})

it('an answer without an end does not keep its connection', async () => {
  const ended = later<void>()
  const broker = net.createServer((socket) => {
    socket.on('error', () => {}).on('close', () => ended.resolve())
    socket.write('HTTP/1.1 202 Accepted\r\ntransfer-encoding: chunked\r\n\r\n')
    const pump = () => {
      while (socket.writable && socket.write(`4000\r\n${' '.repeat(16_384)}\r\n`));
    }
    socket.on('drain', pump).resume()
    pump()
  })
  const door = await openDoor({ sink: await listening(broker) })
  expect((await ask(door, signed())).status).toBe(200)
  await ended.promise
})

it('before it goes it tries at once what waits for its next try', async () => {
  let away = true
  const door = await openDoor({
    broker: () => (away ? 503 : 202),
    limits: { ...fast, firstBackoffMs: 40_000, maxBackoffMs: 40_000 },
  })
  const answers = await Promise.all(Array.from({ length: 5 }, () => ask(door, signed())))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
  await until(() => expect(door.logged.filter(({ ending }) => ending === 'Again')).toHaveLength(5))
  away = false
  await door.app.drain()
  expect(scraped(door.metrics)).toContain('handovers_total{outcome="Taken"} 5')
  expect(door.broker.got).toHaveLength(10)
})

it('before it goes it hands over even when the Broker is dead at first', async () => {
  const door = await openDoor({ broker: (nth) => (nth < 5 ? undefined : 202), limits: { ...fast, ackMs: 0 } })
  expect((await ask(door, signed())).status).toBe(200)
  await door.app.drain()
  expect(scraped(door.metrics)).toContain('handovers_total{outcome="Taken"} 1')
})

it('a Broker that stays dead does not keep the process beyond what a reply token lives', async () => {
  const door = await openDoor({ broker: () => undefined, limits: { ...fast, expiresMs: 50 } })
  expect((await ask(door, signed())).status).toBe(200)
  await door.app.drain()
  expect(scraped(door.metrics)).toContain('handovers_total{outcome="Expired"} 1')
})

/** A port whose queue of connections is full, because nobody takes any: the next one is neither made nor refused. */
async function unanswered(): Promise<URL> {
  const worker = new Worker(
    `const { parentPort } = require('node:worker_threads')
     const server = require('node:net').createServer()
     server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
       parentPort.postMessage(server.address().port)
       setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0))
     })`,
    { eval: true },
  )
  const [port] = await once(worker, 'message')
  const queue = Array.from({ length: 8 }, () => net.connect(port, '127.0.0.1').on('error', () => {}))
  onTestFinished(async () => {
    for (const socket of queue) socket.destroy()
    await worker.terminate()
  })
  await until(() => expect(queue.filter(({ connecting }) => !connecting).length).toBeGreaterThan(0))
  return new URL(`http://127.0.0.1:${port}/`)
}

async function listening(server: net.Server): Promise<URL> {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return new URL(`http://127.0.0.1:${address.port}/`)
}
