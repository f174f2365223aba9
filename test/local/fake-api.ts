import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { isDeepStrictEqual } from 'node:util'
import type { Kind, Obj } from '../../functions/core/object.ts'
import { type Cluster, connect } from '../../functions/edge/cluster.ts'
import type { Objects } from '../../functions/local/apiserver/store.ts'

type Json = { [name: string]: unknown }
type Stored = Obj & Json

export interface FakeApi {
  readonly url: string
  readonly objects: Objects
  readonly cluster: Cluster
  close(): Promise<void>
}

/** As much of an API server as its neighbours need: apply, get, list, delete, owners; without fields' managers or checks. */
export async function startFakeApi(): Promise<FakeApi> {
  const stored = new Map<string, Stored>()
  const listeners = new Set<Parameters<Objects['onChange']>[0]>()
  let version = 0
  const put = (key: string, object: Stored) => {
    const verb = stored.has(key) ? 'update' : 'add'
    version += 1
    stored.set(key, { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } })
    for (const tell of listeners) tell({ verb, object: stored.get(key) ?? object })
  }
  const remove = (key: string) => {
    const object = stored.get(key)
    if (!object) return
    stored.delete(key)
    for (const tell of listeners) tell({ verb: 'delete', object })
    const owned = [...stored].filter(([, { metadata }]) =>
      metadata.ownerReferences?.some(({ uid }) => uid === object.metadata.uid),
    )
    for (const [one] of owned) remove(one)
  }
  const apply = (key: string, status: boolean, sent: Stored) => {
    const before = stored.get(key)
    const fresh = { uid: randomUUID(), generation: 1, creationTimestamp: new Date().toISOString() }
    const base = before ?? { ...sent, metadata: { ...sent.metadata, ...fresh } }
    const next: Stored = status
      ? { ...base, status: sent.status }
      : { ...base, ...sent, metadata: { ...base.metadata, ...sent.metadata } }
    const changed = before && !isDeepStrictEqual(before.spec, next.spec)
    const generation = (before?.metadata.generation ?? 1) + (changed ? 1 : 0)
    const whole = { ...next, metadata: { ...next.metadata, generation } }
    if (!isDeepStrictEqual(before, whole)) put(key, whole)
    return stored.get(key)
  }

  const answer = (method: string, path: string, body: string): unknown => {
    const status = path.endsWith('/status')
    const key = status ? path.slice(0, -'/status'.length) : path
    // Sent by our own clients.
    if (method === 'PATCH') return apply(key, status, JSON.parse(body) as Stored)
    if (method === 'DELETE') return remove(key) ?? { kind: 'Status' }
    if (stored.has(key)) return stored.get(key)
    const items = [...stored].filter(([one]) => one.startsWith(`${key}/`)).map(([, object]) => object)
    return key.endsWith('s') ? { items } : undefined
  }
  const server = http.createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString()
    const found = answer(request.method ?? '', (request.url ?? '').split('?')[0] ?? '', body)
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(found ?? {}))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // Listens on TCP, so it has a port.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const objects: Objects = {
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    get: (ref) => stored.get(pathOf(ref, ref.namespace, ref.name)),
    list: (kind, namespace) => [...stored.values()].filter((one) => isOf(one, kind, namespace)),
  }
  return {
    url,
    objects,
    cluster: connect({ server: url, token: () => '' }),
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const isOf = ({ apiVersion, kind, metadata }: Obj, wanted: Kind, namespace?: string) =>
  apiVersion === wanted.apiVersion &&
  kind === wanted.kind &&
  (namespace === undefined || metadata.namespace === namespace)

function pathOf(kind: Kind, namespace: string | undefined, name: string): string {
  const root = kind.apiVersion.includes('/') ? `/apis/${kind.apiVersion}` : `/api/${kind.apiVersion}`
  return `${root}${namespace && !kind.clusterScoped ? `/namespaces/${namespace}` : ''}/${kind.plural}/${name}`
}
