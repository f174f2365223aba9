import { credentialsOf } from '../../../core/secret.ts'
import type { Finding } from '../finding.ts'
import { findings } from '../finding.ts'
import type { BotSeen, Facts } from '../see.ts'
import { titleOf } from '../title.ts'

const { good, bad, unknown } = findings('Webhook')

/** Whether LINE has the Bots' webhook URLs, uses them, and gets its 200. */
export const webhook = ({ bots }: Facts): Finding[] => bots.flatMap(judge)

function judge(seen: BotSeen): Finding[] {
  const { bot, channel } = seen
  const title = titleOf(bot)
  const url = bot.status?.url
  if (!channel?.info) return []
  if (channel.failed) {
    const { how, message } = channel.failed
    return [unknown(`${title}: LINE ${how === 'refused' ? 'refuses to tell' : 'could not be asked'}: ${message}`)]
  }
  const { endpoint, test } = channel
  if (endpoint === undefined || endpoint.endpoint !== url) return [elsewhere(seen)]
  if (!endpoint.active) return [bad(`${title}: “Use webhook” is off at LINE`, `turn it on: ${consoleOf(seen)}`)]
  if (!test) return []
  if (test.success) return [good(`${title}: LINE has ${url}, and its test succeeded`)]
  const why = [test.reason, test.detail, test.statusCode].filter(Boolean).join(', ')
  if (test.statusCode === 401) {
    const copy = `copy the channel secret from ${consoleOf(seen, 'basics')} into Secret ${bot.spec.channel.secretName}`
    return [bad(`${title}: LINE signs with another channel secret than the Secret has`, copy)]
  }
  return [bad(`${title}: LINE's test of ${url} failed: ${why}`, `curl -i ${url}, from outside of the cluster`)]
}

/** LINE has another URL, or none. */
function elsewhere(seen: BotSeen): Finding {
  const { bot, channel } = seen
  const { name, namespace } = bot.metadata
  const title = titleOf(bot)
  const url = bot.status?.url
  const has = channel?.endpoint ? `LINE has ${channel.endpoint.endpoint}` : 'LINE has no webhook URL'
  const taken = bot.status?.conditions?.find(({ reason }) => reason === 'ChannelTaken')
  if (taken) return bad(`${title}: ${taken.message}`, `kubectl delete lbot -n ${namespace} ${name}, or the other`)
  const waiting = bot.status?.conditions?.find(({ type, status }) => type === 'WebhookReady' && status === 'Unknown')
  if (waiting) return unknown(`${title}: ${has}; ${waiting.message}`)
  if (!url) return unknown(`${title}: ${has}, and the Bot has none to give yet`)
  if (!bot.spec.webhook.register) return bad(`${title}: ${has}, not ${url}`, `set it: ${consoleOf(seen)}`)
  // What LINE was last asked about is forgotten, so it is asked, and told, again.
  const forget = `kubectl patch lbot -n ${namespace} ${name} --subresource status --type merge -p '{"status":{"channel":{"asked":""}}}'`
  return bad(`${title}: ${has}, not ${url}; the next sweep sets it`, forget)
}

function consoleOf({ secret }: BotSeen, page = 'messaging-api'): string {
  const { channelId } = credentialsOf(secret)
  return `https://developers.line.biz/console/${channelId ? `channel/${channelId}/${page}` : ''}`
}
