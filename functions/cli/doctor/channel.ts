import type { Credentials } from '../../core/secret.ts'
import { ask, type ChannelAnswers } from '../../edge/line/ask.ts'
import { makeLine } from '../../edge/line.ts'
import { makeLog } from '../../edge/log.ts'

/**
 * What LINE says of one Bot's channel, asked as the bot-controller does; nothing is changed there. LINE's test is asked
 * for where it calls `url`. Never rejects.
 */
export async function askLine(
  baseUrl: string,
  credentials: Credentials,
  url: string | undefined,
): Promise<ChannelAnswers> {
  const line = makeLine({
    baseUrl,
    credentials: () => credentials,
    timeoutMs: 10_000,
    log: makeLog('Error', {}, () => {}),
  })
  return await ask(line, { url, set: false, test: 'InUse' })
}
