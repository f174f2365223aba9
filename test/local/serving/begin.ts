import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KnativeService, Namespace } from '../../../functions/core/kinds.ts'
import type { Obj } from '../../../functions/core/object.ts'
import { type Cluster, connect } from '../../../functions/edge/cluster.ts'
import { type ApiServer, startApiServer } from '../../../functions/local/apiserver/start.ts'
import { makeResolve } from '../../../functions/local/broker/destination.ts'
import { type Serving, type ServingOptions, startServing } from '../../../functions/local/serving/start.ts'

export interface Begun {
  readonly api: ApiServer
  readonly cluster: Cluster
  readonly serving: Serving
  readonly directory: string
  end(): Promise<void>
}

/** Serving over an API server with the namespaces `demo` and linebot's own. */
export async function begin(options: Partial<ServingOptions> = {}): Promise<Begun> {
  const api = await startApiServer({ port: 0, objects: [] })
  const cluster = connect({ server: api.url, token: () => '' })
  for (const name of ['demo', 'linebot-system'])
    await cluster.apply(Namespace, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, 'test')
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'linebot-serving-'))
  const serving = await startServing({
    objects: api.objects,
    cluster,
    resolve: makeResolve(api.objects, () => 'http://127.0.0.1:1'),
    bindings: [],
    directory,
    functions: directory,
    apiServer: api.url,
    tokenFor: (account) => `token of ${account}`,
    ...options,
  }).catch(async (error: unknown) => {
    await api.close()
    rmSync(directory, { recursive: true, force: true })
    throw error
  })
  const end = async () => {
    await serving.close()
    await api.close()
    rmSync(directory, { recursive: true, force: true })
  }
  return { api, cluster, serving, directory, end }
}

/** Answers with its environment, and where it listens. */
export const echo = `const server = require('node:http').createServer((request, response) =>
  response.end(JSON.stringify({ env: process.env, address: server.address().address }))).listen(process.env.PORT)
process.on('SIGTERM', () => process.exit(0))`

export const serviceOf = (
  name: string,
  { program = echo, namespace = 'demo', spec = {}, container = {}, annotations = {} } = {},
): Obj & { spec: unknown } => ({
  apiVersion: KnativeService.apiVersion,
  kind: KnativeService.kind,
  metadata: { name, namespace },
  spec: {
    template: {
      metadata: { annotations },
      spec: { containers: [{ command: ['/nodejs/bin/node', '-e', program], ...container }], ...spec },
    },
  },
})
