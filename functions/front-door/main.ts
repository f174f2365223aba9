import type { Server } from 'node:http'
import { Bot, Secret } from '../core/kinds.ts'
import { makeMetrics } from '../core/metrics.ts'
import type { Bot as BotObject } from '../core/resources/bot.ts'
import { type Cluster, clusterFromEnv } from '../edge/cluster.ts'
import { makeLog } from '../edge/log.ts'
import { serveMetrics } from '../edge/metrics.ts'
import { serve } from '../edge/serve.ts'
import { makeApp } from './app.ts'
import type { Read, SecretObject } from './bots.ts'
import { limits } from './limits.ts'
import { countsIn } from './metrics.ts'
import { settingsFrom } from './settings.ts'

async function main(env: NodeJS.ProcessEnv): Promise<void> {
  const { port, metricsPort, sink, logLevel } = settingsFrom(env)
  const log = makeLog(logLevel, { function: 'front-door' })
  const metrics = makeMetrics()
  const read = readFrom(clusterFromEnv(env))
  const app = makeApp({ sink, read, log, counts: countsIn(metrics), limits, now: Date.now })
  const metricsServer = await serveMetrics(metrics, metricsPort)
  const server = await serve(app.listener, { port, onStop: app.drain })
  // A body has 10 s of its own; this bounds the head, and bodies that nobody reads.
  server.requestTimeout = 30_000
  log.info('listening', { port: portOf(server), metricsPort: portOf(metricsServer), sink: sink.href })
}

/** The one that was free, where 0 was asked for. */
function portOf(server: Server): number | undefined {
  const address = server.address()
  return typeof address === 'object' ? address?.port : undefined
}

const readFrom = (cluster: Cluster): Read => ({
  bot: (namespace, name) => cluster.get<BotObject>({ ...Bot, namespace, name }),
  secret: (namespace, name) => cluster.get<SecretObject>({ ...Secret, namespace, name }),
})

main(process.env).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`)
  process.exit(1)
})
