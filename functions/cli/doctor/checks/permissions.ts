import { same } from '../../../core/plan.ts'
import type { Finding } from '../finding.ts'
import { again, findings } from '../finding.ts'
import { grantOf, isGrant } from '../grant.ts'
import { type Facts, isAbsent, isLocal, mayRead, type Pair, pluralOf } from '../see.ts'

const { good, bad } = findings('Permissions')

/** Whether linebot's parts, and people, may do what this release says, and nothing else. */
export function permissions(facts: Facts): Finding[] {
  if (isLocal(facts) || isAbsent(facts)) return []
  const grants = facts.installed.filter(({ wanted }) => isGrant(wanted) && mayRead(facts, pluralOf(wanted)))
  const wrong = grants.flatMap(judge)
  if (wrong.length > 0 || grants.length === 0) return wrong
  return [good(`${grants.length} ServiceAccounts, Roles and bindings are of this release`)]
}

function judge({ wanted, live }: Pair): Finding[] {
  const title = `${wanted.kind} ${wanted.metadata.name}`
  if (!live) return [bad(`${title} is not there`, again)]
  const [shipped, found] = [grantOf(wanted), grantOf(live)]
  if (same(found, shipped)) return []
  if (same(found.roleRef, shipped.roleRef)) return [bad(`${title} is not as this release has it`, again)]
  // It cannot be changed in place.
  return [bad(`${title} gives another Role`, `kubectl delete ${inKubectl(wanted)} && ${again}`)]
}

const inKubectl = ({ kind, metadata: { name, namespace } }: Pair['wanted']) =>
  [kind.toLowerCase(), ...(namespace === undefined ? [] : ['-n', namespace]), name].join(' ')
