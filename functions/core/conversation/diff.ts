import { graphemes } from '../grapheme.ts'
import { isObject } from '../shape.ts'
import type { Difference } from './compare.ts'

/** A difference in lines for a person: what was expected with -, what came with +, changed words marked in place. */
export function tell({ path, ...difference }: Difference): string[] {
  const { expected, actual } = difference
  if (!('actual' in difference)) return [`${path}: nothing, but expected was`, ...marked('-', expected)]
  if (!('expected' in difference)) return [`${path}: nothing was expected, but there is`, ...marked('+', actual)]
  if (typeof expected === 'string' && typeof actual === 'string') return [`${path}:`, ...textDiff(expected, actual)]
  return [`${path}:`, ...marked('-', expected), ...marked('+', actual)]
}

const marked = (mark: '-' | '+', value: unknown): string[] => inWords(value).map((line) => `  ${mark} ${line}`)

function inWords(value: unknown): string[] {
  if (typeof value === 'string') return value.split('\n')
  if (isObject(value) && value.type === 'text' && typeof value.text === 'string') return value.text.split('\n')
  return [JSON.stringify(value) ?? 'nothing']
}

/** Line by line, as in a unified diff; a line that only changed a little is one line with its changes marked. */
export function textDiff(expected: string, actual: string): string[] {
  // What a block written with | brings along.
  if (expected.endsWith('\n') && !actual.endsWith('\n')) {
    return [
      ...textDiff(expected.replace(/\n+$/, ''), actual),
      '  expected is a line end at the end: write |- in place of |',
    ]
  }
  return hunks(edits(expected.split('\n'), actual.split('\n'))).flatMap((hunk) => {
    if ('same' in hunk) return [`    ${hunk.same}`]
    const { gone, come } = hunk
    const pairs = gone.map((line, i) => inlineDiff(line, come[i] ?? ''))
    if (gone.length === come.length && pairs.every((line) => line !== undefined)) {
      return pairs.map((line) => `  ~ ${line}`)
    }
    return [...gone.map((line) => `  - ${line}`), ...come.map((line) => `  + ${line}`)]
  })
}

/** `頭 > [-翼-]{+尾+}`; undefined where less than half is the same. */
function inlineDiff(expected: string, actual: string): string | undefined {
  const [from, to] = [words(expected), words(actual)]
  if (Math.max(expected.length, actual.length) > maxUnits) return undefined
  const changes = edits(from, to)
  const same = changes.filter(({ kind }) => kind === ' ').length
  if (same * 2 < Math.max(from.length, to.length)) return undefined
  return hunks(changes)
    .map((hunk) => ('same' in hunk ? hunk.same : inPlace('[-', hunk.gone, '-]') + inPlace('{+', hunk.come, '+}')))
    .join('')
}

const inPlace = (open: string, letters: readonly string[], close: string): string =>
  letters.length > 0 ? `${open}${letters.join('')}${close}` : ''

/** Beyond this the table of a comparison grows past what anybody reads. */
const maxUnits = 1000

/** Letters that are written together change together; of other scripts each character is a word. */
const words = (text: string): string[] =>
  text.split(/([\p{Script=Latin}\d]+)/u).flatMap((part, i) => (i % 2 ? [part] : graphemes(part)))

interface Change {
  readonly kind: ' ' | '-' | '+'
  readonly value: string
}

/** What to take away and to add, by the longest common subsequence; what goes comes before what is new. */
function edits(from: readonly string[], to: readonly string[]): Change[] {
  const lengths = commonLengths(from, to)
  const changes: Change[] = []
  let [i, j] = [0, 0]
  while (i < from.length || j < to.length) {
    const [gone, come] = [from[i], to[j]]
    if (gone !== undefined && gone === come) {
      changes.push({ kind: ' ', value: gone })
      i += 1
      j += 1
    } else if (
      gone !== undefined &&
      (come === undefined || lengthAt(lengths, i + 1, j) >= lengthAt(lengths, i, j + 1))
    ) {
      changes.push({ kind: '-', value: gone })
      i += 1
    } else if (come !== undefined) {
      changes.push({ kind: '+', value: come })
      j += 1
    }
  }
  return changes
}

type Table = readonly (readonly number[])[]

const lengthAt = (table: Table, i: number, j: number): number => table[i]?.[j] ?? 0

/** At [i][j], the length of the longest common subsequence of what follows i and j. */
function commonLengths(from: readonly string[], to: readonly string[]): Table {
  const table: number[][] = Array.from({ length: from.length + 1 }, () => Array<number>(to.length + 1).fill(0))
  for (let i = from.length - 1; i >= 0; i -= 1) {
    for (let j = to.length - 1; j >= 0; j -= 1) {
      const row = table[i]
      if (!row) continue
      row[j] =
        from[i] === to[j]
          ? lengthAt(table, i + 1, j + 1) + 1
          : Math.max(lengthAt(table, i + 1, j), lengthAt(table, i, j + 1))
    }
  }
  return table
}

type Hunk = { readonly same: string } | { readonly gone: string[]; readonly come: string[] }

/** What stays, one by one, and between it what goes and what comes instead. */
function hunks(changes: readonly Change[]): Hunk[] {
  const found: Hunk[] = []
  for (const { kind, value } of changes) {
    const last = found.at(-1)
    if (kind === ' ') found.push({ same: value })
    else {
      const open = last && 'gone' in last ? last : { gone: [], come: [] }
      if (open !== last) found.push(open)
      open[kind === '-' ? 'gone' : 'come'].push(value)
    }
  }
  return found
}
