/** In the order of ISO 8601; Kubernetes has no words for them. */
export const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const
export type Weekday = (typeof weekdays)[number]

export interface Day {
  readonly day: Weekday
  /** `2026-12-31`: dates in this form compare as strings do. */
  readonly date: string
}

/** What a clock on a wall shows, and the calendar beside it. */
export interface Clock {
  readonly today: Day
  readonly yesterday: Day
  /** Minutes since midnight. */
  readonly minute: number
}

/** Made only when a schedule is asked: it costs a millisecond, and most bots have none. */
const formats = new Map<string, Intl.DateTimeFormat>()

/** Throws a RangeError for a time zone that this Node does not know. */
export function formatIn(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known) return known
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  })
  formats.set(timeZone, format)
  return format
}

/** The last answer: the rules of a bot ask about the same moment, mostly in the same zone. */
let last: { readonly timeZone: string; readonly at: number; readonly clock: Clock } | undefined

export function clockIn(timeZone: string, moment: Date): Clock {
  const at = moment.getTime()
  if (last?.timeZone === timeZone && last.at === at) return last.clock
  const parts = formatIn(timeZone).formatToParts(moment)
  const part = (name: Intl.DateTimeFormatPartTypes) => Number(parts.find(({ type }) => type === name)?.value)
  const noon = Date.UTC(part('year'), part('month') - 1, part('day'), 12)
  const clock = { today: dayAt(noon), yesterday: dayAt(noon - dayMs), minute: part('hour') * 60 + part('minute') }
  last = { timeZone, at, clock }
  return clock
}

export const dayMs = 24 * 60 * 60 * 1000

/** The day of a moment in UTC. */
export function dayAt(ms: number): Day {
  const day = new Date(ms)
  return { day: weekdays[(day.getUTCDay() + 6) % 7] ?? 'Mon', date: day.toISOString().slice(0, 10) }
}
