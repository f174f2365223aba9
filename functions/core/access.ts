import { systemNamespace } from './names.ts'
import type { Kind } from './object.ts'

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete'

/** Something that a function does to the API server. Roles are generated from these, and hold nothing else. */
export interface Access {
  readonly kind: Kind
  readonly verbs: readonly Verb[]
  readonly subresource?: 'status'
  /** `tenant`: in every namespace that opted in; `system`: in linebot's own; `cluster`: everywhere. */
  readonly where: 'tenant' | 'system' | 'cluster'
  /** Only objects with these names; the API server can hold `list`, `watch` and `create` to no name. */
  readonly names?: readonly string[]
  /** Completes “it may, because …”; it stands beside the rule in the generated Role. */
  readonly why: string
}

/** Who touches the API server: our functions, and the ApiServerSource's adapter. Each is its ServiceAccount's name. */
export const accounts = ['bot-controller', 'event-controller', 'front-door', 'source'] as const
export type Account = (typeof accounts)[number]

export const rbac = 'rbac.authorization.k8s.io'

/** Name of an account's Roles and bindings; the ClusterRole of this name is what a tenant namespace binds. */
export const roleName = (account: Account) => `linebot-${account}` as const

export interface RoleBinding {
  readonly apiVersion: `${typeof rbac}/v1`
  readonly kind: 'RoleBinding'
  readonly metadata: { readonly name: string; readonly namespace: string }
  readonly roleRef: { readonly apiGroup: typeof rbac; readonly kind: 'Role' | 'ClusterRole'; readonly name: string }
  readonly subjects: readonly [{ readonly kind: 'ServiceAccount'; readonly namespace: string; readonly name: string }]
}

/** What lets an account use its Role in one namespace. */
export const bindingFor = (account: Account, namespace: string, kind: 'Role' | 'ClusterRole'): RoleBinding => ({
  apiVersion: `${rbac}/v1`,
  kind: 'RoleBinding',
  metadata: { name: roleName(account), namespace },
  roleRef: { apiGroup: rbac, kind, name: roleName(account) },
  subjects: [{ kind: 'ServiceAccount', namespace: systemNamespace, name: account }],
})

/** The RoleBindings that a namespace needs before it carries the label: the source fails where it may not read. */
export const tenantBindings = (namespace: string): RoleBinding[] =>
  accounts.map((account) => bindingFor(account, namespace, 'ClusterRole'))
