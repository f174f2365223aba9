import { expect, it } from 'vitest'
import { makePeers } from '../../functions/front-door/peers.ts'

const at = new URL('http://front-door-peers.linebot-system:9465')

it('are the addresses behind the name but our own, each first in its turn', async () => {
  const peers = makePeers(at, {
    refreshMs: 5_000,
    now: () => 0,
    resolve: async () => ['10.0.0.1', '127.0.0.1', '2001:db8::7'],
  })
  const asked = [await peers(), await peers(), await peers()]
  expect(asked.map((some) => some.map(({ host }) => host))).toEqual([
    ['2001:db8::7', '10.0.0.1'],
    ['10.0.0.1', '2001:db8::7'],
    ['2001:db8::7', '10.0.0.1'],
  ])
  expect(asked[0]?.[0]?.port).toBe(9465)
})

it('are looked up when somebody asks, at most once in a while, and are none where the name is unknown', async () => {
  let now = 0
  const answers = [['10.0.0.1'], undefined, ['10.0.0.2']]
  const names: string[] = []
  const resolve = async (host: string) => {
    names.push(host)
    const found = answers[names.length - 1]
    if (!found) throw Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' })
    return found
  }
  const peers = makePeers(at, { refreshMs: 5_000, now: () => now, resolve })
  expect(names).toEqual([])
  const hosts = async () => (await peers()).map(({ host }) => host)
  expect([await hosts(), await hosts()]).toEqual([['10.0.0.1'], ['10.0.0.1']])
  now = 5_000
  expect(await hosts()).toEqual([])
  now = 10_000
  expect(await hosts()).toEqual(['10.0.0.2'])
  expect(names).toEqual([at.hostname, at.hostname, at.hostname])
})

it.each<[string, () => Promise<string[]>]>([
  ['fails', () => Promise.reject(Object.assign(new Error('getaddrinfo'), { code: 'EAI_AGAIN' }))],
  ['says nothing', () => new Promise(() => {})],
])('are those of before while the cluster’s DNS %s', async (_what, fails) => {
  let now = 0
  const resolve = () => (now === 0 ? Promise.resolve(['10.0.0.1']) : fails())
  const peers = makePeers(at, { refreshMs: 5_000, now: () => now, resolve })
  const before = await peers()
  for (const later of [5_000, 10_000]) {
    now = later
    expect(await peers()).toEqual(before)
  }
})
