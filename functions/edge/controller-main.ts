import { getRequestListener } from '@hono/node-server'
import { type Metrics, makeMetrics } from '../core/metrics.ts'
import { type Cluster, clusterFromEnv } from './cluster.ts'
import { type Controller, type ControllerOptions, controllerApp } from './controller.ts'
import { ringFor } from './doorbell.ts'
import { fromEnv } from './env.ts'
import { type Log, logLevels, makeLog } from './log.ts'
import { makePusher } from './push.ts'
import { serve } from './serve.ts'

/** What a controller is made of: the cluster it is in, its log, and the process's environment for the rest. */
export interface ControllerWorld {
  readonly cluster: Cluster
  readonly log: Log
  readonly metrics: Metrics
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
    // Where what was counted is pushed to; absent = nowhere.
    metrics: read.optionalUrl('LINEBOT_METRICS'),
    // A SinkBinding sets it: the Broker that carries changes.
    sink: read.optionalUrl('K_SINK'),
    logLevel: read.oneOf('LINEBOT_LOG_LEVEL', logLevels, 'Info'),
  }))
  const log = makeLog(settings.logLevel, { function: name })
  const metrics = makeMetrics({ controller: name })
  const pusher = makePusher(metrics.series, { url: settings.metrics, log })
  const app = controllerApp(make({ cluster: clusterFromEnv(env), log, metrics, env }), {
    log,
    ring: async (change) => {
      // Knative binds the sink a moment after it has made the first Revision; the second one has it.
      if (!settings.sink) throw new Error('K_SINK is missing until the SinkBinding is Ready')
      await ringFor(change, `/linebot/${name}`, settings.sink)
    },
    count: countsIn(metrics),
    worked: pusher.soon,
  })
  await serve(getRequestListener(app.fetch), { port: settings.port, onStop: pusher.flush })
  log.info('listening', { port: settings.port })
}

function countsIn(metrics: Metrics): ControllerOptions['count'] {
  const reconciles = metrics.counter('linebot_reconciles_total')
  const seconds = metrics.histogram('linebot_reconcile_seconds')
  const sweeps = metrics.counter('linebot_sweeps_total')
  const found = metrics.counter('linebot_sweep_found_total')
  return {
    reconcile(result, ms) {
      reconciles.add({ result })
      seconds.observe(ms / 1000)
    },
    found: (sweep) => found.add({ sweep }),
    swept: (sweep) => sweeps.add({ sweep }),
  }
}
