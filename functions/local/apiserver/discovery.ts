import { createHash } from 'node:crypto'
import { openApiOf } from './openapi.ts'
import { type Resource, resources } from './resources.ts'

/** What is served at paths that name no object: discovery, OpenAPI, version and health. Undefined = no such path. */
export function discover(path: string): object | string | undefined {
  if (['/readyz', '/livez', '/healthz'].includes(path)) return 'ok'
  if (path === '/version') return version
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] }
  if (path === '/apis') return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups().map(groupOf) }
  if (path === '/openapi/v3') return openApiIndex()
  const [, root, ...rest] = path.split('/')
  if (root === 'openapi' && rest[0] === 'v3') return openApiOf(pathsOf(rest.slice(1)))
  if (root === 'apis' && rest.length === 1)
    return groups()
      .filter((group) => group === rest[0])
      .map(groupOf)[0]
  return resourceList(pathsOf([root ?? '', ...rest]))
}

const version = {
  major: '1',
  minor: '35',
  gitVersion: 'v1.35.0+linebot',
  gitCommit: '',
  gitTreeState: '',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: '',
  platform: '',
}

/** `['apis', 'linebot.dev', 'v1alpha1']` → `linebot.dev/v1alpha1`. */
const pathsOf = ([root, ...rest]: readonly string[]): string =>
  (root === 'api' && rest.length === 1) || (root === 'apis' && rest.length === 2) ? rest.join('/') : ''

const groups = () => [...new Set(resources.map(({ group }) => group))].filter((group) => group !== '')

function groupOf(name: string): object {
  const versions = [...new Set(resources.filter(({ group }) => group === name).map((one) => one.apiVersion))].map(
    (groupVersion) => ({ groupVersion, version: groupVersion.split('/')[1] }),
  )
  return { kind: 'APIGroup', apiVersion: 'v1', name, versions, preferredVersion: versions[0] }
}

function resourceList(groupVersion: string): object | undefined {
  const found = resources.filter(({ apiVersion }) => apiVersion === groupVersion)
  if (found.length === 0) return undefined
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: found.flatMap(entriesOf) }
}

function entriesOf({
  plural,
  singular,
  kind,
  clusterScoped,
  shortNames,
  categories,
  status,
  scale,
}: Resource): object[] {
  const base = { singularName: '', namespaced: !clusterScoped, kind }
  return [
    {
      ...base,
      name: plural,
      singularName: singular,
      verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
      ...(shortNames.length > 0 && { shortNames }),
      ...(categories.length > 0 && { categories }),
    },
    ...(status ? [{ ...base, name: `${plural}/status`, verbs: ['get', 'patch', 'update'] }] : []),
    ...(scale
      ? [
          {
            ...base,
            name: `${plural}/scale`,
            kind: 'Scale',
            group: 'autoscaling',
            version: 'v1',
            verbs: ['get', 'patch', 'update'],
          },
        ]
      : []),
  ]
}

/** kubectl keeps what it reads under the hash in the address. */
function openApiIndex(): object {
  const versions = [...new Set(resources.map(({ apiVersion }) => apiVersion))]
  const entries = versions.map((apiVersion) => {
    const path = `${apiVersion.includes('/') ? 'apis' : 'api'}/${apiVersion}`
    const hash = createHash('sha256')
      .update(JSON.stringify(openApiOf(apiVersion)))
      .digest('hex')
    return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash.toUpperCase()}` }]
  })
  return { paths: Object.fromEntries(entries) }
}
