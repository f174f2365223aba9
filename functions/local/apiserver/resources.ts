import {
  Bot,
  ConfigMap,
  CoreService,
  Event,
  EventBinding,
  KnativeService,
  Namespace,
  Notice,
  Revision,
  Secret,
} from '../../core/kinds.ts'
import type { Kind } from '../../core/object.ts'
import { crdFor, type KindName } from '../../core/schema/crd.ts'
import type { Structural } from '../../core/schema/structural.ts'

/** One column of what `kubectl get` prints; `wide` ones only with `-o wide`. */
export interface Column {
  readonly name: string
  readonly type: string
  readonly jsonPath: string
  readonly description?: string
  readonly wide?: true
}

/** A kind as this server serves it. */
export interface Resource extends Kind {
  readonly group: string
  readonly version: string
  readonly singular: string
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly columns: readonly Column[]
  /** Ours only: all others are stored as they come. */
  readonly schema?: Structural
  readonly ours?: KindName
  readonly scale?: { readonly specReplicasPath: string; readonly statusReplicasPath: string }
  /** Whether a custom resource on a cluster: no strategic merge, and items of a list say what they are. */
  readonly custom: boolean
  /** Whether status is written through its own path, and a change of spec counts as a generation. */
  readonly status: boolean
}

const age: Column = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' }
const text = (name: string, jsonPath: string, wide?: true): Column => ({
  name,
  type: 'string',
  jsonPath,
  ...(wide && { wide }),
})
const readyColumns = [
  text('Ready', '.status.conditions[?(@.type=="Ready")].status'),
  text('Reason', '.status.conditions[?(@.type=="Ready")].reason'),
]

interface Row {
  readonly shortNames?: readonly string[]
  readonly columns?: readonly Column[]
  readonly custom?: true
  readonly status?: true
}

const rbac = 'rbac.authorization.k8s.io/v1'
const others: readonly (readonly [Kind, Row])[] = [
  [Namespace, { shortNames: ['ns'], columns: [text('Status', '.status.phase'), age] }],
  [Secret, { columns: [text('Type', '.type'), { name: 'Data', type: 'integer', jsonPath: '.data' }, age] }],
  [ConfigMap, { shortNames: ['cm'], columns: [{ name: 'Data', type: 'integer', jsonPath: '.data' }, age] }],
  [
    { apiVersion: 'v1', kind: 'Event', plural: 'events' },
    {
      shortNames: ['ev'],
      columns: [
        { name: 'Last Seen', type: 'date', jsonPath: '.lastTimestamp' },
        text('Type', '.type'),
        text('Reason', '.reason'),
        text('Object', '.involvedObject'),
        text('Source', '.source.component', true),
        text('Message', '.message'),
      ],
    },
  ],
  [Notice, {}],
  [CoreService, { shortNames: ['svc'], columns: [text('Type', '.spec.type'), age] }],
  [
    { apiVersion: 'v1', kind: 'ServiceAccount', plural: 'serviceaccounts' },
    { shortNames: ['sa'], columns: [age] },
  ],
  [
    { apiVersion: 'apps/v1', kind: 'Deployment', plural: 'deployments' },
    { columns: [age], status: true },
  ],
  [{ apiVersion: rbac, kind: 'Role', plural: 'roles' }, { columns: [age] }],
  [{ apiVersion: rbac, kind: 'RoleBinding', plural: 'rolebindings' }, { columns: [age] }],
  [{ apiVersion: rbac, kind: 'ClusterRole', plural: 'clusterroles', clusterScoped: true }, { columns: [age] }],
  [
    { apiVersion: rbac, kind: 'ClusterRoleBinding', plural: 'clusterrolebindings', clusterScoped: true },
    { columns: [age] },
  ],
  [
    KnativeService,
    {
      shortNames: ['kservice', 'ksvc'],
      custom: true,
      status: true,
      columns: [
        text('URL', '.status.url'),
        text('LatestCreated', '.status.latestCreatedRevisionName'),
        text('LatestReady', '.status.latestReadyRevisionName'),
        ...readyColumns,
      ],
    },
  ],
  [
    Revision,
    {
      shortNames: ['rev'],
      custom: true,
      status: true,
      columns: [
        text('Config Name', ".metadata.labels['serving.knative.dev/configuration']"),
        text('Generation', ".metadata.labels['serving.knative.dev/configurationGeneration']"),
        ...readyColumns,
        { name: 'Actual Replicas', type: 'integer', jsonPath: '.status.actualReplicas' },
        { name: 'Desired Replicas', type: 'integer', jsonPath: '.status.desiredReplicas' },
      ],
    },
  ],
]

/** What our wiring is made of; whoever looks for Knative Eventing looks for these groups. */
const wiring: readonly (readonly [Kind, Row])[] = [
  { apiVersion: 'eventing.knative.dev/v1', kind: 'Broker', plural: 'brokers' },
  { apiVersion: 'eventing.knative.dev/v1', kind: 'Trigger', plural: 'triggers' },
  { apiVersion: 'sources.knative.dev/v1', kind: 'ApiServerSource', plural: 'apiserversources' },
  { apiVersion: 'sources.knative.dev/v1', kind: 'PingSource', plural: 'pingsources' },
  { apiVersion: 'sources.knative.dev/v1', kind: 'SinkBinding', plural: 'sinkbindings' },
].map((kind) => [kind, { custom: true, status: true, columns: [...readyColumns, age] }])

const groupVersion = (kind: Kind) => {
  const [first = '', second] = kind.apiVersion.split('/')
  return second === undefined ? { group: '', version: first } : { group: first, version: second }
}

const other = ([kind, { shortNames = [], columns = [], custom, status }]: readonly [Kind, Row]): Resource => ({
  ...kind,
  ...groupVersion(kind),
  singular: kind.kind.toLowerCase(),
  shortNames,
  categories: [],
  columns,
  custom: custom ?? false,
  status: status ?? false,
})

function our(kind: Kind & { readonly kind: KindName }): Resource {
  const { names, versions } = crdFor(kind.kind).spec
  const [{ additionalPrinterColumns: columns, schema, subresources }] = versions
  return {
    ...kind,
    ...groupVersion(kind),
    singular: names.singular,
    shortNames: names.shortNames,
    categories: names.categories,
    columns,
    schema: schema.openAPIV3Schema,
    ours: kind.kind,
    ...(subresources.scale && { scale: subresources.scale }),
    custom: true,
    status: true,
  }
}

/** All that is served, in the order in which kubectl resolves a bare name: core first. */
export const resources: readonly Resource[] = [
  ...[...others, ...wiring].map(other),
  ...[Bot, Event, EventBinding].map(our),
]

const byPath = new Map(resources.map((one) => [`${one.apiVersion}/${one.plural}`, one]))

export const resourceAt = (apiVersion: string, plural: string): Resource | undefined =>
  byPath.get(`${apiVersion}/${plural}`)

/** As a refusal names it: `bots.linebot.dev`, `secrets`. */
export const qualified = ({ plural, group }: Resource): string => (group ? `${plural}.${group}` : plural)
