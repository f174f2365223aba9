import {
  both,
  compare,
  cut,
  decode,
  encode,
  type Fields,
  has,
  isThere,
  merge,
  minus,
  ownedIn,
  type Path,
  type Shape,
  sameFields,
  spoken,
  union,
  within,
} from './fields.ts'
import { invalid, Refusal } from './refusal.ts'
import type { Resource } from './resources.ts'
import type { ManagedFields, Thing } from './thing.ts'

/** Who writes, as managedFields keep it. */
export interface Manager {
  readonly manager: string
  readonly operation: 'Apply' | 'Update'
  readonly subresource?: string
}

interface Owner extends Manager {
  readonly apiVersion: string
  readonly time?: string
  readonly fields: Fields
}

const metadata: Shape = {
  properties: {
    labels: {},
    annotations: {},
    ownerReferences: {
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['uid'],
      items: { 'x-kubernetes-map-type': 'atomic' },
    },
    finalizers: { 'x-kubernetes-list-type': 'set' },
  },
}

const core: Shape = { properties: { metadata, data: {}, binaryData: {}, stringData: {}, spec: {}, status: {} } }

export const shapeOf = ({ schema }: Resource): Shape =>
  schema ? { ...schema, properties: { ...schema.properties, metadata } } : core

const systemFields = new Set([
  'name',
  'generateName',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'selfLink',
  'managedFields',
])

/** Nobody owns what the API server itself writes, nor what the path does not let one write. */
function ownable(fields: Fields, { status }: Resource, subresource: string | undefined): Fields {
  const isOwnable = ([first, second]: Path) => {
    if (first === 'f:apiVersion' || first === 'f:kind' || (first === 'f:metadata' && second === undefined)) return false
    if (first === 'f:metadata' && systemFields.has(second?.slice(2) ?? '')) return false
    if (!status) return true
    return subresource === 'status' ? first === 'f:status' : first !== 'f:status'
  }
  return new Map([...fields].filter(([, path]) => isOwnable(path)))
}

export interface Applied {
  readonly object: Thing
  /** To be given on with what is stored. */
  readonly owners: readonly Owner[]
}

/** Server-side apply: what `applied` says becomes so, what the manager no longer says goes, others' fields stay. */
export function applyOnto(
  live: Thing | undefined,
  applied: Thing,
  manager: Manager,
  resource: Resource,
  force: boolean,
): Applied {
  const shape = shapeOf(resource)
  const owners = ownersOf(live)
  const mine = owners.find((one) => sameManager(one, manager))
  const others = owners.filter((one) => one !== mine)
  const wanted = ownable(ownedIn(applied, shape), resource, manager.subresource)
  const merged = live ? merge(live, applied, shape) : applied
  const { changed } = compare(live ?? { metadata: {} }, merged, shape)
  const disputed = others.map((owner) => ({ owner, fields: both(both(owner.fields, changed), wanted) }))
  const conflicts = disputed.filter(({ fields }) => fields.size > 0)
  if (conflicts.length > 0 && !force) throw conflictOf(conflicts)
  const left = disputed.map(({ owner, fields }) => ({ ...owner, fields: minus(owner.fields, fields) }))
  const given = minus(mine?.fields ?? new Map(), wanted)
  const object = prune(merged, given, left, wanted, shape)
  if (resource.custom) refuseEmptied(object, wanted, resource, applied.metadata.name)
  const now: Owner = {
    ...manager,
    apiVersion: resource.apiVersion,
    ...(mine?.time && { time: mine.time }),
    fields: wanted,
  }
  // The merge of an object is an object.
  return { object: object as Thing, owners: cleaned([...left, now], object, shape) }
}

/** Of a map that stays while all its members go, the API server keeps a null, and then refuses it. */
function refuseEmptied(object: unknown, wanted: Fields, resource: Resource, name: string): void {
  const shape = shapeOf(resource)
  const emptied = [...wanted.values()].filter((path) => path[0] !== 'f:metadata' && !isThere(object, path, shape))
  if (emptied.length === 0) return
  throw invalid(
    resource,
    name,
    emptied.map((path) => {
      const field = spoken(path).slice(1)
      const message = `Invalid value: "null": ${field} in body must be of type object: "null"`
      return { reason: 'FieldValueTypeInvalid', message, field }
    }),
  )
}

/** Takes out what its manager has given up and nobody else has. */
function prune(merged: unknown, given: Fields, others: readonly Owner[], wanted: Fields, shape: Shape): unknown {
  const held = union(wanted, ...others.map(({ fields }) => fields))
  return [...given.values()]
    .toSorted((a, b) => b.length - a.length)
    .reduce<unknown>((value, path) => (within(held, path) ? value : cut(value, path, shape)), merged)
}

