import { keywordsMember } from './compile.ts'
import { byRank, compared, type Entry } from './match/order.ts'
import { same } from './plan.ts'
import type { Rule, RuleFile } from './rule.ts'

/** A keyword that never wins. */
export interface Shadow {
  /** The Event that holds it. */
  readonly event: string
  /** Where it stands there; a rule without keywords is named itself. */
  readonly path: string
  /** As written; empty for a rule without keywords. */
  readonly keyword: string
  /** The rule that always wins over it, in words. */
  readonly by: string
}

type Place = Entry & Pick<Shadow, 'path'>

/**
 * Keywords that never win, because a rule of the same EventBinding has the same keyword, compared in the same way, in
 * every chat where they could, and always comes first. Only what is certain: rules of different EventBindings meet in
 * some Bots only, and a keyword counts as shadowed only if it is in every EventBinding that has it.
 */
export function shadowed(files: readonly RuleFile[]): Shadow[] {
  const found = new Map<string, { shadow: Shadow; times: number }>()
  const times = new Map<string, number>()
  for (const rivals of groupsOf(files)) {
    const ranked = rivals.toSorted((a, b) => byRank({ entry: a, edits: 0 }, { entry: b, edits: 0 }))
    for (const [at, place] of ranked.entries()) {
      const id = `${place.rule.event} ${place.path}`
      times.set(id, (times.get(id) ?? 0) + 1)
      const winner = ranked.find((other, i) => i < at && other.rule !== place.rule && covers(other.rule, place.rule))
      if (winner) found.set(id, { shadow: shadowOf(place, winner), times: (found.get(id)?.times ?? 0) + 1 })
    }
  }
  return [...found].filter(([id, one]) => one.times === times.get(id)).map(([, { shadow }]) => shadow)
}

const shadowOf = ({ rule, path, keyword = '' }: Place, winner: Place): Shadow => ({
  event: rule.event,
  path,
  keyword,
  by: `Event ${winner.rule.event}, ${winner.path}`,
})

/** What competes: the same binding, event type, match kind and normalised keyword. */
function groupsOf(files: readonly RuleFile[]): Place[][] {
  const groups = new Map<string, Place[]>()
  for (const file of files) {
    for (const place of file.rules.flatMap((rule) => placesOf(rule, file))) {
      const { rule, keyword, text, binding } = place
      const key = JSON.stringify([binding, rule.type, keyword === undefined ? '' : rule.match, text])
      const group = groups.get(key)
      if (group) group.push(place)
      else groups.set(key, [place])
    }
  }
  return [...groups.values()]
}

function placesOf(rule: Rule, { binding, priority }: RuleFile): Place[] {
  const path = `spec.rules[${rule.index}]`
  const of = { rule, binding, bindingPriority: priority }
  if (rule.keywords.length === 0) return [{ ...of, text: '', path }]
  return rule.keywords.map((keyword, i) => ({
    ...of,
    keyword,
    text: compared(rule.match, keyword),
    path: `${path}.${keywordsMember(rule.type)}[${i}]`,
  }))
}

/** Whether `a` is chosen wherever `b` could be, whatever either does then. With keywords, `content` says nothing more: they are compared with text. */
const covers = (a: Rule, b: Rule): boolean =>
  (a.keywords.length > 0 || holds(a.content, b.content)) &&
  holds(a.in, b.in) &&
  (a.mentioned === undefined || a.mentioned === b.mentioned) &&
  (a.where ?? []).every((one) => b.where?.some((other) => same(one, other))) &&
  (a.schedule === undefined || same(a.schedule, b.schedule))

const holds = (wide: readonly string[] | undefined, narrow: readonly string[] | undefined) =>
  !wide || (narrow !== undefined && narrow.every((one) => wide.includes(one)))
