import { systemNamespace } from '../../core/names.ts'
import type { Ask } from './ask.ts'
import { Refusal } from './refusal.ts'
import { qualified, resourceAt } from './resources.ts'
import type { Store } from './store.ts'
import { at, type Thing, textAt } from './thing.ts'

const rbac = 'rbac.authorization.k8s.io/v1'

export const userOf = (account: string): string => `system:serviceaccount:${systemNamespace}:${account}`

/** Throws a Refusal where no Role that is bound to the user has a rule for it. */
export function authorize(store: Store, user: string, verb: string, ask: Ask): void {
  const { namespace } = ask
  const rules = [
    ...rulesBound(store, user, 'clusterrolebindings'),
    ...(namespace === undefined ? [] : rulesBound(store, user, 'rolebindings', namespace)),
  ]
  if (rules.some((rule) => allows(rule, verb, ask))) return
  throw forbidden(user, verb, ask)
}

function rulesBound(store: Store, user: string, plural: string, namespace?: string): unknown[] {
  return things(store, plural, namespace)
    .filter((binding) => listAt(binding, 'subjects').some((subject) => isUser(subject, user)))
    .flatMap((binding) => listAt(roleOf(store, binding, namespace), 'rules'))
}

const isUser = (subject: unknown, user: string) =>
  textAt(subject, 'kind') === 'ServiceAccount' &&
  `system:serviceaccount:${textAt(subject, 'namespace')}:${textAt(subject, 'name')}` === user

function roleOf(store: Store, binding: Thing, namespace: string | undefined): Thing | undefined {
  const local = textAt(binding, 'roleRef', 'kind') === 'Role'
  const resource = resourceAt(rbac, local ? 'roles' : 'clusterroles')
  return resource && store.get(resource, local ? namespace : undefined, textAt(binding, 'roleRef', 'name') ?? '')
}

function things(store: Store, plural: string, namespace: string | undefined): Thing[] {
  const resource = resourceAt(rbac, plural)
  return resource ? store.list(resource, namespace) : []
}

const listAt = (value: unknown, name: string): readonly unknown[] => {
  const found = at(value, name)
  return Array.isArray(found) ? found : []
}

function allows(rule: unknown, verb: string, { resource, subresource, name }: Ask): boolean {
  const has = (list: string, word: string) => listAt(rule, list).some((one) => one === word || one === '*')
  const names = listAt(rule, 'resourceNames')
  const what = subresource ? `${resource.plural}/${subresource}` : resource.plural
  const isNamed = names.length === 0 || (name !== undefined && names.includes(name))
  return has('verbs', verb) && has('apiGroups', resource.group) && has('resources', what) && isNamed
}

function forbidden(user: string, verb: string, { resource, subresource, namespace, name }: Ask): Refusal {
  const what = subresource ? `${resource.plural}/${subresource}` : resource.plural
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`
  return new Refusal(
    403,
    'Forbidden',
    `${qualified(resource)}${name === undefined ? '' : ` "${name}"`} is forbidden: User "${user}" cannot ${verb} resource "${what}" in API group "${resource.group}" ${where}`,
    { ...(name !== undefined && { name }), ...(resource.group && { group: resource.group }), kind: resource.plural },
  )
}
