import type { LineAnswers } from '../line.ts'
import { webhookUrl } from '../question.ts'
import type { BotSeen } from '../see.ts'
import type { BotDefaults } from '../wanted.ts'
import { type Checked, findings } from './checked.ts'
import { remembered } from './remembered.ts'

const { good, waiting, bad, stuck } = findings('WebhookReady')

/** Whether LINE has our URL and its test of it succeeds. */
export function webhook(seen: BotSeen, defaults: BotDefaults): Checked {
  const at = webhookUrl(seen, defaults)
  if ('missing' in at) return bad(at.reason, at.missing)
  const { line, bot } = seen
  const later = waiting('Waiting', 'set and tested when the bot is ready')
  if (!line || line.failed?.at === 'credentials') return remembered(seen, 'WebhookReady') ?? later
  if (line.failed?.how === 'unavailable') {
    return waiting('LineUnavailable', `LINE could not be asked (${line.failed.message}); it is asked again`)
  }
  if (line.failed?.how === 'early') {
    return waiting('FrontDoorBehind', `${line.failed.message}; LINE tests the webhook when that has passed`)
  }
  if (line.failed) return stuck('RefusedByLine', `LINE refuses ${at.url} (${line.failed.message})`)
  if (!bot.spec.webhook.register) return byHand(line, at.url)
  if (line.takenBy !== undefined) return taken(line.takenBy)
  return line.question.url === undefined ? later : registered(line, at.url)
}

/** LINE knows one URL for a channel; two Bots would take it from each other for ever. */
const taken = (other: string): Checked =>
  stuck(
    'ChannelTaken',
    `LINE has the webhook of Bot ${other} for this channel, and a channel is one Bot: delete that one, or give this one another channel; it is tried again`,
  )

function byHand({ endpoint }: LineAnswers, url: string): Checked {
  return endpoint?.endpoint === url
    ? good('Registered', 'LINE has the URL')
    : good('NotRegistered', `spec.webhook.register is false: set ${url} in the LINE Developers console`)
}

function registered({ endpoint, test }: LineAnswers, url: string): Checked {
  if (endpoint && endpoint.endpoint !== url)
    return bad('OtherEndpoint', `LINE has ${endpoint.endpoint}; ${url} is set again`)
  if (endpoint && !endpoint.active) {
    return stuck(
      'WebhookInactive',
      'turn on “Use webhook” for the channel in the LINE Developers console (Messaging API tab); it is noticed within the hour',
    )
  }
  if (!test || test.success) return good('Registered', 'LINE has the URL, and its test succeeded')
  if (test.statusCode === 401) {
    return stuck(
      'WrongChannelSecret',
      'LINE signs with another channel secret than the Secret has: copy it again from the LINE Developers console',
    )
  }
  const why = [test.reason, test.detail, test.statusCode].filter(Boolean).join(', ')
  return bad(
    'TestFailed',
    `LINE's test of ${url} failed: ${why}; see that the URL is reached from the internet; it is tested again`,
  )
}
