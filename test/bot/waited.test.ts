import { expect, it } from 'vitest'
import { countsIn } from '../../functions/bot/counts.ts'
import { makeWaited } from '../../functions/bot/waited.ts'
import { makeMetrics } from '../../functions/core/metrics.ts'
import { scraped } from '../metrics.ts'

/** A process that began at 10 s, at 12 s. */
function world() {
  const metrics = makeMetrics()
  const waited = makeWaited(countsIn(metrics), 10_000, () => 12_000)
  const value = (name: string) => Number(new RegExp(`^${name} (.*)$`, 'm').exec(scraped(metrics))?.[1] ?? 0)
  return { waited, value }
}

it('counts the seconds from the webhook’s arrival to its reply, and only of what was answered', () => {
  const { waited, value } = world()
  waited({ outcome: 'answered' }, 11_500)
  waited({ outcome: 'unmatched' }, 11_000)
  waited({ outcome: 'answered' }, 12_500)
  expect(value('linebot_bot_reply_seconds_count')).toBe(2)
  expect(value('linebot_bot_reply_seconds_sum')).toBe(0.5)
})

it('counts a cold start when the first webhook had arrived before the process was there, once', () => {
  const { waited, value } = world()
  waited({ outcome: 'unmatched' }, 9_000)
  waited({ outcome: 'answered' }, 9_100)
  expect(value('linebot_bot_cold_starts_total')).toBe(1)
  expect(value('linebot_bot_cold_start_seconds_sum')).toBe(3)
})

it('counts none in a process that was warm when its first webhook came', () => {
  const { waited, value } = world()
  waited({ outcome: 'answered' }, 11_000)
  waited({ outcome: 'answered' }, 9_000)
  expect(value('linebot_bot_cold_starts_total')).toBe(0)
})
