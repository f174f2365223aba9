/** A date as its calendar and clock show it, held in the UTC fields of a Date. */
interface Shown {
  readonly wall: Date
  /** What is known of it: LINE's pickers give a date, a time, or both. */
  readonly has: ReadonlySet<Has>
  /** Only where the moment in the world is known. */
  readonly offsetMinutes?: number
}

type Has = 'date' | 'time' | 'moment'

interface Letter {
  readonly needs?: Has
  readonly write: (shown: Shown, language: string) => string
  /** Digits of a number, and what fills them up. */
  readonly width?: number
  readonly fill?: '0' | ' '
}

const number = (needs: Has, width: number, read: (wall: Date) => number, fill: '0' | ' ' = '0'): Letter => ({
  needs,
  width,
  fill,
  write: ({ wall }) => String(read(wall)),
})

const words = (needs: Has, options: Intl.DateTimeFormatOptions, part: Intl.DateTimeFormatPartTypes): Letter => ({
  needs,
  write: ({ wall }, language) => {
    const parts = new Intl.DateTimeFormat(language, { ...options, timeZone: 'UTC' }).formatToParts(wall)
    return parts.find(({ type }) => type === part)?.value ?? ''
  },
})

/** By region: where years are counted in another calendar beside the common one. */
const eras: Readonly<Record<string, string>> = { JP: 'japanese', TH: 'buddhist', TW: 'roc' }

/** As `พ.ศ. 2569` or `令和8年`; the common year where there is no era. */
function eraYear({ wall }: Shown, language: string, onlyYear = false): string {
  const calendar = eras[new Intl.Locale(language).maximize().region ?? '']
  if (calendar === undefined) return String(wall.getUTCFullYear())
  const format = new Intl.DateTimeFormat(language, { calendar, era: 'short', year: 'numeric', timeZone: 'UTC' })
  const parts = format.formatToParts(wall)
  return onlyYear ? (parts.find(({ type }) => type === 'year')?.value ?? '') : parts.map(({ value }) => value).join('')
}

const hour12 = (wall: Date) => wall.getUTCHours() % 12 || 12
const dayOfYear = (wall: Date) => (midnight(wall).getTime() - Date.UTC(wall.getUTCFullYear(), 0, 1)) / dayMs + 1
const midnight = (wall: Date) => new Date(Math.floor(wall.getTime() / dayMs) * dayMs)
const dayMs = 86_400_000
const period = words('time', { hour: 'numeric', hour12: true }, 'dayPeriod')

/** strftime's, as far as a chat needs them. */
const letters = {
  Y: number('date', 4, (wall) => wall.getUTCFullYear()),
  y: number('date', 2, (wall) => wall.getUTCFullYear() % 100),
  EY: { needs: 'date', write: (shown, language) => eraYear(shown, language) },
  Ey: { needs: 'date', write: (shown, language) => eraYear(shown, language, true) },
  m: number('date', 2, (wall) => wall.getUTCMonth() + 1),
  d: number('date', 2, (wall) => wall.getUTCDate()),
  e: number('date', 2, (wall) => wall.getUTCDate(), ' '),
  j: number('date', 3, dayOfYear),
  u: number('date', 1, (wall) => wall.getUTCDay() || 7),
  w: number('date', 1, (wall) => wall.getUTCDay()),
  H: number('time', 2, (wall) => wall.getUTCHours()),
  k: number('time', 2, (wall) => wall.getUTCHours(), ' '),
  I: number('time', 2, hour12),
  l: number('time', 2, hour12, ' '),
  M: number('time', 2, (wall) => wall.getUTCMinutes()),
  S: number('time', 2, (wall) => wall.getUTCSeconds()),
  L: number('time', 3, (wall) => wall.getUTCMilliseconds()),
  a: words('date', { weekday: 'short' }, 'weekday'),
  A: words('date', { weekday: 'long' }, 'weekday'),
  b: words('date', { month: 'short' }, 'month'),
  B: words('date', { month: 'long' }, 'month'),
  p: period,
  P: { ...period, write: (...shown) => period.write(...shown).toLowerCase() },
  z: { needs: 'moment', write: ({ offsetMinutes = 0 }) => offsetText(offsetMinutes) },
  s: { needs: 'moment', write: ({ wall, offsetMinutes = 0 }) => String(epochSeconds(wall, offsetMinutes)) },
  '%': { write: () => '%' },
} as const satisfies Readonly<Record<string, Letter>>

export const dateLetters: readonly string[] = Object.keys(letters)
const letterOf = (letter: string): Letter | undefined =>
  // Own members only, each of them a Letter.
  Object.hasOwn(letters, letter) ? (letters as Readonly<Record<string, Letter>>)[letter] : undefined

