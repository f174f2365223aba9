import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseAllDocuments } from 'yaml'
import * as kinds from '../core/kinds.ts'
import type { Kind, Obj } from '../core/object.ts'
import type { Cluster } from '../edge/cluster.ts'
import { asApplied } from './apiserver/last-applied.ts'

const root = join(import.meta.dirname, '../..')

/** The objects in a YAML file of this repository, or anywhere else. */
export const documentsIn = (path: string): Obj[] =>
  parseAllDocuments(readFileSync(resolve(root, path), 'utf8'))
    .map((document) => document.toJS() as Obj | null)
    .filter((object) => object !== null)

const rbac = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', plural: 'rolebindings' }
const known: readonly Kind[] = [...Object.values(kinds), rbac]

/** Makes the object so, in `namespace` where it names none. */
export async function put(cluster: Cluster, object: Obj, namespace?: string): Promise<void> {
  const kind = known.find((one) => one.apiVersion === object.apiVersion && one.kind === object.kind)
  if (!kind) throw new Error(`local mode knows no ${object.kind} of ${object.apiVersion}`)
  await cluster.apply(kind, namespace === undefined ? object : inNamespace(object, namespace), 'linebot-local')
}

/** As a person does with `kubectl apply`, who may go on from there with a file of their own. */
export const seed = (cluster: Cluster, object: Obj, namespace: string): Promise<void> =>
  put(cluster, asApplied(inNamespace(object, namespace)))

const inNamespace = (object: Obj, namespace: string): Obj => ({
  ...object,
  metadata: { namespace, ...object.metadata },
})
