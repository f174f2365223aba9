import { Document, isScalar, visit } from 'yaml'
import { access as botController } from '../bot-controller/access.ts'
import { type Access, type Account, accounts, bindingFor, rbac, roleName } from '../core/access.ts'
import { systemNamespace } from '../core/names.ts'
import { access as eventController } from '../event-controller/access.ts'
import { access as frontDoor } from '../front-door/access.ts'
import { access as source } from './source-access.ts'

const declared = {
  'bot-controller': botController,
  'event-controller': eventController,
  'front-door': frontDoor,
  source,
} as const satisfies Record<Account, readonly Access[]>

export interface PolicyRule {
  readonly apiGroups: readonly [string]
  readonly resources: readonly [string]
  readonly resourceNames?: readonly string[]
  readonly verbs: readonly string[]
  readonly why: string
}

/** YAML with each rule's `why` as a comment before it, and lists of words on one line. */
function withReasons(object: object): string {
  const document = new Document(object, { aliasDuplicateObjects: false })
  visit(document, {
    Seq(_key, list) {
      list.flow = list.items.every(isScalar)
    },
    Map(_key, map) {
      const why = map.get('why')
      if (typeof why !== 'string') return
      map.delete('why')
      map.commentBefore = ` ${why}`
    },
  })
  return document.toString({ lineWidth: 0 })
}

/** Every ServiceAccount with its Roles and the bindings that need no namespace to opt in, one YAML document each. */
export const roles = (): string =>
  accounts
    .flatMap((account) => rolesOf(account, declared[account]))
    .map(withReasons)
    .join('---\n')

/** What one account gets. Each rule still carries its `why`, which the API server does not know. */
export function rolesOf(account: Account, access: readonly Access[]): object[] {
  const rules = (where: Access['where']) => access.filter((one) => one.where === where).map(ruleFor)
  const name = roleName(account)
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: account, namespace: systemNamespace } },
    ...whenAny(rules('tenant'), (some) => [clusterRole(name, some)]),
    ...whenAny(rules('system'), (some) => [systemRole(name, some), bindingFor(account, systemNamespace, 'Role')]),
    ...whenAny(rules('cluster'), (some) => [
      clusterRole(`${name}-cluster`, some),
      clusterBinding(`${name}-cluster`, account),
    ]),
  ]
}

const whenAny = <T>(found: readonly T[], make: (found: readonly T[]) => object[]) =>
  found.length > 0 ? make(found) : []

function ruleFor({ kind, subresource, names, verbs, why }: Access): PolicyRule {
  const [group] = kind.apiVersion.includes('/') ? kind.apiVersion.split('/') : ['']
  const resource = subresource ? `${kind.plural}/${subresource}` : kind.plural
  return { apiGroups: [group ?? ''], resources: [resource], ...(names && { resourceNames: names }), verbs, why }
}

const clusterRole = (name: string, rules: readonly PolicyRule[]) => ({
  apiVersion: `${rbac}/v1`,
  kind: 'ClusterRole',
  metadata: { name },
  rules,
})

const systemRole = (name: string, rules: readonly PolicyRule[]) => ({
  apiVersion: `${rbac}/v1`,
  kind: 'Role',
  metadata: { name, namespace: systemNamespace },
  rules,
})

const clusterBinding = (name: string, account: Account) => ({
  apiVersion: `${rbac}/v1`,
  kind: 'ClusterRoleBinding',
  metadata: { name },
  roleRef: { apiGroup: rbac, kind: 'ClusterRole', name },
  subjects: [{ kind: 'ServiceAccount', namespace: systemNamespace, name: account }],
})
