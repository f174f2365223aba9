import { isObject } from '../../core/shape.ts'
import type { Ask } from './ask.ts'
import { invalid } from './refusal.ts'
import { type Resource, resourceAt } from './resources.ts'
import { same, type Thing } from './thing.ts'

/**
 * Kubernetes' own Events are one kind under two names: what events.k8s.io/v1 writes, v1 shows with other words, and
 * `kubectl describe` reads there. Kept as v1.
 */

const words: readonly (readonly [newer: string, core: string])[] = [
  ['regarding', 'involvedObject'],
  ['note', 'message'],
  ['reportingController', 'reportingComponent'],
  ['deprecatedSource', 'source'],
  ['deprecatedFirstTimestamp', 'firstTimestamp'],
  ['deprecatedLastTimestamp', 'lastTimestamp'],
  ['deprecatedCount', 'count'],
]
const toCore = new Map(words)
const fromCore = new Map(words.map(([newer, core]) => [core, newer]))

export interface Kept {
  /** For the kind under which it is kept. */
  readonly ask: Ask
  readonly body: unknown
  /** What is kept, in the words of who asks. */
  answer(object: object): object
}

/** How the objects of a request are kept; undefined = as they are. */
export function keptNotice(ask: Ask, body: unknown): Kept | undefined {
  const core = resourceAt('v1', 'events')
  if (!isNotice(ask.resource) || !core) return undefined
  const { apiVersion } = ask.resource
  const back = (object: object): object => ({ ...renamed(object, fromCore), apiVersion })
  return {
    ask: { ...ask, resource: core },
    body: isObject(body) ? { ...renamed(body, toCore), apiVersion: core.apiVersion } : body,
    answer: (object) =>
      'items' in object && Array.isArray(object.items)
        ? { ...object, apiVersion, items: object.items.map(back) }
        : back(object),
  }
}

export const isNotice = ({ group, kind }: Resource): boolean => group === 'events.k8s.io' && kind === 'Event'

const renamed = (object: object, names: ReadonlyMap<string, string>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [names.get(name) ?? name, value]))

/** What happened has happened: only how often it did so may be written later. */
export function refuseRewritten({ resource }: Ask, live: Thing | undefined, next: object): void {
  if (!live) return
  const fields = ['eventTime', 'reason', 'message', 'type', 'action', 'reportingComponent', 'reportingInstance']
  const given = new Map(Object.entries(next))
  const touched = fields.filter((field) => given.has(field) && !same(live[field], given.get(field)))
  if (touched.length === 0) return
  const causes = touched.map((field) => ({
    reason: 'FieldValueInvalid',
    message: `Invalid value: ${JSON.stringify(given.get(field))}: field is immutable`,
    field: fromCore.get(field) ?? field,
  }))
  throw invalid(resource, live.metadata.name, causes)
}
