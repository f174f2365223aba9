import { graphemes } from '../grapheme.ts'
import { fold, normalize } from '../normalize.ts'
import type { Heard } from './heard.ts'

/**
 * A Regex's named groups as the user wrote them, without those that took no part. The engine compares normalised text
 * and tells no places, so a group is known where its text stands only once in what matched, or everywhere alike; else
 * it is given as normalised text.
 */
export function groupsOf(
  found: RegExpExecArray | undefined,
  { written = '' }: Heard,
): Record<string, string> | undefined {
  if (!found?.groups) return undefined
  const origins = originsOf(written, found.input)
  const named = Object.entries(found.groups).filter((one): one is [string, string] => one[1] !== undefined)
  return Object.fromEntries(named.map(([name, text]) => [name, (origins && asWritten(text, found, origins)) ?? text]))
}

/** For each place in the normalised text: what is written from there on, and up to there. */
interface Origins {
  readonly written: string
  /** Places in what was written, by place in the normalised text; a place inside of a piece has none. */
  readonly starts: readonly (number | undefined)[]
  readonly ends: readonly (number | undefined)[]
}

function asWritten(text: string, { 0: whole, index }: RegExpExecArray, { written, starts, ends }: Origins) {
  if (text === '') return text
  const said = new Set<string | undefined>()
  for (let at = whole.indexOf(text); at >= 0; at = whole.indexOf(text, at + 1)) {
    const [from, to] = [starts[index + at], ends[index + at + text.length]]
    said.add(from === undefined || to === undefined ? undefined : written.slice(from, to))
  }
  const [only] = said
  return said.size === 1 ? only : undefined
}

/** Undefined where pieces normalised one by one are not what the whole was normalised to. */
function originsOf(written: string, text: string): Origins | undefined {
  const starts: (number | undefined)[] = []
  const ends: (number | undefined)[] = []
  let normal = ''
  let at = 0
  for (const piece of piecesOf(written)) {
    const folded = fold(piece)
    // Space is one however much there is, and none at the beginning.
    const added = folded === ' ' && (normal === '' || normal.endsWith(' ')) ? '' : folded
    if (added !== '') starts[normal.length] = at
    normal += added
    at += piece.length
    // What cannot be seen is no part of a group that ends before it.
    if (folded !== '') ends[normal.length] = at
  }
  if (normal.trimEnd() !== normalize(written) || !normal.trimEnd().endsWith(text)) return undefined
  // What was heard is the end of it: the prefix may have been cut off, and what followed it.
  const cut = normal.trimEnd().length - text.length
  return { written, starts: Array.from(starts.slice(cut)), ends: Array.from(ends.slice(cut)) }
}

/** Graphemes, but for the two of them that are normalised to one. */
const piecesOf = (written: string): string[] =>
  written.split(/(เเ)/).flatMap((part) => (part === 'เเ' ? [part] : graphemes(part)))
