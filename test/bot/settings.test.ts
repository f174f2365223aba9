import { expect, it } from 'vitest'
import { settingsFrom } from '../../functions/bot/settings.ts'

it('a bot needs to know who it is; the rest has a usual value', () => {
  expect(settingsFrom({ LINEBOT_NAMESPACE: 'hunters', LINEBOT_NAME: 'monster' })).toEqual({
    port: 8080,
    metrics: undefined,
    namespace: 'hunters',
    name: 'monster',
    lineApi: 'https://api.line.me',
    groups: { answer: 'Always' },
    logLevel: 'Info',
    suspend: false,
    late: {
      policy: 'Say',
      text: 'This takes longer than usual.',
      label: 'Get the answer',
      expired: 'Please ask again.',
    },
    pushBudget: 0,
    rulesDirectory: '/etc/linebot/rules',
    channelDirectory: '/etc/linebot/channel',
  })
})

it('a bot is set up as its Bot says', () => {
  const set = {
    PORT: '8081',
    LINEBOT_NAMESPACE: 'hunters',
    LINEBOT_NAME: 'monster',
    LINEBOT_LINE_API: 'http://line.local:7072',
    LINEBOT_GROUPS_ANSWER: 'WhenMentioned',
    LINEBOT_GROUPS_PREFIX: '!',
    LINEBOT_LOG_LEVEL: 'Debug',
    LINEBOT_SUSPEND: 'true',
    LINEBOT_LATE_POLICY: 'Push',
    LINEBOT_LATE_TEXT: '請稍候',
    LINEBOT_LATE_LABEL: '看答案',
    LINEBOT_LATE_EXPIRED: '請再問一次',
    LINEBOT_PUSH_BUDGET: '200',
    LINEBOT_QUIET_HOURS: '{"timeZone":"Asia/Taipei"}',
    LINEBOT_METRICS: 'http://metrics.test:9464/push',
    LINEBOT_RULES: '/rules',
    LINEBOT_CHANNEL: '/channel',
  }
  expect(settingsFrom(set)).toMatchObject({
    port: 8081,
    metrics: 'http://metrics.test:9464/push',
    lineApi: 'http://line.local:7072',
    groups: { answer: 'WhenMentioned', prefix: '!' },
    logLevel: 'Debug',
    suspend: true,
    late: { policy: 'Push', text: '請稍候', label: '看答案', expired: '請再問一次' },
    pushBudget: 200,
    quietHours: { timeZone: 'Asia/Taipei' },
    rulesDirectory: '/rules',
    channelDirectory: '/channel',
  })
})

it('a bot that is set up wrongly says all that is wrong', () => {
  expect(() =>
    settingsFrom({
      LINEBOT_NAME: 'monster',
      LINEBOT_GROUPS_ANSWER: 'Never',
      LINEBOT_PUSH_BUDGET: '-1',
      LINEBOT_QUIET_HOURS: '[]',
    }),
  ).toThrow(
    /LINEBOT_NAMESPACE is missing; LINEBOT_GROUPS_ANSWER is "Never", should be Always or WhenMentioned; LINEBOT_PUSH_BUDGET is "-1", should be a whole number/,
  )
})
