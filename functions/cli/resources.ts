import { readFileSync } from 'node:fs'
import { type BotWithRules, botsOf, type Seen } from '../core/bound.ts'
import { check } from '../core/schema/check.ts'
import { kindNames } from '../core/schema/crd.ts'
import { isObject } from '../core/shape.ts'
import { linearRegex } from '../edge/linear-regex.ts'
import { readObjects, type Source } from './documents.ts'
import { type Fault, isOurs, judge } from './faults.ts'
import { filesIn } from './files.ts'
import { idOf } from './validate/twice.ts'

export interface Resources {
  readonly bots: readonly BotWithRules[]
  readonly faults: readonly Fault[]
}

export const sourcesIn = (paths: readonly string[]): Source[] =>
  filesIn(paths).flatMap((name) => readObjects(readFileSync(name, 'utf8')).map((document) => ({ name, document })))

/** What a cluster would make of the objects: each Bot with its rules, and everything that is wrong. */
export const resourcesIn = (sources: readonly Source[]): Resources => ({
  bots: botsOf(seenIn(sources), linearRegex),
  faults: judge(sources).flatMap(({ faults }) => faults),
})

/** The objects that the API server would take. */
export function seenIn(sources: readonly Source[]): Seen {
  const values = lastOfEach(sources.map(({ document }) => document.value))
  return {
    bots: ofKind(values, 'Bot'),
    bindings: ofKind(values, 'EventBinding'),
    events: ofKind(values, 'Event'),
  }
}

/** As kubectl would apply them, one after the other. */
const lastOfEach = (values: readonly unknown[]): unknown[] => [
  ...new Map(values.map((value, i) => [idOf(value) ?? i, value])).values(),
]

function ofKind<K extends (typeof kindNames)[number]>(values: readonly unknown[], kind: K) {
  return values.filter(isOurs).flatMap((value) => {
    if (!isObject(value) || value.kind !== kind) return []
    const checked = check(kind, value)
    return checked.ok ? [checked.value] : []
  })
}
