import { readFileSync } from 'node:fs'
import { type BotWithRules, botsOf } from '../core/bound.ts'
import type { Problem } from '../core/problem.ts'
import { check } from '../core/schema/check.ts'
import { kindNames } from '../core/schema/crd.ts'
import { isObject } from '../core/shape.ts'
import { linearRegex } from '../edge/linear-regex.ts'
import { type Read, readObjects, type Source } from './documents.ts'
import { filesIn } from './files.ts'
import { problemsOf } from './validate/problems.ts'
import { idOf, twice } from './validate/twice.ts'
import { isOurs, titleOf } from './validate.ts'

/** Something wrong in a file, as `FILE:LINE:COLUMN: …`. */
export interface Fault {
  readonly place: string
  /** Of a rule that is rejected and left out: its Event. */
  readonly event?: string
  readonly path: string
  readonly message: string
}

export interface Resources {
  readonly bots: readonly BotWithRules[]
  readonly faults: readonly Fault[]
}

export const sourcesIn = (paths: readonly string[]): Source[] =>
  filesIn(paths).flatMap((name) => readObjects(readFileSync(name, 'utf8')).map((document) => ({ name, document })))

/** What a cluster would make of the objects: each Bot with its rules, and everything that is wrong. */
export function resourcesIn(sources: readonly Source[]): Resources {
  const values = lastOfEach(sources.map(({ document }) => document.value))
  const again = twice(ours(sources))
  const seen = {
    bots: ofKind(values, 'Bot'),
    bindings: ofKind(values, 'EventBinding'),
    events: ofKind(values, 'Event'),
  }
  return {
    bots: botsOf(seen, linearRegex),
    faults: sources.flatMap((source) => faultsOf(source, again.get(source))),
  }
}

/** As kubectl would apply them, one after the other. */
const lastOfEach = (values: readonly unknown[]): unknown[] => [
  ...new Map(values.map((value, i) => [idOf(value) ?? i, value])).values(),
]

const ours = (sources: readonly Source[]) => sources.filter(({ document }) => isOurs(document.value))

function faultsOf({ name, document: { value, errors, positionOf } }: Source, again: Problem | undefined): Fault[] {
  if (errors.length > 0)
    return errors.map(({ line, column, message }) => ({ place: `${name}:${line}:${column}`, path: '', message }))
  const problems = isOurs(value) ? [...(again ? [again] : []), ...problemsOf(value)] : []
  return problems.map((problem) => faultOf(name, value, positionOf, problem))
}

function faultOf(name: string, value: unknown, positionOf: Read['positionOf'], { path, message }: Problem): Fault {
  const { line, column } = positionOf(path)
  const checked = check('Event', value)
  return {
    place: `${name}:${line}:${column}: ${titleOf(value)}`,
    ...(checked.ok && { event: checked.value.metadata.name }),
    path,
    message,
  }
}

function ofKind<K extends (typeof kindNames)[number]>(values: readonly unknown[], kind: K) {
  return values.filter(isOurs).flatMap((value) => {
    if (!isObject(value) || value.kind !== kind) return []
    const checked = check(kind, value)
    return checked.ok ? [checked.value] : []
  })
}
