import { expect, it } from 'vitest'
import { timeAt } from '../../../functions/cli/test/time.ts'

it.each([
  ['2026-01-31 12:00', 'Asia/Taipei', '2026-01-31T04:00:00.000Z'],
  ['2026-01-31 12:00:30', 'UTC', '2026-01-31T12:00:30.000Z'],
  ['2026-01-31', 'Asia/Tokyo', '2026-01-30T15:00:00.000Z'],
  ['2026-07-01T09:30', 'America/New_York', '2026-07-01T13:30:00.000Z'],
  ['2026-12-01T09:30', 'America/New_York', '2026-12-01T14:30:00.000Z'],
  ['2026-03-29 03:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
  ['2026-03-29 01:30', 'Europe/Berlin', '2026-03-29T00:30:00.000Z'],
  ['2026-01-31T12:00:00+08:00', 'America/New_York', '2026-01-31T04:00:00.000Z'],
  ['2026-01-31T12:00:00Z', 'Asia/Taipei', '2026-01-31T12:00:00.000Z'],
])('%s in %s is %s', (text, zone, instant) => {
  expect(timeAt(text, zone)?.toISOString()).toBe(instant)
})

it.each(['noon', '12:00', '2026-02-30 12:00', '2026-13-01', '2026-01-31 25:00'])('%s is no time', (text) => {
  expect(timeAt(text, 'UTC')).toBeUndefined()
})
