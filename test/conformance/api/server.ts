import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Account, tenantBindings } from '../../../functions/core/access.ts'
import { type Cluster, connect } from '../../../functions/edge/cluster.ts'
import { startApiServer } from '../../../functions/local/apiserver/start.ts'

/** A real API server with linebot installed where LINEBOT_CONFORMANCE=cluster and KUBECONFIG say so; else the stand-in. */
export const isReal = process.env['LINEBOT_CONFORMANCE'] === 'cluster'

export interface Answer {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  // What is in it, the test says.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any
}

export interface Options {
  readonly body?: unknown
  readonly type?: string
  readonly accept?: string
  /** One of our ServiceAccounts; else the administrator. */
  readonly as?: Account
  readonly headers?: Readonly<Record<string, string>>
}

export interface WatchEvent {
  readonly type: string
  // As above.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly object: any
}

export interface Server {
  send(method: string, path: string, options?: Options): Promise<Answer>
  /** Gives the events until the reader stops. */
  watch(path: string, accept?: string): AsyncGenerator<WatchEvent>
  /** A new namespace of its own; deleted when the server is closed. */
  namespace(): Promise<string>
  /** In a namespace that binds our Roles. */
  tenant(): Promise<string>
  readonly cluster: Cluster
  readonly kubeconfig: string
  close(): Promise<void>
}

interface Door {
  readonly server: string
  readonly options: https.RequestOptions
  readonly cluster: Cluster
  headersFor(account: Account): Record<string, string>
  readonly kubeconfig: string
  close(): Promise<void>
}

export async function openServer(): Promise<Server> {
  const door = isReal ? await realDoor() : await standInDoor()
  const transport = door.server.startsWith('https:') ? https : http
  const made: string[] = []
  const open = (method: string, path: string, { body, type, accept, as, headers }: Options) =>
    new Promise<http.IncomingMessage>((resolve, reject) => {
      const bytes = body === undefined ? undefined : Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body))
      const request = transport.request(
        new URL(path, door.server),
        {
          ...door.options,
          method,
          headers: {
            'user-agent': 'conformance/1',
            accept: accept ?? 'application/json',
            ...door.options.headers,
            ...(bytes && { 'content-type': type ?? 'application/json', 'content-length': bytes.length }),
            ...(as && door.headersFor(as)),
            ...headers,
          },
        },
        resolve,
      )
      request.on('error', reject)
      request.end(bytes)
    })

  const send = async (method: string, path: string, options: Options = {}): Promise<Answer> => {
    const response = await open(method, path, options)
    const parts: Buffer[] = []
    for await (const part of response) parts.push(part)
    const text = Buffer.concat(parts).toString()
    const isJson = response.headers['content-type']?.includes('json')
    return { status: response.statusCode ?? 0, headers: response.headers, body: isJson ? JSON.parse(text) : text }
  }

  const namespace = async () => {
    const name = `conf-${randomBytes(4).toString('hex')}`
    await send('POST', '/api/v1/namespaces', { body: { metadata: { name } } })
    made.push(name)
    return name
  }

  return {
    send,
    async *watch(path, accept) {
      const response = await open('GET', path, accept === undefined ? {} : { accept })
      try {
        // A line is one watch event.
        for await (const line of createInterface(response)) yield JSON.parse(line)
      } finally {
        response.destroy()
      }
    },
    namespace,
    async tenant() {
      const name = await namespace()
      for (const body of tenantBindings(name)) {
        await send('POST', `/apis/rbac.authorization.k8s.io/v1/namespaces/${name}/rolebindings`, { body })
      }
      return name
    },
    cluster: door.cluster,
    kubeconfig: door.kubeconfig,
    async close() {
      await Promise.all(made.map((name) => send('DELETE', `/api/v1/namespaces/${name}`)))
      await door.close()
    },
  }
}

async function realDoor(): Promise<Door> {
  // Half a second that only this door needs.
  const { KubeConfig } = await import('@kubernetes/client-node')
  const config = new KubeConfig()
  config.loadFromDefault()
  const server = config.getCurrentCluster()?.server ?? ''
  const options: https.RequestOptions = { agent: new https.Agent({ keepAlive: true }) }
  await config.applyToHTTPSOptions(options)
  const user = config.getCurrentUser()
  const { caData, caFile } = config.getCurrentCluster() ?? {}
  const ca = caData ? Buffer.from(caData, 'base64') : caFile ? readFileSync(caFile) : undefined
  return {
    server,
    options,
    cluster: connect({ server, token: () => user?.token ?? '', ...(ca && { ca }) }),
    headersFor: (account) => ({ 'impersonate-user': `system:serviceaccount:linebot-system:${account}` }),
    kubeconfig: process.env['KUBECONFIG'] ?? '',
    close: async () => undefined,
  }
}

async function standInDoor(): Promise<Door> {
  const api = await startApiServer({ port: 0 })
  const folder = mkdtempSync(join(tmpdir(), 'linebot-conformance-'))
  const kubeconfig = join(folder, 'kubeconfig')
  writeFileSync(kubeconfig, JSON.stringify(kubeconfigFor(api.url)))
  return {
    server: api.url,
    options: { agent: new http.Agent({ keepAlive: true }) },
    cluster: connect({ server: api.url, token: () => '' }),
    headersFor: (account) => ({ authorization: `Bearer ${api.tokenFor(account)}` }),
    kubeconfig,
    async close() {
      await api.close()
      rmSync(folder, { recursive: true })
    },
  }
}

const kubeconfigFor = (server: string) => ({
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': 'local',
  // client-node speaks plain HTTP only where it may skip what HTTP does not have.
  clusters: [{ name: 'local', cluster: { server, 'insecure-skip-tls-verify': true } }],
  users: [{ name: 'local', user: {} }],
  contexts: [{ name: 'local', context: { cluster: 'local', user: 'local', namespace: 'default' } }],
})
