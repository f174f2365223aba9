import type { Problem } from '../problem.ts'
import type { Json } from '../shape.ts'
import { isGiven } from './check.ts'

const day = /^(\d{4})-(\d\d)-(\d\d)$/
const time = /^([01]\d|2[0-3]):[0-5]\d$/

/** A day that there is, from 1900 to 2100. */
function isDay(text: string): boolean {
  const [, year = 0, month = 0, date = 0] = (day.exec(text) ?? []).map(Number)
  // Day 0 of the next month is the last of this one.
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate()
  return year >= 1900 && year <= 2100 && month >= 1 && month <= 12 && date >= 1 && date <= last
}

const isTime = (text: string) => time.test(text)

const forms: Readonly<Record<string, { readonly is: (text: string) => boolean; readonly words: string }>> = {
  date: { is: isDay, words: 'a date such as 2030-12-31, from 1900 to 2100' },
  time: { is: isTime, words: 'a time such as 23:59' },
  datetime: {
    is: (text) => /^.{10}[Tt].{5}$/.test(text) && isDay(text.slice(0, 10)) && isTime(text.slice(11)),
    words: 'a date and time such as 2030-12-31T23:59, from 1900 to 2100',
  },
}

/** A datetimepicker's dates and times have the form of its mode, and min ≤ initial ≤ max, min < max. */
export function picksInOrder({ mode, min, initial, max }: Json, path: string, problems: Problem[]): void {
  const form = typeof mode === 'string' && Object.hasOwn(forms, mode) ? forms[mode] : undefined
  if (!form) return
  const before = problems.length
  for (const [member, value] of Object.entries({ min, initial, max })) {
    if (!isGiven(value) || isTemplate(value) || (typeof value === 'string' && form.is(value))) continue
    problems.push({ path: `${path}.${member}`, message: `${JSON.stringify(value)} is not ${form.words}` })
  }
  if (problems.length > before) return
  if (follows(min, max, true)) problems.push({ path: `${path}.max`, message: 'must be later than min' })
  if (follows(min, initial)) problems.push({ path: `${path}.initial`, message: 'must not be before min' })
  if (follows(initial, max)) problems.push({ path: `${path}.initial`, message: 'must not be after max' })
}

const isTemplate = (value: unknown) => typeof value === 'string' && value.includes('{{')

/** The forms of one mode sort as text, T and t being one. */
function follows(a: unknown, b: unknown, orEqual = false): boolean {
  if (typeof a !== 'string' || typeof b !== 'string' || isTemplate(a) || isTemplate(b)) return false
  const [one, other] = [a.toUpperCase(), b.toUpperCase()]
  return one > other || (orEqual && one === other)
}
