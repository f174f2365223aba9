import type { Access } from '../core/access.ts'
import { Bot, Broker, ConfigMap, Event, EventBinding, KnativeService, Secret } from '../core/kinds.ts'

const Deployment = { apiVersion: 'apps/v1', kind: 'Deployment', plural: 'deployments' }

const watched = [
  { kind: Bot, why: 'Bots are watched' },
  { kind: Event, why: 'Events are watched' },
  { kind: EventBinding, why: 'EventBindings are watched' },
  { kind: KnativeService, why: 'the Services of Bots are watched' },
  { kind: ConfigMap, why: 'compiled rules are watched' },
  { kind: Secret, why: 'a new credential must ring' },
  { kind: Broker, why: 'a Broker that an Event forwards to may come after it' },
  { kind: Deployment, why: 'the source’s own Deployment rings when it starts' },
] as const

/**
 * What the ApiServerSource's adapter does. Knative wants all three verbs for every watched kind in every selected
 * namespace, and linebot's own namespace is one of them.
 */
export const access: readonly Access[] = (['tenant', 'system'] as const).flatMap((where) =>
  watched.map(({ kind, why }) => ({ kind, verbs: ['get', 'list', 'watch'] as const, where, why })),
)
