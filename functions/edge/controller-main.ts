import { getRequestListener } from '@hono/node-server'
import { makeMetrics } from '../core/metrics.ts'
import { type Cluster, clusterFromEnv } from './cluster.ts'
import { type Controller, controllerApp } from './controller.ts'
import { ringFor } from './doorbell.ts'
import { fromEnv } from './env.ts'
import { type Log, logLevels, makeLog } from './log.ts'
import { serveMetrics } from './metrics.ts'
import { serve } from './serve.ts'

/** What a controller is made of: the cluster it is in, its log, and the process's environment for the rest. */
export interface ControllerWorld {
  readonly cluster: Cluster
  readonly log: Log
  readonly env: NodeJS.ProcessEnv
}

/** Runs a controller as a process: environment → edges → HTTP. Ends the process with 1 and one line when it cannot. */
export function runController(name: string, make: (world: ControllerWorld) => Controller): void {
  start(name, make, process.env).catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`)
    process.exit(1)
  })
}

async function start(
  name: string,
  make: (world: ControllerWorld) => Controller,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const settings = fromEnv(env, (read) => ({
    port: read.port('PORT', 8080),
    metricsPort: read.port('LINEBOT_METRICS_PORT', 9464),
    // A SinkBinding sets it: the Broker that carries changes.
    sink: read.optional('K_SINK'),
    logLevel: read.oneOf('LINEBOT_LOG_LEVEL', logLevels, 'Info'),
  }))
  const log = makeLog(settings.logLevel, { function: name })
  const metrics = makeMetrics()
  const reconciles = metrics.counter('reconcile_total', 'Runs of one key, by how they ended.')
  const found = metrics.counter('sweep_found_total', 'Objects that only a sweep found unsettled.')
  const app = controllerApp(make({ cluster: clusterFromEnv(env), log, env }), {
    log,
    ring: async (change) => {
      // Knative binds the sink a moment after it has made the first Revision; the second one has it.
      if (!settings.sink) throw new Error('K_SINK is missing until the SinkBinding is Ready')
      await ringFor(change, `/linebot/${name}`, settings.sink)
    },
    count: { reconcile: (result) => reconciles.add({ result }), found: (sweep, by) => found.add({ sweep }, by) },
  })
  await serveMetrics(metrics, settings.metricsPort)
  await serve(getRequestListener(app.fetch), { port: settings.port })
  log.info('listening', { port: settings.port })
}
