import { editDistance, editsAllowed } from '../fuzzy.ts'
import { countGraphemes, graphemes } from '../grapheme.ts'
import type { LinearPattern } from '../linear.ts'
import { foldKana } from '../normalize.ts'
import { foldPattern, requiredText } from '../pattern.ts'
import type { Rule } from '../rule.ts'
import { byRank, type Entry, type Hit } from './order.ts'

/** Hears of a hit; true = of worse ones too, where the search could stop at the best. */
export type Found = (hit: Hit) => boolean

/** Tells of every keyword that the text satisfies (or, if it can tell, the best); `allowed` is about filters. */
export type Search = (text: string, allowed: (rule: Rule) => boolean, found: Found) => void

const tell = (entries: readonly Entry[] | undefined, allowed: (rule: Rule) => boolean, found: Found) => {
  for (const entry of entries ?? []) if (allowed(entry.rule)) found({ entry, edits: 0 })
}

export const searchAny =
  (entries: readonly Entry[]): Search =>
  (_, allowed, found) =>
    tell(entries, allowed, found)

export function searchExact(entries: readonly Entry[]): Search {
  const byText = groupBy(entries, ({ text }) => text)
  return (text, allowed, found) => tell(byText.get(text), allowed, found)
}

/** One look-up for each length that keywords have. */
export function searchPrefix(entries: readonly Entry[]): Search {
  const byText = groupBy(entries, ({ text }) => text)
  const lengths = [...new Set(entries.map(({ text }) => text.length))]
  return (text, allowed, found) => {
    for (const length of lengths) if (length <= text.length) tell(byText.get(text.slice(0, length)), allowed, found)
  }
}

/**
 * Finds keywords anywhere, by their first two UTF-16 units: of all that was measured the quickest to build (9 ms for
 * 10,000 keywords; an automaton takes 34), which counts more from cold than the 24 µs a message.
 */
export function searchContains(entries: readonly Entry[]): Search {
  const byOne = groupBy(
    entries.filter(({ text }) => text.length === 1),
    ({ text }) => text.charCodeAt(0),
  )
  const byTwo = groupBy(
    entries.filter(({ text }) => text.length > 1),
    ({ text }) => twoUnits(text, 0),
  )
  return (text, allowed, found) => {
    for (let at = 0; at < text.length; at++) {
      if (byOne.size > 0) tell(byOne.get(text.charCodeAt(at)), allowed, found)
      for (const entry of byTwo.get(twoUnits(text, at)) ?? []) {
        if (text.startsWith(entry.text, at) && allowed(entry.rule)) found({ entry, edits: 0 })
      }
    }
  }
}

const twoUnits = (text: string, at: number) => (text.charCodeAt(at) << 16) | text.charCodeAt(at + 1)

/**
 * Tries patterns best first and stops at the first that matches. Each is compiled when a text first holds what it
 * cannot do without: compiling takes 70 µs, trying 10, looking for a text next to nothing.
 */
export function searchRegex(entries: readonly Entry[], compile: (entry: Entry) => LinearPattern | undefined): Search {
  const best = entries
    .map((entry): Hit => ({ entry, edits: 0 }))
    .toSorted(byRank)
    .map(({ entry }) => ({ entry, required: requiredOf(entry) }))
  const patterns = new Map<Entry, LinearPattern | undefined>()
  const patternOf = (entry: Entry) => {
    if (!patterns.has(entry)) patterns.set(entry, compile(entry))
    return patterns.get(entry)
  }
  return (text, allowed, found) => {
    for (const { entry, required } of best) {
      if (!text.includes(required) || !allowed(entry.rule)) continue
      const match = patternOf(entry)?.exec(text)
      if (match && !found({ entry, edits: 0, found: match })) return
    }
  }
}

function requiredOf({ text }: Entry): string {
  try {
    return requiredText(foldPattern(text))
  } catch {
    // Refused: compiling it will say so, to somebody who listens.
    return ''
  }
}

/** No grapheme has more UTF-16 units than this, for all practical purposes; a longer text is not even split. */
const longestGrapheme = 16

interface Word {
  readonly entry: Entry
  readonly bag: number
}

/** Compares with keywords of about the same length and letters only; the rest cannot be near enough. */
export function searchFuzzy(entries: readonly Entry[]): Search {
  const words = entries.map((entry): Word => ({ entry, bag: bagOf(entry.text) }))
  const byLength = groupBy(words, ({ entry }) => countGraphemes(entry.text))
  const longest = entries.reduce((most, { text }) => Math.max(most, text.length), 0)
  return (heard, allowed, found) => {
    if (heard.length > longest + 2 * longestGrapheme) return
    const text = foldKana(heard)
    for (const form of new Set([text, withoutMarks(text)])) compare(form, allowed, found)
  }

  function compare(text: string, allowed: (rule: Rule) => boolean, found: Found): void {
    const letters = graphemes(text)
    const bag = bagOf(text)
    for (let length = letters.length - 2; length <= letters.length + 2; length++) {
      const limit = editsAllowed(length)
      for (const word of byLength.get(length) ?? []) {
        if (bits(bag & ~word.bag) > limit || bits(word.bag & ~bag) > limit || !allowed(word.entry.rule)) continue
        const edits = editDistance(graphemes(word.entry.text), letters, limit)
        if (edits !== undefined) found({ entry: word.entry, edits })
      }
    }
  }
}

/** Most keywords are too short to forgive an edit, and “早安！” is meant for 早安. A number keeps its point. */
const withoutMarks = (text: string) =>
  text.replace(/^(?:[\s!?,:;~、。・]|\.(?!\d))+/, '').replace(/[\s!?.,:;~、。・]+$/, '')

/** Which letters occur, as 32 bits, by each one's first UTF-16 unit: an edit sets at most one and clears at most one. */
function bagOf(text: string): number {
  let bag = 0
  if (countGraphemes(text) < text.length) {
    for (const letter of graphemes(text)) bag |= bitOf(letter.charCodeAt(0))
  } else {
    // The same, without a list: ten thousand keywords pass here while somebody waits for the first answer.
    for (let at = 0; at < text.length; at++) bag |= bitOf(text.charCodeAt(at))
  }
  return bag
}

const bitOf = (unit: number) => 1 << (unit % 32)

function bits(word: number): number {
  let count = 0
  for (let rest = word; rest !== 0; rest &= rest - 1) count++
  return count
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}