/** Owners without the fields that are no longer there, and without those who own nothing. */
function cleaned(owners: readonly Owner[], object: unknown, shape: Shape): Owner[] {
  const there = compare({}, object, shape).changed
  return owners
    .map((owner) => ({ ...owner, fields: both(owner.fields, there) }))
    .filter(({ fields }) => fields.size > 0)
}

/** Who owns what after an ordinary write. */
export function ownersAfter(
  live: Thing | undefined,
  next: Thing,
  manager: Manager,
  resource: Resource,
): readonly Owner[] {
  const shape = shapeOf(resource)
  const owners = ownersOf(next.metadata.managedFields ? next : live)
  const difference = compare(live ?? { metadata: {} }, next, shape)
  const changed = ownable(difference.changed, resource, manager.subresource)
  const mine = owners.find((one) => sameManager(one, manager))
  const others = owners
    .filter((one) => one !== mine)
    .map((one) => ({ ...one, fields: minus(one.fields, union(changed, difference.removed)) }))
  const fields = minus(union(mine?.fields ?? new Map(), changed), difference.removed)
  const now: Owner = { ...manager, apiVersion: resource.apiVersion, ...(mine?.time && { time: mine.time }), fields }
  return [...others, now].filter((one) => one.fields.size > 0)
}

const sameManager = (a: Manager, b: Manager) =>
  a.manager === b.manager && a.operation === b.operation && (a.subresource ?? '') === (b.subresource ?? '')

const ownersOf = (thing: Thing | undefined): Owner[] =>
  (thing?.metadata.managedFields ?? []).flatMap((entry) =>
    entry.manager === undefined
      ? []
      : [
          {
            manager: entry.manager,
            operation: entry.operation === 'Apply' ? 'Apply' : 'Update',
            apiVersion: entry.apiVersion ?? '',
            ...(entry.time && { time: entry.time }),
            ...(entry.subresource && { subresource: entry.subresource }),
            fields: decode(entry.fieldsV1),
          },
        ],
  )

/** As metadata keeps them, in its order; the time moves only for who owns other fields than before. */
export function managedFields(owners: readonly Owner[], live: Thing | undefined, now: string): ManagedFields[] {
  const before = ownersOf(live)
  const entries = owners.map(({ manager, operation, apiVersion, subresource, fields, time }) => {
    const was = before.find((one) => sameManager(one, { manager, operation, ...(subresource && { subresource }) }))
    const unmoved = was && sameFields(was.fields, fields)
    return {
      manager,
      operation,
      apiVersion,
      ...(unmoved ? time && { time } : { time: now }),
      fieldsType: 'FieldsV1',
      fieldsV1: encode(fields),
      ...(subresource && { subresource }),
    }
  })
  // Whoever wrote last: or the same written once more would be another object.
  return entries.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1))
}

const rank = ({ operation, time = '', manager, apiVersion, subresource = '' }: ManagedFields) =>
  [operation, time, manager, apiVersion, subresource].join('\n')

function conflictOf(conflicts: readonly { owner: Owner; fields: Fields }[]): Refusal {
  const causes = conflicts.flatMap(({ owner, fields }) =>
    topmost(fields).map((path) => ({
      reason: 'FieldManagerConflict',
      message: `conflict with ${nameOf(owner)}`,
      field: spoken(path),
    })),
  )
  const [only] = causes
  const groups = Object.entries(Object.groupBy(causes, ({ message }) => message)).toSorted(([a], [b]) =>
    a < b ? -1 : 1,
  )
  const said =
    causes.length === 1 && only
      ? [`${only.message}: ${only.field}`]
      : groups.map(([message, some = []]) => {
          const fields = some.map(({ field }) => `- ${field}`)
          return [`${message.replace('conflict', 'conflicts')}:`, ...fields].join('\n')
        })
  const count = `${causes.length} conflict${causes.length === 1 ? '' : 's'}`
  return new Refusal(409, 'Conflict', `Apply failed with ${count}: ${said.join('\n')}`, { causes })
}

const topmost = (fields: Fields): Path[] =>
  [...fields.values()].filter((path) => !path.some((_, index) => index > 0 && has(fields, path.slice(0, index))))

function nameOf({ manager, operation, apiVersion, subresource }: Owner): string {
  const under = subresource ? ` with subresource "${subresource}"` : ''
  return `"${manager}"${under}${operation === 'Update' ? ` using ${apiVersion}` : ''}`
}
