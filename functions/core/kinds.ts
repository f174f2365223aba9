import { apiVersion } from './names.ts'
import type { Kind } from './object.ts'

export const Bot = { apiVersion, kind: 'Bot', plural: 'bots' } as const satisfies Kind
export const Event = { apiVersion, kind: 'Event', plural: 'events' } as const satisfies Kind
export const EventBinding = { apiVersion, kind: 'EventBinding', plural: 'eventbindings' } as const satisfies Kind

export const Namespace = {
  apiVersion: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  clusterScoped: true,
} as const satisfies Kind
export const Secret = { apiVersion: 'v1', kind: 'Secret', plural: 'secrets' } as const satisfies Kind
export const ConfigMap = { apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps' } as const satisfies Kind
/** Kubernetes' own Service; the Route of a Knative Service makes one of its name. */
export const CoreService = { apiVersion: 'v1', kind: 'Service', plural: 'services' } as const satisfies Kind
export const KnativeService = {
  apiVersion: 'serving.knative.dev/v1',
  kind: 'Service',
  plural: 'services',
} as const satisfies Kind
export const Revision = {
  apiVersion: 'serving.knative.dev/v1',
  kind: 'Revision',
  plural: 'revisions',
} as const satisfies Kind
export const Broker = {
  apiVersion: 'eventing.knative.dev/v1',
  kind: 'Broker',
  plural: 'brokers',
} as const satisfies Kind
/** Kubernetes' own Event, which we call a Notice. */
export const Notice = { apiVersion: 'events.k8s.io/v1', kind: 'Event', plural: 'events' } as const satisfies Kind
