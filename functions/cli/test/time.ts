const written = /^(?<date>\d{4}-\d\d-\d\d)(?:[T ](?<time>\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(?<zone>[Zz]|[+-]\d\d:?\d\d)?)?$/

/** `2026-01-31 12:00` in the zone, or a time with an offset of its own; undefined when it is neither. */
export function timeAt(text: string, timeZone: string): Date | undefined {
  const { date, time = '00:00', zone } = written.exec(text)?.groups ?? {}
  if (date === undefined) return undefined
  const utc = new Date(`${date}T${time}${zone ?? 'Z'}`)
  // The 30th of February becomes the 2nd of March.
  if (Number.isNaN(utc.getTime()) || (zone === undefined && !utc.toISOString().startsWith(date))) return undefined
  if (zone !== undefined) return utc
  // The offset there, and once more where the clock is changed in between.
  const near = new Date(utc.getTime() - offsetMs(utc, timeZone))
  return new Date(utc.getTime() - offsetMs(near, timeZone))
}

/** How far the zone's clock is ahead of UTC then. */
function offsetMs(at: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en', { timeZone, ...numbers }).formatToParts(at)
  const part = Object.fromEntries(parts.map(({ type, value }) => [type, Number(value)]))
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at.getTime() / 1000) * 1000
}

const numbers = {
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
  hourCycle: 'h23',
} as const
