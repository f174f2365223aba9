import { countGraphemes } from '../grapheme.ts'
import { foldKana, normalize } from '../normalize.ts'
import { type MatchKind, matchKinds, type Rule } from '../rule.ts'

/** One keyword of one rule, or a rule without keywords, as it stands for election. */
export interface Entry {
  readonly rule: Rule
  readonly binding: string
  readonly bindingPriority: number
  /** As written; absent for a rule that has none. */
  readonly keyword?: string
  /** As compared, see `compared`; empty for a rule without keywords. */
  readonly text: string
}

export interface Hit {
  readonly entry: Entry
  /** Edits between what was written and the keyword; only Fuzzy has any. */
  readonly edits: number
  /** What a Regex found in the normalised text. */
  readonly found?: RegExpExecArray
}

/** A keyword in the form in which it is compared; a Regex is folded when it is compiled. */
export function compared(match: MatchKind, keyword: string): string {
  if (match === 'Regex') return keyword
  return match === 'Fuzzy' ? foldKana(normalize(keyword)) : normalize(keyword)
}

/** One thing that decides between two hits. */
interface Rank {
  /** Negative when `a` comes first. */
  readonly compare: (a: Hit, b: Hit) => number
  /** Why the winner comes before the other. */
  readonly because: (winner: Hit, other: Hit) => string
}

/** A rank by a number, of which the higher or the lower one wins. */
const byNumber = (
  wins: 'higher' | 'lower',
  numberOf: (hit: Hit) => number,
  because: (winner: number, other: number) => string,
): Rank => ({
  compare: (a, b) => (wins === 'higher' ? numberOf(b) - numberOf(a) : numberOf(a) - numberOf(b)),
  because: (winner, other) => because(numberOf(winner), numberOf(other)),
})

const byText = (textOf: (hit: Hit) => string, what: string): Rank => ({
  compare: (a, b) => byName(textOf(a), textOf(b)),
  because: (winner, other) => `${what} ${textOf(winner)} comes before ${textOf(other)}`,
})

const byName = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** A rule without keywords is a default: it loses to whoever was asked for by name. */
const kindRank = ({ entry: { rule, keyword } }: Hit) =>
  keyword === undefined ? matchKinds.length : matchKinds.indexOf(rule.match)

const kindName = (rank: number) => matchKinds[rank] ?? 'a rule without keywords'

/** A rule "for images" or "in groups" is meant before one for everything. */
const filterCount = ({ content, in: chats, mentioned, where, schedule }: Rule): number =>
  [content, chats, mentioned, schedule].filter((filter) => filter !== undefined).length + (where?.length ?? 0)

const priorities: readonly Rank[] = [
  byNumber(
    'higher',
    ({ entry }) => entry.bindingPriority,
    (winner, other) => `its EventBinding’s priority is ${winner}, not ${other}`,
  ),
  byNumber(
    'higher',
    ({ entry }) => entry.rule.priority,
    (winner, other) => `its priority is ${winner}, not ${other}`,
  ),
]

const ranks: readonly Rank[] = [
  ...priorities,
  byNumber('lower', kindRank, (winner, other) => `${kindName(winner)} comes before ${kindName(other)}`),
  byNumber(
    'lower',
    ({ edits }) => edits,
    (winner, other) => `${winner} typing errors are fewer than ${other}`,
  ),
  byNumber(
    'higher',
    ({ entry }) => countGraphemes(entry.text),
    (winner, other) => `its keyword is longer: ${winner} characters, not ${other}`,
  ),
  byNumber(
    'higher',
    ({ entry }) => filterCount(entry.rule),
    (winner, other) => `it has more filters: ${winner}, not ${other}`,
  ),
  byText(({ entry }) => entry.rule.event, 'Event'),
  byText(({ entry }) => entry.binding, 'EventBinding'),
  byNumber(
    'lower',
    ({ entry }) => entry.rule.index,
    () => 'it stands earlier in the Event',
  ),
  byText(({ entry }) => entry.keyword ?? '', 'keyword'),
]

function firstOf(order: readonly Rank[], a: Hit, b: Hit): number {
  for (const { compare } of order) {
    const difference = compare(a, b)
    if (difference !== 0) return difference
  }
  return 0
}

/** Negative when `a` comes first: the EventBinding's priority, then the rule's. */
export const byPriority = (a: Hit, b: Hit): number => firstOf(priorities, a, b)

/**
 * Negative when `a` wins. Nothing but what the resources say decides, so the answer is the same whatever order they
 * were read in: priorities, match kind (no keywords last), fewest edits, longest keyword, most filters, Event,
 * binding, place.
 */
export const byRank = (a: Hit, b: Hit): number => firstOf(ranks, a, b)

/** What decides between the two, in words. */
export const whyBefore = (winner: Hit, other: Hit): string =>
  ranks.find(({ compare }) => compare(winner, other) !== 0)?.because(winner, other) ?? 'it is the same rule'
