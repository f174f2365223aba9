import type { Document } from 'yaml'
import { hashOf } from '../core/plan.ts'
import type { Edit } from './release.ts'

/** What carries LINE's webhooks. */
const broker = 'incoming'

/**
 * Names a Trigger of webhooks after its content. An edit in place loses what is on its way; so another release's is
 * another Trigger, which works before the old one is deleted.
 */
export const byContent: Edit = { kind: 'Trigger', change }

function change(document: Document): boolean {
  if (document.get('kind') !== 'Trigger' || document.getIn(['spec', 'broker']) !== broker) return false
  const { metadata, spec }: { metadata: { name: string }; spec: unknown } = document.toJS()
  document.setIn(['metadata', 'name'], `${metadata.name}-${hashOf(spec)}`)
  return true
}
