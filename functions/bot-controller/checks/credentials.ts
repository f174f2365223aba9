import { label } from '../../core/names.ts'
import { lineCredentials } from '../../core/secret.ts'
import type { BotSeen } from '../see.ts'
import { type Checked, findings } from './checked.ts'
import { remembered } from './remembered.ts'

const { good, waiting, stuck } = findings('CredentialsValid')
const fromConsole = "from the channel's Basic settings in the LINE Developers console"
const lacks = {
  channelSecret: 'no channelSecret: add it',
  channelId: 'neither channelId nor channelAccessToken: add channelId',
} as const

/** Whether the Secret is there, complete, and accepted by LINE. */
export function credentials(seen: BotSeen): Checked {
  const { secretName } = seen.bot.spec.channel
  const { secret, line } = seen
  if (!secret) {
    return stuck(
      'SecretMissing',
      `create Secret ${secretName} with channelSecret and channelId, and the label ${label.credentials}=true so that its coming is noticed (is it there already? then \`kubectl label secret ${secretName} ${label.credentials}=true\`); or mend spec.channel.secretName`,
    )
  }
  const keys = lineCredentials(secret)
  if ('missing' in keys)
    return stuck('SecretKeyMissing', `Secret ${secretName} has ${lacks[keys.missing]}, ${fromConsole}`)
  if (!line) return remembered(seen, 'CredentialsValid') ?? waiting('NotAsked', 'LINE has not been asked yet')
  if (line.failed?.at !== 'credentials') {
    return good('Valid', `LINE knows the channel as ${line.info?.basicId ?? line.info?.userId}${unnoticed(seen)}`)
  }
  if (line.failed.how === 'unavailable') {
    return waiting('LineUnavailable', `LINE could not be asked (${line.failed.message}); it is asked again`)
  }
  return stuck(
    'CredentialsRefused',
    `LINE refuses the credentials in Secret ${secretName} (${line.failed.message}): compare them with the LINE Developers console`,
  )
}

const unnoticed = ({ secret, bot }: BotSeen) =>
  secret?.metadata.labels?.[label.credentials] === 'true'
    ? ''
    : `; label Secret ${bot.spec.channel.secretName} ${label.credentials}=true so that a change is noticed at once and not within the hour`
