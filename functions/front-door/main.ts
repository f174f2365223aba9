import '../edge/hear-signals.ts'
import { Bot, Secret } from '../core/kinds.ts'
import { makeMetrics } from '../core/metrics.ts'
import type { Bot as BotObject } from '../core/resources/bot.ts'
import type { SecretObject } from '../core/secret.ts'
import { type Cluster, clusterFromEnv } from '../edge/cluster.ts'
import { makeLog } from '../edge/log.ts'
import { serveMetrics } from '../edge/metrics.ts'
import { portOf, serve } from '../edge/serve.ts'
import { makeApp } from './app.ts'
import type { Read } from './bots.ts'
import { limits } from './limits.ts'
import { countsIn } from './metrics.ts'
import { makePeers } from './peers.ts'
import { metricsDoor } from './pushed.ts'
import { serveCopies } from './serve-copies.ts'
import { settingsFrom } from './settings.ts'

async function main(env: NodeJS.ProcessEnv): Promise<void> {
  const { port, metricsPort, sink, peers: peersAt, keepPort, logLevel } = settingsFrom(env)
  const log = makeLog(logLevel, { function: 'front-door' })
  const metrics = makeMetrics()
  const read = readFrom(clusterFromEnv(env))
  const peers = peersAt ? makePeers(peersAt, { refreshMs: limits.peersMs, now: Date.now }) : async () => []
  const app = makeApp({ sink, peers, read, log, counts: countsIn(metrics), limits, now: Date.now })
  if (peersAt) await serveCopies(app.keep, keepPort)
  const metricsServer = await serveMetrics(metricsDoor(metrics, Date.now), metricsPort)
  const server = await serve(app.listener, { port, onStop: app.drain })
  // A body has 10 s of its own; this bounds the head, and bodies that nobody reads.
  server.requestTimeout = 30_000
  // Knative binds the sink a moment after it has made the first Revision; the second one has it.
  if (!sink) log.warn('K_SINK is missing: webhooks get 503 until the SinkBinding front-door is Ready')
  log.info('listening', { port: portOf(server), metricsPort: portOf(metricsServer), sink: sink?.href })
}

const readFrom = (cluster: Cluster): Read => ({
  bot: (namespace, name) => cluster.get<BotObject>({ ...Bot, namespace, name }),
  secret: (namespace, name) => cluster.get<SecretObject>({ ...Secret, namespace, name }),
})

main(process.env).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`)
  process.exit(1)
})
