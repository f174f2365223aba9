import { countGraphemes } from '../grapheme.ts'
import { matchKinds, type Rule } from '../rule.ts'

/** One keyword of one rule, or a rule without keywords, as it stands for election. */
export interface Entry {
  readonly rule: Rule
  readonly binding: string
  readonly bindingPriority: number
  /** As written; absent for a rule that has none. */
  readonly keyword?: string
  /** As compared: normalised, or the pattern; empty for a rule without keywords. */
  readonly text: string
}

export interface Hit {
  readonly entry: Entry
  /** Edits between what was written and the keyword; only Fuzzy has any. */
  readonly edits: number
  readonly groups?: Readonly<Record<string, string>>
}

/** Negative when `a` comes first: the EventBinding's priority, then the rule's. */
export const byPriority = (a: Entry, b: Entry): number =>
  b.bindingPriority - a.bindingPriority || b.rule.priority - a.rule.priority

/**
 * Negative when `a` wins. Nothing but what the resources say decides, so the answer is the same whatever order they
 * were read in: priorities, match kind (no keywords last), fewest edits, longest keyword, most filters, Event,
 * binding, place.
 */
export const byRank = (a: Hit, b: Hit): number =>
  byPriority(a.entry, b.entry) ||
  kindRank(a.entry) - kindRank(b.entry) ||
  a.edits - b.edits ||
  keywordLength(b.entry) - keywordLength(a.entry) ||
  filterCount(b.entry.rule) - filterCount(a.entry.rule) ||
  byName(a.entry.rule.event, b.entry.rule.event) ||
  byName(a.entry.binding, b.entry.binding) ||
  a.entry.rule.index - b.entry.rule.index ||
  byName(a.entry.keyword ?? '', b.entry.keyword ?? '')

/** A rule without keywords is a default: it loses to whoever was asked for by name. */
const kindRank = ({ rule, keyword }: Entry) =>
  keyword === undefined ? matchKinds.length : matchKinds.indexOf(rule.match)

const keywordLength = ({ text }: Entry) => countGraphemes(text)

/** A rule "for images" or "in groups" is meant before one for everything. */
export const filterCount = ({ content, in: chats, mentioned }: Rule): number =>
  [content, chats, mentioned].filter((filter) => filter !== undefined).length

const byName = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
