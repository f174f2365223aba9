import { expect, it } from 'vitest'
import { faultName, makeFaults } from '../../../functions/local/line/faults.ts'

const push = { method: 'POST', path: '/v2/bot/message/push', channel: '1' }

it.each([
  ['its path', { path: push.path }, true],
  ['another path', { path: '/v2/bot/message/reply' }, false],
  ['a prefix', { path: '/v2/bot/message/*' }, true],
  ['its method', { path: push.path, method: 'POST' }, true],
  ['another method', { path: push.path, method: 'GET' }, false],
  ['its channel', { path: push.path, channel: '1' }, true],
  ['another channel', { path: push.path, channel: '2' }, false],
])('a fault for %s meets a push: %#', (_what, fault, meets) => {
  const faults = makeFaults()
  faults.add({ ...fault, status: 500, times: 1 })
  expect(faults.take(push) !== undefined).toBe(meets)
})

it('a fault is over after its times, and the next one follows', () => {
  const faults = makeFaults()
  faults.add({ path: push.path, status: 500, times: 2 })
  faults.add({ path: push.path, status: 429, times: 1 })
  expect([1, 2, 3, 4].map(() => faults.take(push)?.status)).toEqual([500, 500, 429, undefined])
  expect(faults.list()).toEqual([])
})

it.each([
  [{ status: 500 }, 'failed'],
  [{ drop: true }, 'dropped'],
  [{ delayMs: 1, drop: true }, 'delayed, dropped'],
])('%o is recorded as “%s”', (fault, name) => {
  expect(faultName({ path: '/', times: 1, ...fault })).toBe(name)
})
