import { tenantBindings } from '../../../core/access.ts'
import { same } from '../../../core/plan.ts'
import type { Finding } from '../finding.ts'
import { findings } from '../finding.ts'
import { grantOf } from '../grant.ts'
import { type Facts, mayRead, type NamespaceSeen } from '../see.ts'

const { good, bad, unknown } = findings('Namespaces')

/** Whether the namespaces have opted in, with the RoleBindings that this takes. */
export function tenants(facts: Facts): Finding[] {
  const { namespaces } = facts
  if (!mayRead(facts, 'namespaces', 'rolebindings')) return []
  if (namespaces.size === 0) {
    return [unknown('no namespace has opted in', 'npx linebot enable NAMESPACE')]
  }
  const wrong = [...namespaces].flatMap(([name, seen]) => judge(name, seen))
  return wrong.length > 0 ? wrong : [good(`${[...namespaces.keys()].join(', ')}: opted in, with all RoleBindings`)]
}

/** As far as the user may see: a namespace of which there is nothing to say. */
export const isEnabled = (facts: Facts, name = ''): boolean =>
  !mayRead(facts, 'namespaces', 'rolebindings') || judge(name, facts.namespaces.get(name)).length === 0

function judge(name: string, seen: NamespaceSeen | undefined): Finding[] {
  if (!seen) return [bad(`there is no namespace ${name}`, `kubectl create namespace ${name}`)]
  const enable = `npx linebot enable ${name}`
  const pairs = tenantBindings(name).map((wanted) => ({
    binding: wanted.metadata.name,
    wanted,
    live: seen.bindings.find(({ metadata }) => metadata.name === wanted.metadata.name),
  }))
  if (seen.label !== 'true') return [bad(`namespace ${name} has not opted in: nothing happens to its Bots`, enable)]
  const lacking = pairs.filter(({ live }) => !live).map(({ binding }) => binding)
  const other = pairs.filter(({ wanted, live }) => live && !same(grantOf(live), grantOf(wanted)))
  const sentence = `namespace ${name} lacks RoleBinding ${lacking.join(', ')}; until then no change is noticed anywhere`
  return [
    ...(lacking.length > 0 ? [bad(sentence, enable)] : []),
    ...other.map(({ binding }) =>
      bad(
        `in namespace ${name}, RoleBinding ${binding} gives another Role, or gives it to somebody else`,
        `kubectl delete rolebinding -n ${name} ${binding} && ${enable}`,
      ),
    ),
  ]
}
