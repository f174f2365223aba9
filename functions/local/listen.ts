import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'
import { portOf } from '../edge/serve.ts'

export interface Listening {
  readonly url: string
  close(): Promise<void>
}

/** Serves an app on loopback. Rejects when the port is taken. */
export const listen = (app: Hono, port: number): Promise<Listening> =>
  onLoopback(createServer(getRequestListener(app.fetch, { overrideGlobalObjects: false })), port)

/** The same for what is no app. */
export async function onLoopback(server: Server, port: number): Promise<Listening> {
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
