import { tenantBindings } from '../../../core/access.ts'
import type { Finding } from '../finding.ts'
import { findings } from '../finding.ts'
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

function judge(name: string, seen: NamespaceSeen | undefined): Finding[] {
  if (!seen) return [bad(`there is no namespace ${name}`, `kubectl create namespace ${name}`)]
  const enable = `npx linebot enable ${name}`
  const lacking = tenantBindings(name)
    .map(({ metadata }) => metadata.name)
    .filter((binding) => !seen.bindings.has(binding))
  if (seen.label !== 'true') return [bad(`namespace ${name} has not opted in: nothing happens to its Bots`, enable)]
  if (lacking.length === 0) return []
  const sentence = `namespace ${name} lacks RoleBinding ${lacking.join(', ')}; until then no change is noticed anywhere`
  return [bad(sentence, enable)]
}
