import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { uses } from '../core/bound.ts'
import { compile } from '../core/compile.ts'
import type { Problem } from '../core/problem.ts'
import type { EventBinding } from '../core/resources/binding.ts'
import type { Bot } from '../core/resources/bot.ts'
import type { EventResource } from '../core/resources/event.ts'
import type { RuleFile } from '../core/rule.ts'
import { check } from '../core/schema/check.ts'
import { kindNames } from '../core/schema/crd.ts'
import { isObject } from '../core/schema/path.ts'
import { selects } from '../core/selector.ts'
import { linearRegex } from '../edge/linear-regex.ts'
import { type Read, readDocuments } from './documents.ts'
import { isOurs, problemsOf, titleOf } from './validate.ts'

/** A Bot with the rules that it answers by. */
export interface BotWithRules {
  readonly bot: Bot
  readonly files: readonly RuleFile[]
  /** Of its pod, where there is one; else as the bot-controller would make it. */
  readonly env?: Readonly<Record<string, string>>
}

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

/** The YAML files that a file or folder stands for; of a folder those directly in it, as kubectl takes them. */
export const filesAt = (path: string): string[] =>
  statSync(path).isDirectory()
    ? readdirSync(path)
        .filter((name) => /\.ya?ml$/.test(name))
        .toSorted()
        .map((name) => join(path, name))
    : [path]

/** What a cluster would make of the files: each Bot with its rules, and everything that is wrong. */
export function resourcesIn(paths: readonly string[]): Resources {
  const read = paths
    .flatMap(filesAt)
    .flatMap((name) => readDocuments(readFileSync(name, 'utf8')).map((document) => ({ name, document })))
  const faults = read.flatMap(({ name, document }) => faultsOf(name, document))
  const values = read.map(({ document }) => document.value)
  const seen = {
    bots: ofKind(values, 'Bot'),
    bindings: ofKind(values, 'EventBinding'),
    events: ofKind(values, 'Event'),
  }
  return { bots: botsOf(seen), faults }
}

function faultsOf(name: string, { value, errors, positionOf }: Read): Fault[] {
  if (errors.length > 0)
    return errors.map(({ line, column, message }) => ({ place: `${name}:${line}:${column}`, path: '', message }))
  return isOurs(value) ? problemsOf(value).map((problem) => faultOf(name, value, positionOf, problem)) : []
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

/** Everything of one namespace, or of some files. */
export interface Seen {
  readonly bots: readonly Bot[]
  readonly bindings: readonly EventBinding[]
  readonly events: readonly EventResource[]
}

/** Each Bot with its rules, as the event-controller gathers them. */
export const botsOf = ({ bots, bindings, events }: Seen): BotWithRules[] =>
  bots.map((bot) => ({
    bot,
    files: bindings
      .filter((binding) => sameNamespace(binding, bot) && uses(bot, binding))
      .map((binding) =>
        fileOf(
          binding,
          events.filter((event) => sameNamespace(event, binding)),
        ),
      ),
  }))

const fileOf = ({ metadata, spec }: EventBinding, events: readonly EventResource[]): RuleFile => ({
  binding: metadata.name,
  priority: spec.priority,
  rules: events
    .filter((event) => selects(spec.selector, labelsOf(event)))
    .flatMap((event) => compile(event, linearRegex).rules),
})

type Named = Pick<Bot, 'metadata'>

/** The schema of metadata speaks of the name alone. */
const labelsOf = ({ metadata }: Named) => ('labels' in metadata ? (metadata.labels as Record<string, string>) : {})
const sameNamespace = (a: Named, b: Named) => namespaceOf(a) === namespaceOf(b)
const namespaceOf = ({ metadata }: Named) => ('namespace' in metadata ? metadata.namespace : undefined)

function ofKind<K extends (typeof kindNames)[number]>(values: readonly unknown[], kind: K) {
  return values.filter(isOurs).flatMap((value) => {
    if (!isObject(value) || value.kind !== kind) return []
    const checked = check(kind, value)
    return checked.ok ? [checked.value] : []
  })
}
