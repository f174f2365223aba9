import type { Structural } from '../../core/schema/structural.ts'
import { type Resource, resources } from './resources.ts'

const made = new Map<string, object>()

/** One group's OpenAPI v3: schemas for `kubectl explain`, and patches that know dry runs and field validation. */
export function openApiOf(apiVersion: string): object | undefined {
  const found = resources.filter((one) => one.apiVersion === apiVersion)
  if (found.length === 0) return undefined
  const document = made.get(apiVersion) ?? make(found)
  made.set(apiVersion, document)
  return document
}

const make = (found: readonly Resource[]): object => ({
  openapi: '3.0.0',
  info: { title: 'linebot', version: 'v1' },
  paths: Object.fromEntries(found.map(pathOf)),
  components: { schemas: Object.fromEntries(found.map((one) => [schemaName(one), withKind(one)])) },
})

const schemaName = ({ group, version, kind }: Resource) =>
  `${(group || 'core.api.k8s.io').split('.').toReversed().join('.')}.${version}.${kind}`

const kindsOf = ({ group, version, kind }: Resource) => ({ group, version, kind })

const withKind = (resource: Resource) => ({
  ...(resource.schema ? withMetadata(resource.schema) : { type: 'object' }),
  'x-kubernetes-group-version-kind': [kindsOf(resource)],
})

const withMetadata = (schema: Structural): Structural => ({
  ...schema,
  properties: {
    ...schema.properties,
    metadata: { description: 'Standard object’s metadata.', type: 'object' },
  },
})

function pathOf(resource: Resource): [string, object] {
  const { apiVersion, plural, clusterScoped } = resource
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
  const parameters = ['dryRun', 'fieldManager', 'fieldValidation', 'force'].map((name) => ({
    name,
    in: 'query',
    schema: { type: name === 'force' ? 'boolean' : 'string', uniqueItems: true },
  }))
  return [
    `${root}/${clusterScoped ? '' : 'namespaces/{namespace}/'}${plural}/{name}`,
    {
      patch: {
        parameters,
        responses: { 200: { description: 'OK' } },
        'x-kubernetes-action': 'patch',
        'x-kubernetes-group-version-kind': kindsOf(resource),
      },
    },
  ]
}
