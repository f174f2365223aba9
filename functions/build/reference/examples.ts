import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { kindNames, schemaFor } from '../../core/schema/crd.ts'
import type { Structural } from '../../core/schema/structural.ts'
import { isObject } from '../../core/shape.ts'
import { partOf } from './parts.ts'

const directory = join(import.meta.dirname, '../../../docs/reference/examples')

/** The first value that the examples, `docs/reference/examples/*.yaml`, have for each field, by the field's key. */
export function exampleValues(): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>()
  for (const name of globSync('*.yaml', { cwd: directory }).toSorted()) {
    for (const document of parseAllDocuments(readFileSync(join(directory, name), 'utf8'), { version: '1.1' })) {
      const value: unknown = document.toJS()
      const kind = kindNames.find((known) => isObject(value) && value.kind === known)
      if (kind) collect(value, schemaFor(kind), kind, found)
    }
  }
  return found
}

function collect(value: unknown, schema: Structural, key: string, found: Map<string, unknown>): void {
  const { items, properties = {}, additionalProperties } = schema
  if (Array.isArray(value) && items) {
    for (const one of value) collect(one, items, `${key}[]`, found)
  } else if (isObject(value)) {
    const here = schema.properties ? (partOf(schema)?.name ?? key) : key
    for (const [name, one] of Object.entries(value)) {
      const known = Object.hasOwn(properties, name) ? properties[name] : undefined
      if (known && !found.has(`${here}.${name}`)) found.set(`${here}.${name}`, one)
      if (known) collect(one, known, `${here}.${name}`, found)
      else if (additionalProperties) collect(one, additionalProperties, `${key}.NAME`, found)
    }
  }
}
