import { graphemes } from '../grapheme.ts'
import { formatDate } from './date.ts'

/** What an argument must be; only `text` may be named instead of written. */
export type ParamKind = 'text' | 'count' | 'format' | 'timeZone' | 'language'

export interface Param {
  readonly name: string
  readonly kind: ParamKind
  readonly optional?: true
}

export interface Filter {
  readonly about: string
  readonly params: readonly Param[]
  readonly apply: (value: string, ...args: readonly string[]) => string
}

/** In Liquid's words, and with its meaning. */
const table = {
  default: {
    about: 'Another text where the value is empty.',
    params: [{ name: 'text', kind: 'text' }],
    apply: (value, other = '') => (value === '' ? other : value),
  },
  truncate: {
    about: 'At most so many characters, as a person counts them, with the ending (`…`) counted in.',
    params: [
      { name: 'length', kind: 'count' },
      { name: 'ending', kind: 'text', optional: true },
    ],
    apply: (value, length, ending = '…') => truncate(value, Number(length), ending),
  },
  date: {
    about:
      'A date in strftime’s letters. A moment such as `now` is shown in the time zone (an IANA name; default UTC), the names of days and months in the language (default `en`). Dates from LINE’s pickers have no time zone and stay what they are; what is no date stays as it is.',
    params: [
      { name: 'format', kind: 'format' },
      { name: 'time zone', kind: 'timeZone', optional: true },
      { name: 'language', kind: 'language', optional: true },
    ],
    apply: (value, format = '', timeZone, language) => formatDate(value, format, timeZone, language),
  },
  upcase: { about: 'In capitals.', params: [], apply: (value) => value.toUpperCase() },
  downcase: { about: 'In small letters.', params: [], apply: (value) => value.toLowerCase() },
  strip: { about: 'Without space around it.', params: [], apply: (value) => value.trim() },
  url_encode: {
    about: 'Percent-encoded, as for a query string in `data`. Members that hold a URI do so by themselves.',
    params: [],
    apply: (value) => percentEncoded(value),
  },
  json: {
    about: 'As a JSON string, with its quotation marks.',
    params: [],
    apply: (value) => JSON.stringify(value),
  },
} as const satisfies Readonly<Record<string, Filter>>

/** Every filter by its name. */
export const filters: Readonly<Record<string, Filter>> = table

export const filterOf = (name: string): Filter | undefined => (Object.hasOwn(filters, name) ? filters[name] : undefined)

/** Half a surrogate pair has no encoding, and would be an error. */
export const percentEncoded = (value: string): string => encodeURIComponent(value.toWellFormed())

function truncate(value: string, length: number, ending: string): string {
  // As many UTF-16 units or fewer are as many graphemes or fewer.
  if (value.length <= length) return value
  const all = graphemes(value)
  if (all.length <= length) return value
  const end = graphemes(ending).slice(0, length)
  return [...all.slice(0, length - end.length), ...end].join('')
}
