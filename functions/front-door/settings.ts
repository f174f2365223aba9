import { type Env, fromEnv } from '../edge/env.ts'
import { type LogLevel, logLevels } from '../edge/log.ts'

export interface Settings {
  readonly port: number
  readonly metricsPort: number
  /** The Broker that webhooks are handed to; absent in the first Revision of an installation, see knative/. */
  readonly sink: URL | undefined
  /** A headless Service over all front doors, and the port where they keep copies for each other; absent = none does. */
  readonly peers: URL | undefined
  readonly keepPort: number
  readonly logLevel: LogLevel
}

/** Throws one Error that lists everything wrong. */
export const settingsFrom = (variables: NodeJS.ProcessEnv): Settings =>
  fromEnv(variables, (env) => ({
    port: env.port('PORT', 8080),
    // Not 9090: Knative's queue-proxy has that one in the same pod.
    metricsPort: env.port('LINEBOT_METRICS_PORT', 9464),
    // A SinkBinding sets it.
    sink: insideUrl(env, 'K_SINK'),
    peers: insideUrl(env, 'LINEBOT_PEERS'),
    keepPort: env.port('LINEBOT_KEEP_PORT', 9465),
    logLevel: env.oneOf('LINEBOT_LOG_LEVEL', logLevels, 'Info'),
  }))

/** https: would need the cluster's own CA, which we are not given. */
function insideUrl(env: Env, name: string): URL | undefined {
  const text = env.optionalUrl(name, ['http:'])
  return text === undefined ? undefined : new URL(text)
}
