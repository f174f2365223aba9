import { randomBytes } from 'node:crypto'
import http from 'node:http'
import { isObject } from '../../core/shape.ts'
import { userOf } from './access.ts'
import { collect } from './collect.ts'
import { refuseStrangers } from './doors.ts'
import { Refusal } from './refusal.ts'
import { resources } from './resources.ts'
import { shipped } from './seed.ts'
import { refuse, serve } from './serve.ts'
import { type Objects, objectsOf, Store } from './store.ts'
import { textAt } from './thing.ts'
import { create } from './write.ts'

export interface ApiServerSettings {
  /** 0: any that is free. */
  readonly port: number
  readonly host?: string
  /** By which it may be called, beside those of loopback. */
  readonly names?: readonly string[]
  /** What is there from the start, in this order; else what config/ ships. */
  readonly objects?: readonly object[]
}

export interface ApiServer {
  readonly url: string
  readonly objects: Objects
  /** What the ServiceAccount of this name in our own namespace shows; a request that shows nothing is the administrator's. */
  tokenFor(account: string): string
  close(): Promise<void>
}

/** An API server in memory, for our kinds and what our functions and kubectl do with them. Rejects when the port is taken. */
export async function startApiServer({
  port,
  host = '127.0.0.1',
  names = [],
  objects = shipped(),
}: ApiServerSettings): Promise<ApiServer> {
  const store = new Store()
  const stop = collect(store)
  for (const object of objects) put(store, object)
  const tokens = new Map<string, string>()
  const server = http.createServer(async (request, response) => {
    try {
      refuseStrangers(request, names)
      await serve(store, userIn(tokens, request.headers.authorization), request, response)
    } catch (error) {
      refuse(response, error)
    }
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const address = server.address()
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${isObject(address) ? address['port'] : port}`,
    objects: objectsOf(store),
    tokenFor(account) {
      const token = randomBytes(24).toString('base64url')
      tokens.set(token, userOf(account))
      return token
    },
    async close() {
      stop()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function userIn(tokens: ReadonlyMap<string, string>, authorization: string | undefined): string | undefined {
  const token = authorization?.replace(/^Bearer\s*/i, '')
  if (!token) return undefined
  const user = tokens.get(token)
  if (user === undefined) throw new Refusal(401, 'Unauthorized', 'Unauthorized')
  return user
}

function put(store: Store, object: object): void {
  const [apiVersion, kind] = [textAt(object, 'apiVersion'), textAt(object, 'kind')]
  const resource = resources.find((one) => one.apiVersion === apiVersion && one.kind === kind)
  if (!resource) throw new Error(`${kind} of ${apiVersion} is not served`)
  const namespace = textAt(object, 'metadata', 'namespace')
  const query = new URLSearchParams({ fieldManager: 'linebot' })
  create(store, { resource, query, userAgent: 'linebot', ...(namespace !== undefined && { namespace }) }, object)
}
