import type { BotSeen, Facts, Part } from '../../../functions/cli/doctor/see.ts'
import { tenantBindings } from '../../../functions/core/access.ts'
import { crdFor, kindNames } from '../../../functions/core/schema/crd.ts'
import { aBinding, aBot, aSecret } from '../../objects.ts'

const ready = { conditions: [{ type: 'Ready', status: 'True' }] }

/** Something that linebot is made of, Ready. */
export const aPart = (kind: string, name: string, over: Partial<Part> = {}): Part => ({
  apiVersion: kind === 'Service' ? 'serving.knative.dev/v1' : 'eventing.knative.dev/v1',
  kind,
  metadata: { name, namespace: 'linebot-system' },
  status: ready,
  ...over,
})

export const door = aPart('Service', 'front-door', { status: { ...ready, url: 'https://bots.example.test' } })
const url = 'https://bots.example.test/webhook/demo/hello'

const at = { observedGeneration: 1, lastTransitionTime: '2026-01-01T00:00:00Z' }
export const condition = (type: string, status: 'True' | 'False' | 'Unknown', reason: string, message: string) =>
  ({ type, status, reason, message, ...at }) as const

export const aBotSeen = (over: Partial<BotSeen> = {}): BotSeen => ({
  bot: aBot('hello', { status: { url, conditions: [condition('Ready', 'True', 'Ready', 'the bot answers')] } }),
  bindings: [aBinding()],
  targets: [],
  secret: aSecret(),
  channel: {
    info: { userId: 'U1', basicId: '@abc' },
    endpoint: { endpoint: url, active: true },
    test: { success: true, statusCode: 200 },
    consumption: 0,
  },
  ...over,
})

const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'source', namespace: 'linebot-system' } }
const role = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name: 'linebot-source' },
  rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }],
}
export const binding = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name: 'linebot-source-cluster' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'linebot-source-cluster' },
  subjects: [{ kind: 'ServiceAccount', namespace: 'linebot-system', name: 'source' }],
}
const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'linebot', namespace: 'linebot-system' } }

/** What an installation is made of besides, where some things are other than they should be; undefined = gone. */
export const installedWith = (over: Readonly<Record<string, object | undefined>> = {}): Facts['installed'] =>
  [account, role, binding, config].map((wanted) => ({
    wanted,
    live: wanted.kind in over ? over[wanted.kind] && { ...wanted, ...over[wanted.kind] } : wanted,
  }))

/** A cluster where all is well. */
export const wellWith = (over: Partial<Facts> = {}): Facts => ({
  version: 'v1.35.4',
  groups: ['serving.knative.dev', 'eventing.knative.dev', 'sources.knative.dev', 'linebot.dev'],
  knative: { serving: '1.23.0', eventing: '1.23.0' },
  definitions: new Map(
    kindNames.map(crdFor).map(({ metadata, spec }) => [metadata.name, spec.versions[0].schema.openAPIV3Schema]),
  ),
  shipped: [aPart('Trigger', 'deliver-1'), door],
  parts: [aPart('Trigger', 'deliver-1'), door],
  installed: installedWith(),
  lineApi: 'https://api.line.me',
  publicUrl: undefined,
  namespaces: new Map([['demo', { name: 'demo', label: 'true', bindings: tenantBindings('demo') }]]),
  bots: [aBotSeen()],
  target: {},
  reached: new Map([['https://bots.example.test', { address: '192.0.2.1' }]]),
  refused: [],
  ...over,
})
