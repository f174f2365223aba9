import { fromEnv } from '../edge/env.ts'
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
export function settingsFrom(variables: NodeJS.ProcessEnv): Settings {
  const settings = fromEnv(variables, (env) => ({
    port: env.port('PORT', 8080),
    // Not 9090: Knative's queue-proxy has that one in the same pod.
    metricsPort: env.port('LINEBOT_METRICS_PORT', 9464),
    // A SinkBinding sets it.
    sink: env.optional('K_SINK'),
    peers: env.optional('LINEBOT_PEERS'),
    keepPort: env.port('LINEBOT_KEEP_PORT', 9465),
    logLevel: env.oneOf('LINEBOT_LOG_LEVEL', logLevels, 'Info'),
  }))
  return { ...settings, sink: httpUrl('K_SINK', settings.sink), peers: httpUrl('LINEBOT_PEERS', settings.peers) }
}

/** https: would need the cluster's own CA, which we are not given. */
function httpUrl(name: string, text: string | undefined): URL | undefined {
  if (text === undefined) return undefined
  const url = URL.parse(text)
  if (url?.protocol !== 'http:') throw new Error(`environment: ${name} is ${text}, should be an http: URL`)
  return url
}
