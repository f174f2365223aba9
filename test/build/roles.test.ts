import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parseAllDocuments, parseDocument } from 'yaml'
import { roles, rolesOf } from '../../functions/build/roles.ts'
import { access as sourceAccess } from '../../functions/build/source-access.ts'
import { accounts, tenantBindings } from '../../functions/core/access.ts'
import { Bot, KnativeService, Namespace, Secret } from '../../functions/core/kinds.ts'

interface Role {
  kind: string
  metadata: { name: string; namespace?: string }
  rules?: { apiGroups: string[]; resources: string[]; verbs: string[]; resourceNames?: string[] }[]
}

const all: Role[] = parseAllDocuments(roles()).map((document) => document.toJS())
const rules = all.flatMap((role) => (role.rules ?? []).map((rule) => Object.assign(rule, { role: role.metadata.name })))

it('makes one Role for each place, and holds names to the objects they mean', () => {
  const made = rolesOf('front-door', [
    { kind: Secret, verbs: ['get'], where: 'tenant', why: 'a' },
    { kind: KnativeService, verbs: ['get'], where: 'system', names: ['front-door'], why: 'b' },
    { kind: Bot, subresource: 'status', verbs: ['patch'], where: 'cluster', why: 'c' },
  ])
  expect(made).toMatchObject([
    { kind: 'ServiceAccount', metadata: { name: 'front-door', namespace: 'linebot-system' } },
    {
      kind: 'ClusterRole',
      metadata: { name: 'linebot-front-door' },
      rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }],
    },
    {
      kind: 'Role',
      metadata: { name: 'linebot-front-door', namespace: 'linebot-system' },
      rules: [{ apiGroups: ['serving.knative.dev'], resources: ['services'], resourceNames: ['front-door'] }],
    },
    { kind: 'RoleBinding', roleRef: { kind: 'Role', name: 'linebot-front-door' } },
    {
      kind: 'ClusterRole',
      metadata: { name: 'linebot-front-door-cluster' },
      rules: [{ apiGroups: ['linebot.dev'], resources: ['bots/status'], verbs: ['patch'] }],
    },
    { kind: 'ClusterRoleBinding', roleRef: { kind: 'ClusterRole', name: 'linebot-front-door-cluster' } },
  ])
})

it('makes no Role for a place where nothing is touched', () => {
  const made = rolesOf('source', [{ kind: Namespace, verbs: ['list'], where: 'cluster', why: 'a' }])
  expect(made.map((object) => 'kind' in object && object.kind)).toEqual([
    'ServiceAccount',
    'ClusterRole',
    'ClusterRoleBinding',
  ])
})

it.each(rules.map((rule) => [rule.role, rule] as const))('grants nothing by wildcard in %s', (_role, rule) => {
  expect([...rule.apiGroups, ...rule.resources, ...rule.verbs].filter((word) => word.includes('*'))).toEqual([])
})

it('lets nobody write rights, impersonate, or change a Secret', () => {
  expect(rules.filter(({ apiGroups }) => apiGroups.includes('rbac.authorization.k8s.io'))).toEqual([])
  expect(rules.filter(({ verbs }) => ['bind', 'escalate', 'impersonate'].some((verb) => verbs.includes(verb)))).toEqual(
    [],
  )
  const onSecrets = rules.filter(({ resources }) => resources.includes('secrets'))
  expect(onSecrets.flatMap(({ verbs }) => verbs).filter((verb) => !['get', 'list', 'watch'].includes(verb))).toEqual([])
  expect(onSecrets.filter(({ verbs }) => verbs.includes('list')).map(({ role }) => role)).toEqual([
    'linebot-source',
    'linebot-source',
  ])
})

it('says why beside every rule', () => {
  const text = readFileSync(new URL('../../config/300-access.yaml', import.meta.url), 'utf8')
  const rulesInText = text.match(/^ {2}- apiGroups:/gm)
  expect(text.match(/^ {2}# .+\n {2}- apiGroups:/gm)).toHaveLength(rulesInText?.length ?? -1)
})

it('binds, in a tenant namespace, only ClusterRoles that exist', () => {
  const bindings = tenantBindings('shop')
  expect(bindings.map(({ metadata }) => metadata.namespace)).toEqual(accounts.map(() => 'shop'))
  const made = all.filter(({ kind }) => kind === 'ClusterRole').map(({ metadata }) => metadata.name)
  expect(made).toEqual(expect.arrayContaining(bindings.map(({ roleRef }) => roleRef.name)))
})

it('lets the source read all that it watches, and nothing else', () => {
  const file = readFileSync(new URL('../../knative/400-source.yaml', import.meta.url), 'utf8')
  const watched: { apiVersion: string; kind: string }[] = parseDocument(file).toJS().spec.resources
  const allowed = sourceAccess.map(({ kind }) => `${kind.apiVersion} ${kind.kind}`)
  expect(new Set(allowed)).toEqual(new Set(watched.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`)))
})
