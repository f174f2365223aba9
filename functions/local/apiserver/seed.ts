import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { isObject } from '../../core/shape.ts'

const config = join(import.meta.dirname, '../../../config')

/** What every cluster has before linebot comes, and what config/ brings to it: namespaces, accounts and their Roles. */
export const shipped = (): object[] => [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } },
  ...globSync('{100,300,310}-*.yaml', { cwd: config })
    .toSorted()
    .flatMap((file) => parseAllDocuments(readFileSync(join(config, file), 'utf8')))
    .map((document) => document.toJS())
    .filter(isObject),
]
