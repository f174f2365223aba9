import type { Match, Shelf } from '../match.ts'
import type { MatchKind, Rule } from '../rule.ts'
import { whyNot } from './filters.ts'
import type { Heard } from './heard.ts'
import { byRank, type Entry, type Hit, whyBefore } from './order.ts'

/** What became of the rules for events of a type, best first. */
export interface Explanation {
  readonly chosen?: Match
  /** At most 50: those whose keywords fit come first. */
  readonly candidates: readonly Candidate[]
  /** Why no rule is asked at all. */
  readonly silent?: string
}

export interface Candidate {
  readonly rule: Rule
  readonly binding: string
  /** The keyword that fits, as written; absent when the rule has none, or none fits. */
  readonly keyword?: string
  /** `outranked`: it fits, but another comes first; `filtered`: it does not fit. */
  readonly outcome: 'chosen' | 'outranked' | 'filtered'
  /** For a person. */
  readonly because: string
}

/** A person reads no more, and a bot may have ten thousand rules. */
const most = 50

/** What was chosen, and what became of every other rule on the shelves, told by the searches and filters that choose. */
export function explained(heard: Heard, shelves: readonly Shelf[], chosen: Match | undefined): Explanation {
  if (heard.silent !== undefined) return { candidates: [], silent: heard.silent }
  const hits = bestOfEach(shelves.flatMap((shelf) => hitsOn(shelf, heard))).toSorted(byRank)
  const winner = hits.find(({ entry }) => whyNot(entry.rule, heard) === undefined)
  const fitting = hits
    .map((hit) => candidateOf(hit, heard, winner))
    .toSorted((a, b) => outcomes.indexOf(a.outcome) - outcomes.indexOf(b.outcome))
  const candidates = fitting.length < most ? [...fitting, ...others(heard, shelves, hits)] : fitting
  return { ...(chosen && { chosen }), candidates: candidates.slice(0, most) }
}

const outcomes = ['chosen', 'outranked', 'filtered'] as const

function hitsOn({ needsText, search }: Shelf, heard: Heard): Hit[] {
  const hits: Hit[] = []
  for (const text of needsText ? heard.texts : ['']) {
    search()(
      text,
      () => true,
      (hit) => hits.push(hit) > 0,
    )
  }
  return hits
}

/** A rule of a binding stands for election once, with the best of its keywords that fit. */
function bestOfEach(hits: readonly Hit[]): Hit[] {
  const best = new Map<string, Hit>()
  for (const hit of hits) {
    const id = idOf(hit.entry)
    const before = best.get(id)
    if (!before || byRank(hit, before) < 0) best.set(id, hit)
  }
  return [...best.values()]
}

const idOf = ({ rule, binding }: Entry) => JSON.stringify([binding, rule.event, rule.index])

function candidateOf(hit: Hit, heard: Heard, winner: Hit | undefined): Candidate {
  const { rule, binding, keyword } = hit.entry
  const of = { rule, binding, ...(keyword !== undefined && { keyword }) }
  const filtered = whyNot(rule, heard)
  if (filtered !== undefined) return { ...of, outcome: 'filtered', because: filtered }
  if (hit === winner || !winner) return { ...of, outcome: 'chosen', because: fits(hit) }
  const place = `Event ${winner.entry.rule.event}, spec.rules[${winner.entry.rule.index}]`
  return { ...of, outcome: 'outranked', because: `${place} comes first: ${whyBefore(winner, hit)}` }
}

const ways: Readonly<Record<MatchKind, string>> = {
  Exact: 'is',
  Prefix: 'begins with',
  Contains: 'contains',
  Regex: 'fits',
  Fuzzy: 'comes near',
}

function fits({ entry: { rule, keyword }, edits }: Hit): string {
  if (keyword === undefined)
    return `it has no keywords and takes anything${rule.where ? ' that its where lets through' : ''}`
  const way = rule.match === 'Fuzzy' && edits === 0 ? ways.Exact : ways[rule.match]
  const near = edits > 0 ? ` (${edits} ${edits === 1 ? 'typing error' : 'typing errors'})` : ''
  return `the text ${way} ${keyword}${near}`
}

/** The rules that no keyword brought up, best first as if each fitted. */
function others(heard: Heard, shelves: readonly Shelf[], hits: readonly Hit[]): Candidate[] {
  const known = new Set(hits.map(({ entry }) => idOf(entry)))
  return shelves
    .flatMap(({ rules }) => rules)
    .filter((entry) => !known.has(idOf(entry)))
    .map((entry): Hit => ({ entry, edits: 0 }))
    .toSorted(byRank)
    .slice(0, most)
    .map(({ entry: { rule, binding } }) => ({ rule, binding, outcome: 'filtered', because: unfit(rule, heard) }))
}

/** Keywords in one sentence. */
const listed = 5

function unfit({ match, keywords }: Rule, { text, content }: Heard): string {
  if (text === undefined) return `its keywords are compared with text, not ${content ?? 'this'}`
  const more = keywords.length > listed ? ` or ${keywords.length - listed} more` : ''
  return `no keyword fits: the text ${ways[match]} none of ${keywords.slice(0, listed).join(', ')}${more}`
}
