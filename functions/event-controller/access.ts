import type { Access } from '../core/access.ts'
import { Bot, Broker, ConfigMap, Event, EventBinding, Namespace, Notice, Revision } from '../core/kinds.ts'

/** All that the event-controller does to the API server. */
export const access: readonly Access[] = [
  { kind: Event, verbs: ['list'], where: 'tenant', why: 'rules are compiled from Events' },
  { kind: EventBinding, verbs: ['list'], where: 'tenant', why: 'a binding selects Events' },
  { kind: Bot, verbs: ['list'], where: 'tenant', why: 'a Bot owns the rules that it mounts' },
  { kind: Revision, verbs: ['list'], where: 'tenant', why: 'rules that a Revision mounts are kept' },
  {
    kind: ConfigMap,
    verbs: ['list', 'create', 'patch', 'delete'],
    where: 'tenant',
    why: 'rules are kept in ConfigMaps',
  },
  { kind: Event, subresource: 'status', verbs: ['patch'], where: 'tenant', why: 'status says what became of it' },
  { kind: EventBinding, subresource: 'status', verbs: ['patch'], where: 'tenant', why: 'status says what it holds' },
  { kind: Broker, verbs: ['get'], where: 'tenant', why: 'an Event may forward to a Broker, which says its own URL' },
  { kind: Notice, verbs: ['create', 'patch'], where: 'tenant', why: '`kubectl describe` tells what happened' },
  { kind: Namespace, verbs: ['list'], where: 'cluster', why: 'a sweep goes through the namespaces that opted in' },
]
