import { uses } from '../core/bound.ts'
import { compile } from '../core/compile.ts'
import type { LinearRegex } from '../core/linear.ts'
import type { Obj, Stored } from '../core/object.ts'
import type { Problem } from '../core/problem.ts'
import type { EventBinding } from '../core/resources/binding.ts'
import type { EventResource } from '../core/resources/event.ts'
import type { Rule, RuleFile } from '../core/rule.ts'
import { selects } from '../core/selector.ts'
import type { RulesSeen } from './see.ts'
import { named, shards } from './wanted.ts'

/** An Event with the rules that were accepted, and what is wrong with the others. */
export interface Compiled {
  readonly event: Stored<EventResource>
  readonly rules: readonly Rule[]
  readonly problems: readonly Problem[]
}

/** An EventBinding with all that it brings together. */
export interface Bound {
  readonly binding: Stored<EventBinding>
  readonly members: readonly Compiled[]
  /** Names of the Bots that use it. */
  readonly bots: readonly string[]
  readonly files: readonly RuleFile[]
  readonly hash: string
  readonly configMaps: readonly Obj[]
}

export const alive = ({ metadata }: Obj): boolean => metadata.deletionTimestamp === undefined

export function compileOne(event: Stored<EventResource>, { brokerUrls }: RulesSeen, linear: LinearRegex): Compiled {
  const { rules, problems } = compile(event, linear, (name) => brokerUrls.get(name))
  return { event, rules, problems: problems.map(bounded) }
}

/** A problem may quote what the person wrote, and a status that the API server refuses would hold up everything. */
const bounded = ({ path, message }: Problem): Problem => ({ path: cut(path, 1000), message: cut(message, 500) })
const cut = (text: string, length: number) =>
  [...text].length <= length ? text : `${[...text].slice(0, length - 1).join('')}…`

export function bind(binding: Stored<EventBinding>, compiled: readonly Compiled[], seen: RulesSeen): Bound {
  const { name, namespace = seen.namespace } = binding.metadata
  // By name, so that the same rules have the same bytes whatever order the API server lists them in.
  const members = compiled
    .filter(({ event }) => selects(binding.spec.selector, event.metadata.labels))
    .toSorted((a, b) => (a.event.metadata.name < b.event.metadata.name ? -1 : 1))
  const rules = members.flatMap((member) => member.rules)
  const files = shards(name, binding.spec.priority, rules)
  const bots = seen.bots.filter((bot) => alive(bot) && uses(bot, binding)).map(({ metadata }) => metadata.name)
  return { binding, members, bots: bots.toSorted(), files, ...named(namespace, files) }
}
