import type { Access } from '../core/access.ts'
import { Bot, ConfigMap, CoreService, EventBinding, KnativeService, Namespace, Notice, Secret } from '../core/kinds.ts'

/** All that the bot-controller does to the API server. */
export const access: readonly Access[] = [
  { kind: EventBinding, verbs: ['list'], where: 'tenant', why: 'a Bot selects bindings' },
  { kind: Secret, verbs: ['get'], where: 'tenant', why: 'its credentials speak to LINE' },
  { kind: ConfigMap, verbs: ['list'], where: 'tenant', why: 'a Service is written when all that it mounts exists' },
  { kind: KnativeService, verbs: ['get', 'create', 'patch'], where: 'tenant', why: 'a Bot runs as one' },
  { kind: CoreService, verbs: ['get'], where: 'tenant', why: 'a Service of the Bot’s name would be in its way' },
  {
    kind: KnativeService,
    verbs: ['get'],
    where: 'system',
    names: ['front-door'],
    why: 'webhook URLs are made from its',
  },
  { kind: Notice, verbs: ['create', 'patch'], where: 'tenant', why: '`kubectl describe` tells what happened' },
  { kind: Namespace, verbs: ['get'], where: 'cluster', why: 'its label says whether it has opted in' },
  { kind: Bot, verbs: ['get', 'list'], where: 'cluster', why: 'a Bot in a namespace that has not opted in is told so' },
  { kind: Bot, subresource: 'status', verbs: ['patch'], where: 'cluster', why: 'status says what the Bot is' },
]
