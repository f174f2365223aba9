import type { Account } from './access.ts'
import type { Condition } from './condition.ts'
import { Notice as kind } from './kinds.ts'
import { group } from './names.ts'
import type { Obj } from './object.ts'
import { hashOf } from './plan.ts'

/** A Kubernetes Event of events.k8s.io/v1: what `kubectl describe` lists beneath an object. */
export interface Notice extends Obj {
  readonly regarding: object
  readonly reason: string
  readonly note: string
  readonly type: 'Normal' | 'Warning'
  readonly action: string
  readonly eventTime: string
  readonly reportingController: string
  readonly reportingInstance: string
}

interface BeforeAndAfter {
  readonly before: readonly Condition[] | undefined
  readonly after: readonly Condition[]
  readonly by: Account
  readonly now: Date
}

/**
 * What is to be told of an object whose conditions have other reasons than before: everything that does not hold any
 * more, once (Ready repeats what another condition says), and how Ready is when it does. A name comes of the object as
 * it was, so that a run that is repeated tells nothing twice.
 */
export function noticesFor(object: Obj, { before, after, by, now }: BeforeAndAfter): Notice[] {
  const changed = after.filter(({ type, reason }) => before?.find((old) => old.type === type)?.reason !== reason)
  const told = changed.filter(({ type, status }) => status === 'False' || (type === 'Ready' && status === 'True'))
  const once = new Map(told.map((condition) => [`${condition.reason} ${condition.message}`, condition]))
  const { name, namespace, uid, resourceVersion } = object.metadata
  const regarding = {
    apiVersion: object.apiVersion,
    kind: object.kind,
    name,
    ...(namespace && { namespace }),
    ...(uid && { uid }),
    ...(resourceVersion && { resourceVersion }),
  }
  return [...once.values()].map(({ status, reason, message }) => ({
    apiVersion: kind.apiVersion,
    kind: kind.kind,
    metadata: {
      name: `${name.slice(0, maxNameLength)}.${hashOf({ regarding, reason, message })}`,
      ...(namespace && { namespace }),
    },
    regarding,
    reason,
    note: cut(message),
    type: status === 'True' ? 'Normal' : 'Warning',
    action: 'Reconcile',
    eventTime: microTime(now),
    reportingController: `${group}/${by}`,
    reportingInstance: by,
  }))
}

/** Of the object's name in the Notice's: 253 characters are allowed, and a dot and a hash follow. */
const maxNameLength = 240

/** Bytes of UTF-8; the API server refuses more. */
const maxNoteBytes = 1024

function cut(text: string): string {
  if (Buffer.byteLength(text) <= maxNoteBytes) return text
  // Not in the middle of a character: what is left of one decodes to U+FFFD.
  const kept = Buffer.from(text).subarray(0, maxNoteBytes - Buffer.byteLength('…'))
  return `${kept.toString().replace(/\uFFFD+$/, '')}…`
}

/** metav1.MicroTime is read with six digits and no others. */
const microTime = (time: Date): string => `${time.toISOString().slice(0, -1)}000Z`
