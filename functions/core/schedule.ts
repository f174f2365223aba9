import { type Clock, clockIn, type Day, type Weekday } from './schedule/clock.ts'
import { type Dates, type Known, knownOf, knownTimes } from './schedule/known.ts'

/** A part of the week or the year; it holds when all that it says does. An empty list says nothing. */
export interface Times {
  readonly days?: readonly Weekday[] | undefined
  /** `2026-12-31`, every year `12-31`, or two of a kind with `/` between: from one to the other, both included. */
  readonly dates?: readonly string[] | undefined
  /** `HH:MM`; absent = 00:00. */
  readonly from?: string | undefined
  /** `HH:MM`, exclusive; absent = 24:00. Not after `from`: past midnight, and belongs to the day it began. */
  readonly until?: string | undefined
}

/** When something holds. */
export interface Schedule {
  /** An IANA name. */
  readonly timeZone: string
  /** Any of these; absent = always. */
  readonly times?: readonly Times[] | undefined
  /** But at none of these; without hours, nothing that began on such a day. */
  readonly except?: readonly Times[] | undefined
}

/**
 * Whether the schedule holds at this moment, by the clocks on the walls of its time zone: an hour that a change of
 * clocks skips is not missed by what goes on around it, and one that comes twice counts twice. Throws a RangeError for a
 * time zone that this Node does not know.
 */
export function isOpen(schedule: Schedule, at: Date): boolean {
  const { timeZone, times, except } = knownOf(schedule)
  const clock = clockIn(timeZone, at)
  return (times.length === 0 ? [always] : times).some((one) => {
    const day = dayOf(one, clock)
    return day !== undefined && !except.some((other) => takesAway(other, day, clock))
  })
}

const always = knownTimes({})

/** What the clock of the schedule's time zone shows, as in `Sat 2026-11-21 23:10 in Asia/Taipei`. */
export function clockOf({ timeZone }: Schedule, at: Date): string {
  const { today, minute } = clockIn(timeZone, at)
  return `${today.day} ${today.date} ${two(Math.floor(minute / 60))}:${two(minute % 60)} in ${timeZone}`
}

const two = (value: number) => String(value).padStart(2, '0')

/** The day on which the hours began that hold now. */
function dayOf(times: Known, { today, yesterday, minute }: Clock): Day | undefined {
  const { from, until } = times
  if (from < until) return from <= minute && minute < until && isOn(times, today) ? today : undefined
  if (minute >= from) return isOn(times, today) ? today : undefined
  return minute < until && isOn(times, yesterday) ? yesterday : undefined
}

/** A day without hours takes away what began on it, past midnight too, and nothing of the night before. */
const takesAway = (except: Known, began: Day, clock: Clock): boolean =>
  except.wholeDay ? isOn(except, began) : dayOf(except, clock) !== undefined

const isOn = ({ days, dates }: Known, { day, date }: Day): boolean =>
  (days.length === 0 || days.includes(day)) && (dates.length === 0 || dates.some((one) => isWithin(one, date)))

function isWithin({ from, to }: Dates, date: string): boolean {
  const one = from.length === date.length ? date : date.slice('2026-'.length)
  // Every year's may go over its end, as 12-29/01-03 does.
  return from <= to ? from <= one && one <= to : from <= one || one <= to
}
