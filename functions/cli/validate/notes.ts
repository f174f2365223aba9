import { eventsOf, type Seen, whyUnwired } from '../../core/bound.ts'
import { compile } from '../../core/compile.ts'
import type { Problem } from '../../core/problem.ts'
import type { Bot } from '../../core/resources/bot.ts'
import type { EventResource } from '../../core/resources/event.ts'
import type { RuleFile } from '../../core/rule.ts'
import { type Shadow, shadowed } from '../../core/shadow.ts'
import { isObject } from '../../core/shape.ts'
import { linearRegex } from '../../edge/linear-regex.ts'
import type { Source } from '../documents.ts'
import { type Fault, faultsFrom, isOurs } from '../faults.ts'
import { seenIn } from '../resources.ts'
import { idOf } from './twice.ts'

/** What may be so, and is hardly meant. Asked of files in which nothing is wrong: what is left out is not seen here. */
export function notesOn(given: readonly Source[]): Fault[] {
  const sources = given.filter(({ document }) => isOurs(document.value))
  const told = [...unwiredIn(sources), ...inEachNamespace(sources).flatMap(shadowsIn)]
  return sources.flatMap((source) => {
    const id = idOf(source.document.value)
    const problems = told.filter((one) => one.id === id).map(({ problem }) => problem)
    return [...oddIn(source), ...faultsFrom(source, problems)]
  })
}

interface Told {
  /** Of the object that it is about. */
  readonly id: string | undefined
  readonly problem: Problem
}

const note = (path: string, message: string): Problem => ({ path, message: `note: ${message}` })

const oddIn = ({ name, document: { odd } }: Source): Fault[] =>
  odd.map(({ line, column, message }) => ({ place: `${name}:${line}:${column}`, ...note('', message) }))

/** Where there are no Events they are in other files. */
function unwiredIn(sources: readonly Source[]): Told[] {
  const seen = seenIn(sources)
  return seen.events.length === 0 ? [] : seen.bots.flatMap((bot) => unwired(bot, seen))
}

function unwired(bot: Bot, seen: Seen): Told[] {
  const why = whyUnwired(bot, seen)
  const path = bot.spec.selector ? 'spec.selector' : 'metadata.name'
  return why === undefined ? [] : [{ id: idOf(bot), problem: note(path, `no rule is for this Bot: ${why}`) }]
}

const inEachNamespace = (sources: readonly Source[]): Source[][] => [
  ...Map.groupBy(sources, ({ document: { value } }) =>
    isObject(value) && isObject(value.metadata) ? value.metadata.namespace : undefined,
  ).values(),
]

function shadowsIn(sources: readonly Source[]): Told[] {
  const seen = seenIn(sources)
  const ids = new Map(seen.events.map((event) => [event.metadata.name, idOf(event)]))
  return shadowed(filesOf(seen)).map((shadow) => ({ id: ids.get(shadow.event), problem: inWords(shadow) }))
}

const inWords = ({ path, keyword, by }: Shadow): Problem =>
  note(path, `${keyword === '' ? 'this rule' : JSON.stringify(keyword)} never wins: ${by} always comes before it`)

/** What is in no EventBinding of these files meets, in one that is elsewhere, its own rules at least. */
function filesOf(seen: Seen): RuleFile[] {
  const bound = seen.bindings.map((binding) => ({ binding, events: eventsOf(binding, seen) }))
  const used = new Set(bound.flatMap(({ events }) => events))
  const rules = new Map(seen.events.map((event) => [event, compile(event, linearRegex).rules]))
  const rulesOf = (events: readonly EventResource[]) => events.flatMap((event) => rules.get(event) ?? [])
  return [
    ...bound.map(({ binding: { metadata, spec }, events }) => ({
      binding: metadata.name,
      priority: spec.priority,
      rules: rulesOf(events),
    })),
    ...seen.events
      .filter((event) => !used.has(event))
      .map((event) => ({ binding: `of ${event.metadata.name}`, priority: 0, rules: rulesOf([event]) })),
  ]
}