const shorthands: Readonly<Record<string, string>> = { F: '%Y-%m-%d', T: '%H:%M:%S', R: '%H:%M', D: '%m/%d/%y' }
export const dateShorthands: readonly string[] = Object.keys(shorthands)

const spelledOut = (format: string) => format.replace(/%([FTRD])/g, (_all, letter) => shorthands[letter] ?? '')

/** `%-d` without filling up, `%_d` with spaces, `%0e` with zeros, `%^a` in capitals. */
const directive = /%([-_0^]?)(E[Yy]|.?)/gsu

/** The letters after a % that mean nothing. */
export const oddLetters = (format: string): string[] =>
  Array.from(spelledOut(format).matchAll(directive))
    .filter(([, , letter = '']) => !letterOf(letter))
    .map(([all]) => all)

/**
 * The date as strftime's format says. A moment (`now`, with a zone, or in seconds or milliseconds since 1970) is shown
 * in the time zone; what LINE's pickers give has no zone and stays what it is. What is no date, or lacks what the
 * format asks for, stays as it is. Never throws.
 */
export function formatDate(value: string, format: string, timeZone = 'UTC', language = 'en'): string {
  try {
    const shown = shownIn(value.trim(), timeZone)
    return shown ? write(shown, spelledOut(format), language) : value
  } catch (error) {
    // Intl does not know the time zone or the language, or the year is beyond what a Date holds.
    if (error instanceof RangeError) return value
    throw error
  }

  function write(shown: Shown, spelled: string, tongue: string): string {
    const used = Array.from(spelled.matchAll(directive), ([, , letter = '']) => letterOf(letter))
    if (used.some((letter) => letter?.needs && !shown.has.has(letter.needs))) return value
    return spelled.replace(directive, (all, flag: string, letter: string) => {
      const known = letterOf(letter)
      return known ? flagged(known.write(shown, tongue), flag, known) : all
    })
  }
}

function flagged(text: string, flag: string, { width, fill = '0' }: Letter): string {
  if (flag === '^') return text.toUpperCase()
  if (width === undefined || flag === '-') return text
  return text.padStart(width, flag === '_' ? ' ' : flag === '0' ? '0' : fill)
}

const written =
  /^(?:(\d{4})-(\d\d)-(\d\d))?(?:(?:^|[T ])(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?(Z|[+-]\d\d:?\d\d)?$/i

function shownIn(value: string, timeZone: string): Shown | undefined {
  if (/^\d{9,10}$/.test(value)) return momentIn(new Date(Number(value) * 1000), timeZone)
  if (/^\d{12,14}$/.test(value)) return momentIn(new Date(Number(value)), timeZone)
  const [, year, month, day, hour, minute, second = '00', fraction = '', zone] = written.exec(value) ?? []
  const date = year && month && day ? `${year}-${month}-${day}` : undefined
  const time = hour && minute ? `${hour}:${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}` : undefined
  if (!date && !time) return undefined
  const iso = `${date ?? '1970-01-01'}T${time ?? '00:00:00.000'}Z`
  const wall = new Date(iso)
  // 31 June would be read as 1 July, 24:00 as the next day.
  if (Number.isNaN(wall.getTime()) || wall.toISOString() !== iso) return undefined
  if (date && time && zone) return momentIn(new Date(wall.getTime() - offsetFrom(zone) * 60_000), timeZone)
  if (zone) return undefined
  // A date alone is its midnight; a time alone has no date.
  return { wall, has: new Set(date ? (['date', 'time'] as const) : (['time'] as const)) }
}

const everything: ReadonlySet<Has> = new Set(['date', 'time', 'moment'])

function momentIn(moment: Date, timeZone: string): Shown {
  const offsetMinutes = timeZone === 'UTC' ? 0 : offsetAt(moment, timeZone)
  return { wall: new Date(moment.getTime() + offsetMinutes * 60_000), has: everything, offsetMinutes }
}

/** Minutes that clocks there are ahead of UTC. */
function offsetAt(moment: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(moment)
  return offsetFrom(parts.find(({ type }) => type === 'timeZoneName')?.value ?? '')
}

/** From `Z`, `+0900`, `+09:00`, `GMT` or `GMT+09:00`. */
function offsetFrom(zone: string): number {
  const [, sign, hours, minutes] = /([+-])(\d\d):?(\d\d)/.exec(zone) ?? []
  const size = Number(hours ?? 0) * 60 + Number(minutes ?? 0)
  return sign === '-' ? -size : size
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes)
  const two = (count: number) => String(count).padStart(2, '0')
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${two(size % 60)}`
}

const epochSeconds = (wall: Date, offsetMinutes: number) => Math.floor(wall.getTime() / 1000) - offsetMinutes * 60
