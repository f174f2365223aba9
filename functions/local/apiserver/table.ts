import { isObject } from '../../core/shape.ts'
import type { Column, Resource } from './resources.ts'
import { at, type Thing } from './thing.ts'

const nameColumn: Column = { name: 'Name', type: 'string', jsonPath: '.metadata.name', description: 'Its name.' }

/** What kubectl prints: the server says the columns. */
export const tableOf = (resource: Resource, things: readonly Thing[], metadata: object, now: number): object => ({
  kind: 'Table',
  apiVersion: 'meta.k8s.io/v1',
  metadata,
  columnDefinitions: columnsOf(resource).map(({ name, type, description, wide }) => ({
    name,
    type,
    format: name === 'Name' ? 'name' : '',
    description: description ?? '',
    priority: wide ? 1 : 0,
  })),
  rows: things.map((thing) => ({
    cells: columnsOf(resource).map((column) => cell(column, thing, now)),
    object: metadataOf(thing),
  })),
})

/** Kubernetes' own Events have nothing to say by their names. */
const columnsOf = ({ columns, group, kind }: Resource) =>
  group === '' && kind === 'Event' ? columns : [nameColumn, ...columns]

export const metadataOf = ({ metadata }: Thing): object => ({
  kind: 'PartialObjectMetadata',
  apiVersion: 'meta.k8s.io/v1',
  metadata,
})

function cell({ type, jsonPath }: Column, thing: Thing, now: number): unknown {
  const value = find(thing, jsonPath) ?? (jsonPath === '.lastTimestamp' ? thing['eventTime'] : undefined)
  if (value === undefined || value === null)
    return jsonPath === '.data' ? 0 : type === 'date' && jsonPath === '.lastTimestamp' ? '<unknown>' : null
  if (jsonPath === '.data') return isObject(value) ? Object.keys(value).length : 0
  if (jsonPath === '.involvedObject') return `${String(at(value, 'kind')).toLowerCase()}/${at(value, 'name')}`
  if (type === 'date') return duration(now - Date.parse(String(value)))
  return isObject(value) || Array.isArray(value) ? JSON.stringify(value) : value
}

/** The little of JSONPath that printer columns use: `.a.b`, `['c']`, `[?(@.type=="Ready")]`. */
function find(value: unknown, jsonPath: string): unknown {
  const steps = jsonPath.matchAll(/\.([\w-]+)|\['([^']+)'\]|\[\?\(@\.(\w+)=="([^"]+)"\)\]/g)
  return [...steps].reduce<unknown>((from, [, plain, quoted, key, wanted]) => {
    if (key === undefined) return at(from, plain ?? quoted ?? '')
    return Array.isArray(from) ? from.find((one) => at(one, key) === wanted) : undefined
  }, value)
}

/** As kubectl shows ages: `5s`, `2m3s`, `3h4m`, `5d`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  const days = Math.floor(hours / 24)
  const with0 = (rest: number, unit: string) => (rest === 0 ? '' : `${rest}${unit}`)
  if (seconds < 120) return `${seconds}s`
  if (minutes < 10) return `${minutes}m${with0(seconds % 60, 's')}`
  if (minutes < 180) return `${minutes}m`
  if (hours < 8) return `${hours}h${with0(minutes % 60, 'm')}`
  if (hours < 48) return `${hours}h`
  return days < 8 ? `${days}d${with0(hours % 24, 'h')}` : `${days}d`
}
