import { expect, it } from 'vitest'
import { makePace } from '../../functions/bot-controller/pace.ts'

/** The Broker's tries of one ring: `retry: 10`, exponential, `PT2S`. */
const broker = [0, 2, 6, 14, 30, 62, 126, 254, 510, 1022, 2046]
const everySecondFor = (seconds: number) => Array.from({ length: seconds }, (_, second) => second)

/** Seconds at which LINE is asked for a test, of those at which somebody rings. */
function tested(rings: readonly number[], succeeds: (nth: number) => boolean): number[] {
  let second = 0
  const pace = makePace(() => new Date(second * 1000))
  const at: number[] = []
  for (second of rings) {
    if (pace.known('hello') !== undefined) continue
    pace.tested('hello', { success: succeeds(at.length) })
    at.push(second)
  }
  return at
}

const fails = () => false
const succeeds = () => true

it.each<[string, readonly number[], (nth: number) => boolean, readonly number[]]>([
  [
    'that fails once is tested again at the Broker’s second retry',
    broker,
    (nth) => nth > 0,
    [0, 6, 126, 254, 510, 1022, 2046],
  ],
  ['that fails is tested seldom by the Broker’s tries', broker, fails, [0, 6, 30, 126, 254, 510, 1022, 2046]],
  [
    'that fails waits 5 s, then 20 s, then 90 s, then 120 s, whoever rings',
    everySecondFor(400),
    fails,
    [0, 5, 25, 115, 235, 355],
  ],
  ['that succeeds is believed for 120 s', everySecondFor(300), succeeds, [0, 120, 240]],
  ['begins anew after it succeeded', everySecondFor(150), (nth) => nth === 2, [0, 5, 25, 145]],
])('a webhook %s', (_what, rings, outcome, seconds) => {
  expect(tested(rings, outcome)).toEqual(seconds)
})

it.each([
  ['always fails', fails, 33],
  ['always succeeds', succeeds, 30],
  ['fails every other time', (nth: number) => nth % 2 === 1, 58],
])('LINE’s 60 tests an hour are never used up by rings, where the webhook %s', (_what, outcome, tests) => {
  expect(tested(everySecondFor(3600), outcome)).toHaveLength(tests)
})

it('remembers how a test went that succeeded, and that another failed or was not carried out', () => {
  const pace = makePace(() => new Date(0))
  const test = { success: true, statusCode: 200, reason: 'OK' }
  pace.tested('good', test)
  pace.tested('bad', { success: false })
  pace.tested('late', undefined)
  expect(['good', 'bad', 'late', 'new'].map((key) => pace.known(key))).toEqual([test, 'failed', 'failed', undefined])
})

it('forgets the webhook whose test is longest ago, of more than 5,000', () => {
  const pace = makePace(() => new Date(0))
  const names = Array.from({ length: 5_000 }, (_, nth) => `bot-${nth}`)
  for (const name of names) pace.tested(name, { success: false })
  pace.tested('bot-0', { success: false })
  pace.tested('new', { success: false })
  expect(names.filter((name) => pace.known(name) === undefined)).toEqual(['bot-1'])
})
