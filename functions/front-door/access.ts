import type { Access } from '../core/access.ts'
import { Bot, Secret } from '../core/kinds.ts'

/** All that the front door does to the API server. */
export const access: readonly Access[] = [
  { kind: Bot, verbs: ['get'], where: 'tenant', why: 'a webhook names a Bot' },
  { kind: Secret, verbs: ['get'], where: 'tenant', why: 'its Secret checks the signature' },
]
