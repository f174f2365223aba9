import type { Groups } from '../core/match.ts'
import { fromEnv } from '../edge/env.ts'
import { type LogLevel, logLevels } from '../edge/log.ts'

export interface Settings {
  readonly port: number
  readonly metricsPort: number
  readonly namespace: string
  readonly name: string
  /** LINE's origin; http: for a stand-in. */
  readonly lineApi: string
  readonly groups: Groups
  readonly logLevel: LogLevel
  readonly suspend: boolean
  readonly rulesDirectory: string
  readonly channelDirectory: string
}

/** Throws one Error that names every variable that is wrong, and what it should be. */
export const settingsFrom = (variables: NodeJS.ProcessEnv): Settings =>
  fromEnv(variables, (env) => {
    const prefix = env.optional('LINEBOT_GROUPS_PREFIX')
    return {
      port: env.port('PORT', 8080),
      // Not 9090: Knative's queue-proxy has that one in the same pod.
      metricsPort: env.port('LINEBOT_METRICS_PORT', 9464),
      namespace: env.text('LINEBOT_NAMESPACE'),
      name: env.text('LINEBOT_NAME'),
      lineApi: env.url('LINEBOT_LINE_API', 'https://api.line.me'),
      groups: {
        answer: env.oneOf('LINEBOT_GROUPS_ANSWER', ['Always', 'WhenMentioned'], 'Always'),
        ...(prefix === undefined ? {} : { prefix }),
      },
      logLevel: env.oneOf('LINEBOT_LOG_LEVEL', logLevels, 'Info'),
      suspend: env.truth('LINEBOT_SUSPEND'),
      rulesDirectory: env.text('LINEBOT_RULES', '/etc/linebot/rules'),
      channelDirectory: env.text('LINEBOT_CHANNEL', '/etc/linebot/channel'),
    }
  })
