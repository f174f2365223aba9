import { expect, it } from 'vitest'
import { ApiError } from '../../functions/edge/cluster.ts'
import { makeLog } from '../../functions/edge/log.ts'
import { type Lookup, makeBots, type Read } from '../../functions/front-door/bots.ts'
import { limits } from '../../functions/front-door/limits.ts'
import { scraped } from '../metrics.ts'
import { ask, botWith, later, openDoor, secretWith, signed, webhookBody } from './door.ts'

const monster = { namespace: 'village', bot: 'monster' }

const unreachable = new Error('connect ECONNREFUSED')
const forbidden = new ApiError(403, 'Forbidden', 'not yet')

interface State {
  now: number
  secret: string
  url: string
  exists: boolean
  /** What the API server says instead of an answer. */
  failure?: Error | undefined
  reads: number
  open: number
  most: number
}

/** A world whose clock and objects the test changes; `reads` counts reads of Bots. */
function world() {
  const state: State = {
    now: 1_800_000_000_000,
    secret: 'old',
    url: 'http://a/',
    exists: true,
    reads: 0,
    open: 0,
    most: 0,
  }
  const read: Read = {
    async bot() {
      state.reads += 1
      state.most = Math.max(state.most, ++state.open)
      await turn()
      state.open -= 1
      if (state.failure) throw state.failure
      return state.exists ? botWith(state.url) : undefined
    },
    secret: async () => secretWith({ channelSecret: state.secret }),
  }
  const bots = makeBots(
    read,
    makeLog('Error', {}, () => {}),
    limits,
    () => state.now,
  )
  /** When what is read in the background is known. */
  const settled = async () => {
    do await turn()
    while (state.open > 0)
  }
  /** Time in which somebody writes to the Bot every ten seconds. */
  const pass = async (ms: number) => {
    const until = state.now + ms
    while (state.now < until) {
      state.now = Math.min(until, state.now + limits.refreshMs)
      await bots.find(monster)
      await settled()
    }
  }
  return { state, bots, find: () => bots.find(monster), findAgain: () => bots.findAgain(monster), settled, pass }
}

/** All that is due is done after it. */
const turn = () => new Promise(setImmediate)

const secretOf = (found: Lookup) => (typeof found === 'string' ? found : found.secrets[0])

it('concurrent first webhooks read once', async () => {
  const { state, find } = world()
  const found = await Promise.all(Array.from({ length: 50 }, find))
  expect(found.map(secretOf)).toEqual(Array.from({ length: 50 }, () => 'old'))
  expect(state.reads).toBe(1)
})

it('a known Bot is not read again within 10 s, and then once, in the background', async () => {
  const { state, find, settled } = world()
  await find()
  state.secret = 'new'
  state.now += 9_999
  expect(secretOf(await find())).toBe('old')
  expect(state.reads).toBe(1)
  state.now += 1
  expect((await Promise.all([find(), find(), find()])).map(secretOf)).toEqual(['old', 'old', 'old'])
  await settled()
  expect(state.reads).toBe(2)
  expect(secretOf(await find())).toBe('new')
})

it('a Bot that nobody wrote to for a minute is read again before it is believed', async () => {
  const { state, find, settled } = world()
  await find()
  state.secret = 'new'
  state.now += 59_999
  expect(secretOf(await find())).toBe('old')
  await settled()
  state.secret = 'newer'
  state.now += 60_000
  expect((await Promise.all([find(), find()])).map(secretOf)).toEqual(['newer', 'newer'])
  expect(state.reads).toBe(3)
})

it('an API server that does not answer keeps a webhook waiting once, and then no more', async () => {
  let now = 0
  let hangs = false
  const asked: ReturnType<typeof later<undefined>>[] = []
  const read: Read = {
    bot: async () => {
      if (!hangs) return botWith('http://a/')
      const answer = later<undefined>()
      asked.push(answer)
      return answer.promise.then(() => Promise.reject(new Error('timeout')))
    },
    secret: async () => secretWith({ channelSecret: 'old' }),
  }
  const log = makeLog('Error', {}, () => {})
  const bots = makeBots(read, log, { ...limits, lookupMs: 10 }, () => now)
  await bots.find(monster)
  hangs = true
  now += 3_600_000
  expect(secretOf(await bots.find(monster))).toBe('old')
  asked[0]?.resolve(undefined)
  await turn()
  now += limits.refreshMs
  const winner = await Promise.race([bots.find(monster), new Promise((resolve) => setImmediate(resolve, 'waited'))])
  expect(winner).toMatchObject({ secrets: ['old'] })
  expect(asked).toHaveLength(2)
})

it('a Bot that is deleted is gone after the next look', async () => {
  const { state, find, settled } = world()
  await find()
  state.exists = false
  state.now += 10_000
  await find()
  await settled()
  expect(await find()).toBe('NotFound')
})

it('after a bad signature it is read again at most once in 5 s', async () => {
  const { state, find, findAgain } = world()
  await find()
  state.secret = 'new'
  expect((await Promise.all([findAgain(), findAgain()])).map(secretOf)).toEqual(['new', 'new'])
  expect(state.reads).toBe(2)
  state.now += 4_999
  await findAgain()
  expect(state.reads).toBe(2)
  state.now += 1
  await findAgain()
  expect(state.reads).toBe(3)
})

