import type { Incoming } from './incoming.ts'
import type { LinearRegex } from './linear.ts'
import { allows } from './match/filters.ts'
import { groupsOf } from './match/groups.ts'
import { type Groups, type Heard, hear } from './match/heard.ts'
import { byPriority, byRank, compared, type Entry, type Hit } from './match/order.ts'
import {
  type Search,
  searchAny,
  searchContains,
  searchExact,
  searchFuzzy,
  searchPrefix,
  searchRegex,
} from './match/search.ts'
import { type MatchKind, matchKinds, type Rule, type RuleFile } from './rule.ts'

export type { Groups } from './match/heard.ts'

/** The rule that answers, and why. */
export interface Match {
  readonly rule: Rule
  /** The EventBinding that brought the rule. */
  readonly binding: string
  /** As written in the rule; absent when the rule has none. */
  readonly keyword?: string
  /** A Regex's named groups that took part, as the user wrote them where that is known, else as normalised text. */
  readonly groups?: Readonly<Record<string, string>>
}

export interface Matcher {
  /**
   * The one rule for this Incoming at this time (now, where none is given), always the same one; undefined when none
   * wants it. Never throws.
   */
  choose(incoming: Incoming, groups: Groups, now?: Date): Match | undefined
}

/** Hears of a pattern that this Node does not run although it was compiled; that keyword then matches nothing. */
export type Refused = (rule: Rule, keyword: string, error: unknown) => void

/** All rules of one event type that are compared in one way. */
export interface Shelf {
  readonly rules: readonly Entry[]
  /** The rule of the highest priority, which the shelf can do no better than. */
  readonly top: Hit
  readonly needsText: boolean
  /** Built when first asked for: a bot that just woke up pays for what this one message needs. */
  readonly search: () => Search
}

/** Costs nothing until it is asked; the first message of a type pays for the shelves it touches. */
export function makeMatcher(files: readonly RuleFile[], linear: LinearRegex, refused?: Refused): Matcher {
  const { choose } = makeChoosing(files, linear, refused)
  return { choose: (incoming, groups, now = new Date()) => choose(hear(incoming, groups, now)) }
}

/** The shelves, and how what is heard is looked up on them. */
export function makeChoosing(files: readonly RuleFile[], linear: LinearRegex, refused: Refused = () => undefined) {
  const shelves = new Map<string, readonly Shelf[]>()
  const shelvesFor = (type: string) => {
    const known = shelves.get(type) ?? shelvesOf(files, type, makers(linear, refused))
    shelves.set(type, known)
    return known
  }
  const bestFor = (heard: Heard): Hit | undefined => {
    let best: Hit | undefined
    for (const { top, needsText, search } of shelvesFor(heard.incoming.type)) {
      // Shelves come in the order of preference, so a later one wins by priority only.
      if (best && byPriority(best, top) <= 0) continue
      for (const text of needsText ? heard.texts : ['']) {
        search()(
          text,
          (rule) => allows(rule, heard),
          (hit) => {
            if (!best || byRank(hit, best) < 0) best = hit
            return false
          },
        )
      }
    }
    return best
  }
  const choose = (heard: Heard): Match | undefined => {
    const best = heard.silent === undefined ? bestFor(heard) : undefined
    return best && matchOf(best, heard)
  }
  return { shelvesFor, choose }
}

function matchOf(hit: Hit, heard: Heard): Match {
  const { rule, binding, keyword } = hit.entry
  const groups = groupsOf(hit.found, heard)
  return { rule, binding, ...(keyword !== undefined && { keyword }), ...(groups && { groups }) }
}

type Makers = Readonly<Record<MatchKind, (entries: readonly Entry[]) => Search>>

function makers(linear: LinearRegex, refused: Refused): Makers {
  const compile = ({ rule, text }: Entry) => {
    try {
      return linear(text)
    } catch (error) {
      refused(rule, text, error)
      return undefined
    }
  }
  return {
    Exact: searchExact,
    Prefix: searchPrefix,
    Contains: searchContains,
    Regex: (entries) => searchRegex(entries, compile),
    Fuzzy: searchFuzzy,
  }
}

function shelvesOf(files: readonly RuleFile[], type: string, make: Makers): Shelf[] {
  const rules = files.flatMap((file) =>
    file.rules.filter((rule) => rule.type === type).map((rule) => entryFor(file, rule)),
  )
  const withKeywords = matchKinds.map((kind) => {
    const ofKind = rules.filter(({ rule }) => rule.match === kind && rule.keywords.length > 0)
    return shelfOf(ofKind, true, () => make[kind](ofKind.flatMap(keywordEntries)))
  })
  const without = rules.filter(({ rule }) => rule.keywords.length === 0)
  return [...withKeywords, shelfOf(without, false, () => searchAny(without))].filter((shelf) => shelf !== undefined)
}

const entryFor = ({ binding, priority }: RuleFile, rule: Rule): Entry => ({
  rule,
  binding,
  bindingPriority: priority,
  text: '',
})

function shelfOf(rules: readonly Entry[], needsText: boolean, make: () => Search): Shelf | undefined {
  const [top] = rules.map((entry): Hit => ({ entry, edits: 0 })).toSorted(byPriority)
  let search: Search | undefined
  return top && { rules, top, needsText, search: () => (search ??= make()) }
}

/** Empty keywords are left out: they would be contained in everything. */
const keywordEntries = ({ rule, binding, bindingPriority }: Entry): Entry[] =>
  rule.keywords
    .map((keyword): Entry => ({ rule, binding, bindingPriority, keyword, text: compared(rule.match, keyword) }))
    .filter(({ text }) => text !== '')
