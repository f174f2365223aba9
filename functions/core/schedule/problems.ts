import type { Problem } from '../problem.ts'
import type { Schedule, Times } from '../schedule.ts'
import { dayAt, dayMs, type Weekday } from './clock.ts'
import {
  type Dates,
  datesOf,
  endOfDay,
  isDate,
  type Known,
  type KnownSchedule,
  knownOf,
  knownTimes,
  minuteOf,
} from './known.ts'
import { zoneProblem } from './zone.ts'

/** Everything wrong in a schedule, each with its path; also what can certainly never hold. */
export function scheduleProblems(schedule: Schedule, path: string, when = usualWhen): Problem[] {
  const { timeZone, times = [], except = [] } = schedule
  const zone = zoneProblem(timeZone)
  const wrong = [
    ...(schedule.times?.length === 0 ? [{ path: `${path}.times`, message: `an empty list: ${when}` }] : []),
    ...(zone === undefined ? [] : [{ path: `${path}.timeZone`, message: zone }]),
    ...times.flatMap((one, i) => timesProblems(one, `${path}.times[${i}]`)),
    ...except.flatMap((one, i) => timesProblems(one, `${path}.except[${i}]`)),
  ]
  return wrong.length > 0 ? wrong : neverProblems(knownOf(schedule), path)
}

/** What to do where a schedule has no times. */
export const usualWhen = 'write when, or leave times out, and it is always'

/** The same of quiet hours that have an `except`. */
export const quietWhen = 'write when, or leave times out, and the bot is always silent, but for except'

/** As `scheduleProblems`; without times a Bot would say nothing for ever, which is what `suspend` is for. */
export const quietProblems = (schedule: Schedule, path: string): Problem[] =>
  schedule.times?.length || schedule.except?.length
    ? scheduleProblems(schedule, path, quietWhen)
    : [
        ...scheduleProblems({ timeZone: schedule.timeZone }, path),
        { path: `${path}.times`, message: 'none, and the bot would never say a word: write when, or suspend the Bot' },
      ]

function timesProblems({ days = [], dates = [], from, until }: Times, path: string): Problem[] {
  const wrong = [
    ...dates.flatMap((date, i) => dateProblems(date, `${path}.dates[${i}]`)),
    ...(from === undefined ? [] : minuteProblems(from, `${path}.from`, endOfDay - 1)),
    ...(until === undefined ? [] : minuteProblems(until, `${path}.until`, endOfDay)),
  ]
  if (wrong.length > 0 || days.length === 0 || dates.length === 0) return wrong
  const known = dates.map(datesOf).filter((one) => one !== undefined)
  if (known.some((one) => meets(one, days))) return []
  return [{ path, message: `never: none of its dates is a ${days.join(' or ')}` }]
}

function minuteProblems(text: string, path: string, most: number): Problem[] {
  const minute = minuteOf(text)
  if (minute !== undefined && minute <= most) return []
  return [{ path, message: `${text} is no time of day: HH:MM, from 00:00 to ${most === endOfDay ? '24:00' : '23:59'}` }]
}

const dateForms = 'write 2026-12-31, every year 12-31, or a range as 12-29/01-03'

function dateProblems(text: string, path: string): Problem[] {
  const parts = text.split('/')
  const [from = '', to = from] = parts
  if (parts.length > 2 || !parts.every(isDate)) {
    return [{ path, message: `${text} is no date: ${dateMeant(text) ?? dateForms}` }]
  }
  if (from.length !== to.length) return [{ path, message: `${text}: write both dates with a year, or both without` }]
  if (from > to && from.length > 5) return [{ path, message: `${text} ends before it begins: write ${to}/${from}` }]
  return []
}

/** Of a date in another form, with what belongs between its numbers. */
function dateMeant(text: string): string | undefined {
  const [, year, month = '', day = ''] = /^(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?$/.exec(text) ?? []
  const meant = `${year === undefined ? '' : `${year}-`}${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return isDate(meant) ? `write ${meant}` : undefined
}

/** Whether one of these dates is on one of these days. Every date without a year is on any day in some year. */
function meets({ from, to }: Dates, days: readonly Weekday[]): boolean {
  if (from.length === '12-31'.length) return true
  const begin = Date.parse(`${from}T12:00:00Z`)
  const count = Math.min(7, (Date.parse(`${to}T12:00:00Z`) - begin) / dayMs + 1)
  return Array.from({ length: count }, (_, i) => dayAt(begin + i * dayMs)).some(({ day }) => days.includes(day))
}

function neverProblems({ times, except }: KnownSchedule, path: string): Problem[] {
  const wanted = times.length > 0 ? times : [knownTimes({})]
  if (!wanted.every((one) => except.some((other) => contains(other, one)))) return []
  return [{ path, message: 'never holds: except takes away all of its times' }]
}

/** Whether `a` certainly holds whenever `b` does. */
const contains = (a: Known, b: Known): boolean => isAlways(a) || containsDays(a, b)

const isAlways = ({ days, dates, from, until }: Known) =>
  days.length === 0 && dates.length === 0 && (from + endOfDay === until || from === until)

const containsDays = (a: Known, b: Known): boolean =>
  (a.days.length === 0 || (b.days.length > 0 && b.days.every((day) => a.days.includes(day)))) &&
  (a.dates.length === 0 || (b.dates.length > 0 && b.dates.every((date) => a.dates.some((one) => covers(one, date))))) &&
  coversHours(a, b)

const covers = (a: Dates, b: Dates) =>
  a.from.length === b.from.length && a.from <= a.to && b.from <= b.to && a.from <= b.from && b.to <= a.to

/** Hours that go past midnight belong to two days: those are compared only if they are the same. */
function coversHours(a: Known, b: Known): boolean {
  if (a.wholeDay || (a.from === b.from && a.until === b.until)) return true
  return a.from < a.until && b.from < b.until && a.from <= b.from && b.until <= a.until
}
