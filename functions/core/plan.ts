import { createHash } from 'node:crypto'
import { annotation } from './names.ts'
import type { Kind, Meta, Obj, Ref } from './object.ts'
import { isObject } from './shape.ts'

/**
 * One write. `serves` is the object of ours that it is for: what a sweep rings when the write is found missing.
 * `manager` is the field manager of server-side apply: what one manager leaves out at its next apply is taken away.
 */
export type Step =
  | (Applied & { readonly do: 'apply' })
  /** `notices` tell people of it, as well as they can: what is lost of them is in the status. */
  | (Applied & { readonly do: 'status'; readonly notices: readonly Obj[] })
  | { readonly do: 'remove'; readonly ref: Ref; readonly uid: string; readonly serves: Ref }

interface Applied {
  readonly kind: Kind
  readonly object: Obj
  readonly manager: string
  readonly serves: Ref
}

/**
 * How a run ends: `settled` and `refused` (status says why) are done, `again` asks to be rung once more. `mendingMs`: so
 * long after a change somebody may be at what was refused, and mends it where nothing rings; so it is tried again.
 */
export type Outcome =
  | { readonly ended: 'settled' }
  | { readonly ended: 'refused'; readonly because: string; readonly mendingMs?: number }
  | { readonly ended: 'again'; readonly because: string }

/** What a run would write. A settled world gives no steps. */
export interface Plan {
  readonly steps: readonly Step[]
  readonly outcome: Outcome
}

/** Hex digits of a hash in names and annotations: 40 bits; of a thousand contents two collide once in two million. */
const hashLength = 10

/** Short hash of any JSON value; the order of an object's keys does not matter. */
export const hashOf = (value: unknown): string =>
  createHash('sha256').update(canonical(value)).digest('hex').slice(0, hashLength)

/** JSON with sorted keys, so that equal values have equal texts. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    isObject(part) ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1))) : part,
  )
}

/** The object with the hash of itself among its annotations. */
export function sealed<T extends Obj>(object: T): T {
  const annotations = { ...object.metadata.annotations, [annotation.applied]: hashOf(object) }
  return { ...object, metadata: { ...object.metadata, annotations } }
}

/**
 * Whether the live object's metadata still is what we sealed: every label, annotation (the hash of the whole among
 * them) and owner that we want is there. Its spec is not compared field by field: defaults and canonical quantities
 * would differ for ever. Who changed the spec since shows in `metadata.generation`.
 */
export function keepsMeta(live: Meta, wanted: Meta): boolean {
  const within = (part: Readonly<Record<string, string>> = {}, whole: Readonly<Record<string, string>> = {}) =>
    Object.entries(part).every(([key, value]) => whole[key] === value)
  return (
    within(wanted.labels, live.labels) &&
    within(wanted.annotations, live.annotations) &&
    (wanted.ownerReferences ?? []).every(({ uid }) => live.ownerReferences?.some((owner) => owner.uid === uid))
  )
}

/** Whether two JSON values say the same. Members that are undefined count as absent. */
export const same = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b)
