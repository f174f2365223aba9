import { filterOf, percentEncoded } from './filters.ts'
import type { Names } from './names.ts'
import { type Part, parse, type Tag, type Term } from './parse.ts'
import { isUri, type Place } from './place.ts'

export interface Filled {
  readonly text: string
  /** Where a UTF-16 unit of the written text stands in the filled one; inside a tag: where its value begins. */
  readonly moved: (index: number) => number
}

/** Fills in each tag once, escaped for its place. Never throws. */
export function fill(written: string, names: Names, place: Place): Filled {
  const tel = /^tel:/i.test(written)
  const pieces = parse(written).map((part, nth) => ({
    part,
    output: outputOf(part, names, { place, first: nth === 0, tel }),
  }))
  return {
    text: pieces.map(({ output }) => output).join(''),
    moved(index) {
      let [from, to] = [0, 0]
      for (const { part, output } of pieces) {
        if (index < from + part.source.length) return 'text' in part ? to + index - from : to
        from += part.source.length
        to += output.length
      }
      return to
    },
  }
}

/** Whether the string begins with a tag, so that a value decides how it begins. */
export function beginsWithValue(written: string): boolean {
  const [first] = parse(written)
  return first !== undefined && 'tag' in first && !isLiteral(first.tag)
}

/** `{{'…'}}`, the author's own text. */
export const isLiteral = ({ subject, filters }: Tag): boolean => 'literal' in subject && filters.length === 0

interface Where {
  readonly place: Place
  /** Whether the string begins with it. */
  readonly first: boolean
  /** Whether it is in a telephone number, where + is no space. */
  readonly tel: boolean
}

function outputOf(part: Part, names: Names, at: Where): string {
  if ('text' in part) return part.text
  if ('problem' in part) return part.source
  return escaped(part.tag, valueOf(part.tag, names), at)
}

function valueOf({ subject, filters }: Tag, names: Names): string {
  return filters.reduce(
    (value, { filter, args }) => filterOf(filter)?.apply(value, ...args.map((arg) => termOf(arg, names))) ?? value,
    termOf(subject, names),
  )
}

const termOf = (term: Term, names: Names) => ('literal' in term ? term.literal : (names(term.name) ?? ''))

function escaped(tag: Tag, value: string, { place, first, tel }: Where): string {
  // LINE reads {name} in a textV2 as a mention or an emoji, and {{ as a brace.
  if (place === 'placeholders') return value.replace(/[{}]/g, '$&$&')
  if (!isUri(place) || isLiteral(tag)) return value
  if (first) return value.replace(/[^!-~]+/g, percentEncoded)
  // Whoever wrote url_encode has done it already.
  if (tag.filters.at(-1)?.filter === 'url_encode') return value
  // Digits of full width are no telephone number’s.
  return tel ? percentEncoded(value.normalize('NFKC')).replaceAll('%2B', '+') : percentEncoded(value)
}
