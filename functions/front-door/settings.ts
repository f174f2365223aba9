import { fromEnv } from '../edge/env.ts'
import { type LogLevel, logLevels } from '../edge/log.ts'

export interface Settings {
  readonly port: number
  readonly metricsPort: number
  /** The Broker that webhooks are handed to; absent in the first Revision of an installation, see knative/. */
  readonly sink: URL | undefined
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
    logLevel: env.oneOf('LINEBOT_LOG_LEVEL', logLevels, 'Info'),
  }))
  return { ...settings, sink: settings.sink === undefined ? undefined : httpUrl(settings.sink) }
}

/** https: would need the cluster's own CA, which we are not given. */
function httpUrl(text: string): URL {
  const url = URL.parse(text)
  if (url?.protocol !== 'http:') throw new Error(`environment: K_SINK is ${text}, should be an http: URL`)
  return url
}