it('an unknown name is not asked for again within 5 s, and found soon after it was made', async () => {
  const { state, find } = world()
  state.exists = false
  expect(await find()).toBe('NotFound')
  state.exists = true
  state.now += 4_999
  expect(await find()).toBe('NotFound')
  expect(state.reads).toBe(1)
  state.now += 1
  expect(secretOf(await find())).toBe('old')
})

it('what was read stays good while the API server is down, without a question at every webhook', async () => {
  const { state, find, findAgain, settled } = world()
  await find()
  state.failure = unreachable
  state.now += 3_600_000
  for (let nth = 0; nth < 20; nth++) {
    expect(secretOf(await find())).toBe('old')
    await settled()
  }
  expect(state.reads).toBe(2)
  expect(secretOf(await findAgain())).toBe('old')
  state.failure = undefined
  state.secret = 'new'
  state.now += 10_000
  await find()
  await settled()
  expect(secretOf(await find())).toBe('new')
})

it('what was never read is unreachable while the API server is down, and there at once when it is back', async () => {
  const { state, find } = world()
  state.failure = unreachable
  expect(await find()).toBe('Unreachable')
  state.failure = undefined
  expect(secretOf(await find())).toBe('old')
})

it('a known Bot stays known while the API server forgets who may read it', async () => {
  const { state, find, pass } = world()
  await find()
  state.failure = forbidden
  await pass(limits.refusedMs - 1)
  expect(secretOf(await find())).toBe('old')
})

it('a Bot that may not be read for five minutes is not served any more, until it may be read again', async () => {
  const { state, find, findAgain, pass } = world()
  await find()
  state.failure = forbidden
  await pass(limits.refusedMs + limits.refreshMs)
  expect(await find()).toBe('NotFound')
  expect(await findAgain()).toBe('NotFound')
  state.failure = undefined
  state.now += limits.unknownMs
  expect(secretOf(await find())).toBe('old')
})

it('a Bot that nobody wrote to for a day is not forgotten at the first refusal', async () => {
  const { state, find } = world()
  await find()
  state.failure = forbidden
  state.now += 86_400_000
  expect(secretOf(await find())).toBe('old')
})

it.each([
  ['a reading', undefined],
  ['no answer', unreachable],
])('refusals do not add up over %s', async (_, between) => {
  const { state, find } = world()
  await find()
  for (const failure of [forbidden, between, forbidden]) {
    state.failure = failure
    state.now += limits.refusedMs
    expect(secretOf(await find())).toBe('old')
  }
})

it('a scan of unknown names fills neither memory nor the API server’s connections', async () => {
  const { state, bots } = world()
  state.exists = false
  const names = Array.from({ length: 1_500 }, (_, nth) => ({ namespace: 'village', bot: `nobody-${nth}` }))
  const found = await Promise.all(names.map((name) => bots.find(name)))
  expect(new Set(found)).toEqual(new Set(['NotFound']))
  expect(state.most).toBeLessThanOrEqual(limits.maxReads)
  // The last thousand are remembered, the first five hundred are not.
  const reads = state.reads
  await Promise.all(names.slice(500).map((name) => bots.find(name)))
  expect(state.reads).toBe(reads)
  await Promise.all(names.slice(0, 500).map((name) => bots.find(name)))
  expect(state.reads).toBe(reads + 500)
})

it('a rotated secret is noticed by the first webhook that it signed', async () => {
  let channelSecret = 'old'
  const door = await openDoor({ read: { secret: async () => secretWith({ channelSecret }) } })
  expect((await ask(door, signed(webhookBody, 'old'))).status).toBe(200)
  channelSecret = 'new'
  expect((await ask(door, signed(webhookBody, 'new'))).status).toBe(200)
  expect((await ask(door, signed(webhookBody, 'old'))).status).toBe(401)
})

it('what could be no signature at all does not cost a read', async () => {
  const door = await openDoor()
  await ask(door, signed())
  for (const signature of ['', 'no', 'a, a', 'A'.repeat(44)]) {
    await ask(door, { body: webhookBody, headers: { 'x-line-signature': signature } })
  }
  expect(door.reads.filter((read) => read.startsWith('Bot'))).toHaveLength(1)
})

it('webhooks for many unknown names are as many 404, and leave no trace in log and metrics', async () => {
  const door = await openDoor()
  const statuses = await Promise.all(
    Array.from(
      { length: 200 },
      async (_, nth) => (await ask(door, { ...signed(), path: `/webhook/village/n${nth}` })).status,
    ),
  )
  expect(new Set(statuses)).toEqual(new Set([404]))
  expect((await ask(door, signed())).status).toBe(200)
  expect(door.logged.filter(({ level }) => level !== 'Debug')).toHaveLength(1)
  expect(scraped(door.metrics)).not.toContain('n199')
})

it('a webhook waits for the Secret no longer than for the Bot', async () => {
  const secret = later<undefined>()
  const door = await openDoor({ read: { secret: () => secret.promise }, limits: { lookupMs: 10 } })
  expect((await ask(door, signed())).status).toBe(503)
  secret.resolve(undefined)
})
