import { once } from 'node:events'
import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { makePlatform, type Platform, type PlatformOptions } from './app.ts'

export interface LineOptions extends PlatformOptions {
  /** 0 = any free one. */
  readonly port?: number | undefined
  /** `0.0.0.0` where pods of a real cluster are to reach it. */
  readonly host?: string | undefined
}

export interface Line {
  readonly url: string
  readonly platform: Platform
  close(): Promise<void>
}

/** Starts the platform in this process. Throws when the port is taken. */
export const startLine = async ({ port = 0, host = '127.0.0.1', ...options }: LineOptions): Promise<Line> => {
  const platform = makePlatform(options)
  const server = createServer(getRequestListener(platform.app.fetch, { overrideGlobalObjects: false }))
  // Longer than clients keep their connections, so that none is cut under a call.
  server.keepAliveTimeout = 65_000
  server.listen(port, host)
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening on TCP')
  return {
    url: `http://${host}:${address.port}`,
    platform,
    close: async () => {
      platform.close()
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
