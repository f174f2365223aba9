import { label } from '../../../core/names.ts'
import { lineCredentials } from '../../../core/secret.ts'
import type { Finding } from '../finding.ts'
import { findings } from '../finding.ts'
import { type BotSeen, type Facts, mayRead } from '../see.ts'
import { titleOf } from '../title.ts'

const { good, bad, unknown } = findings('Credentials')
const consolePage = 'https://developers.line.biz/console/'

/** Whether LINE takes what the Secrets hold. */
export const credentials = (facts: Facts): Finding[] =>
  facts.bots.flatMap((one) => judge(one, mayRead(facts, 'secrets')))

function judge({ bot, secret, channel }: BotSeen, readable: boolean): Finding[] {
  const title = titleOf(bot)
  const { secretName } = bot.spec.channel
  const where = `${secretName} -n ${bot.metadata.namespace}`
  if (!secret && !readable) {
    return [unknown(`${title}: Secret ${secretName} could not be read`)]
  }
  const make = `kubectl create secret generic ${where} --from-literal=channelId=ID --from-literal=channelSecret=SECRET`
  const labelling = `kubectl label secret ${where} ${label.credentials}=true`
  if (!secret) return [bad(`${title}: there is no Secret ${secretName}`, `${make} && ${labelling}`)]
  const keys = lineCredentials(secret)
  if ('missing' in keys) {
    const key = keys.missing
    const add = `kubectl patch secret ${where} --type merge -p '{"stringData":{"${key}":"…"}}'`
    return [bad(`${title}: Secret ${secretName} has no ${key}`, add)]
  }
  if (!channel?.info) {
    const { how, message } = channel?.failed ?? { how: 'unavailable', message: 'not asked' }
    if (how === 'unavailable') return [unknown(`${title}: LINE could not be asked: ${message}`)]
    const compare = `compare Secret ${secretName} with ${consolePage} (Basic settings)`
    return [bad(`${title}: LINE refuses the credentials: ${message}`, compare)]
  }
  const known = good(`${title}: LINE knows the channel as ${channel.info.basicId ?? channel.info.userId}`)
  if (secret.metadata.labels?.[label.credentials] === 'true') return [known]
  return [known, unknown(`${title}: a change of Secret ${secretName} is noticed within the hour only`, labelling)]
}
