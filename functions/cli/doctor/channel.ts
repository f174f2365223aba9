import { credentialsOf, type SecretObject } from '../../core/secret.ts'
import { ask, type ChannelAnswers } from '../../edge/line/ask.ts'
import { makeLine } from '../../edge/line.ts'
import { makeLog } from '../../edge/log.ts'

/**
 * What LINE says of one Bot's channel, asked as the bot-controller does; nothing is changed there. LINE's test is asked
 * for where it calls `url`. Never rejects.
 */
export async function askLine(baseUrl: string, secret: SecretObject, url: string | undefined): Promise<ChannelAnswers> {
  const { channelSecret = '', channelId, channelAccessToken } = credentialsOf(secret)
  const credentials = {
    channelSecret,
    ...(channelId && { channelId }),
    ...(channelAccessToken && { channelAccessToken }),
  }
  const line = makeLine({
    baseUrl,
    credentials: () => credentials,
    timeoutMs: 10_000,
    log: makeLog('Error', {}, () => {}),
  })
  return await ask(line, { url, set: false, test: 'InUse' })
}
