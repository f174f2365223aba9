import type { Schedule, Times } from '../schedule.ts'
import type { Weekday } from './clock.ts'

/** A schedule with its words understood; what is no date or no time of day is passed over. */
export interface KnownSchedule {
  readonly timeZone: string
  /** Any of these; none = always. */
  readonly times: readonly Known[]
  readonly except: readonly Known[]
}

export interface Known {
  readonly days: readonly Weekday[]
  readonly dates: readonly Dates[]
  /** Minutes since midnight. */
  readonly from: number
  /** Exclusive. */
  readonly until: number
  /** No hours are written: as an `except`, it is about all that begins on such a day. */
  readonly wholeDay: boolean
}

/** From one date to another, both included; both without a year where it is every year. */
export interface Dates {
  readonly from: string
  readonly to: string
}

/** Minutes. */
export const endOfDay = 24 * 60

/** A rule's schedule is looked at with each message. */
const understood = new WeakMap<Schedule, KnownSchedule>()

export function knownOf(schedule: Schedule): KnownSchedule {
  const found = understood.get(schedule)
  if (found) return found
  const { timeZone, times = [], except = [] } = schedule
  const known = { timeZone, times: times.map(knownTimes), except: except.map(knownTimes) }
  understood.set(schedule, known)
  return known
}

export const knownTimes = ({ days = [], dates = [], from, until }: Times): Known => ({
  days,
  dates: dates.map(datesOf).filter((one) => one !== undefined),
  from: (from === undefined ? undefined : minuteOf(from)) ?? 0,
  until: (until === undefined ? undefined : minuteOf(until)) ?? endOfDay,
  wholeDay: from === undefined && until === undefined,
})

/** `HH:MM` as minutes since midnight, 24:00 among them; undefined for anything else. */
export function minuteOf(text: string): number | undefined {
  const [, hours, minutes] = (/^(\d\d):(\d\d)$/.exec(text) ?? []).map(Number)
  if (hours === undefined || minutes === undefined || minutes > 59) return undefined
  const minute = hours * 60 + minutes
  return minute <= endOfDay ? minute : undefined
}

export function datesOf(text: string): Dates | undefined {
  const [from = '', to = from] = text.split('/')
  return isDate(from) && isDate(to) ? { from, to } : undefined
}

/** Whether there is such a date, as 2026-12-31; without a year, whether some year has it. */
export function isDate(text: string): boolean {
  const [, year = '2000', month, day] = /^(?:(\d{4})-)?(\d\d)-(\d\d)$/.exec(text) ?? []
  if (month === undefined || day === undefined) return false
  const date = new Date(`${year}-${month}-${day}T12:00:00Z`)
  // The 30th of February would be the 2nd of March.
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(5, 10) === `${month}-${day}`
}
