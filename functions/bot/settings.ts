import type { Groups } from '../core/match.ts'
import { lateLabel, mountPath } from '../core/names.ts'
import type { Schedule } from '../core/schedule.ts'
import { fromEnv } from '../edge/env.ts'
import { type LogLevel, logLevels } from '../edge/log.ts'

const latePolicies = ['Say', 'Button', 'Push'] as const

/** `Bot.spec.lateAnswers`. */
export interface LatePolicy {
  readonly policy: (typeof latePolicies)[number]
  readonly text: string
  readonly label: string
  readonly expired: string
}

export interface Settings {
  readonly port: number
  /** Where what was counted is pushed to; undefined = nowhere. */
  readonly metrics: string | undefined
  readonly namespace: string
  readonly name: string
  /** LINE's origin; http: for a stand-in. */
  readonly lineApi: string
  readonly groups: Groups
  readonly logLevel: LogLevel
  readonly suspend: boolean
  readonly late: LatePolicy
  /** `Bot.spec.quietHours`. */
  readonly quietHours?: Schedule
  /** `Bot.spec.push.monthlyBudget`. */
  readonly pushBudget: number
  readonly rulesDirectory: string
  readonly channelDirectory: string
}

/** Throws one Error that names every variable that is wrong, and what it should be. */
export const settingsFrom = (variables: NodeJS.ProcessEnv): Settings =>
  fromEnv(variables, (env) => {
    const prefix = env.optional('LINEBOT_GROUPS_PREFIX')
    const quietHours = env.json('LINEBOT_QUIET_HOURS')
    return {
      port: env.port('PORT', 8080),
      metrics: env.optionalUrl('LINEBOT_METRICS'),
      namespace: env.text('LINEBOT_NAMESPACE'),
      name: env.text('LINEBOT_NAME'),
      lineApi: env.url('LINEBOT_LINE_API', 'https://api.line.me'),
      groups: {
        answer: env.oneOf('LINEBOT_GROUPS_ANSWER', ['Always', 'WhenMentioned'], 'Always'),
        ...(prefix === undefined ? {} : { prefix }),
      },
      logLevel: env.oneOf('LINEBOT_LOG_LEVEL', logLevels, 'Info'),
      suspend: env.truth('LINEBOT_SUSPEND'),
      late: {
        policy: env.oneOf('LINEBOT_LATE_POLICY', latePolicies, 'Say'),
        text: env.text('LINEBOT_LATE_TEXT', 'This takes longer than usual.'),
        label: env.text('LINEBOT_LATE_LABEL', lateLabel),
        expired: env.text('LINEBOT_LATE_EXPIRED', 'Please ask again.'),
      },
      // The bot-controller has judged it; another author hears of it when the first event fails.
      ...(quietHours !== undefined && { quietHours: quietHours as Schedule }),
      pushBudget: env.count('LINEBOT_PUSH_BUDGET', 0),
      rulesDirectory: env.text('LINEBOT_RULES', mountPath.rules),
      channelDirectory: env.text('LINEBOT_CHANNEL', mountPath.channel),
    }
  })
