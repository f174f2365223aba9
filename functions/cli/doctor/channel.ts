import { credentialsOf, type SecretObject } from '../../core/secret.ts'
import { type BotInfo, LineError, makeLine, type WebhookEndpoint, type WebhookTest } from '../../edge/line.ts'
import { makeLog } from '../../edge/log.ts'

/** What LINE says of one Bot's channel. */
export interface ChannelSeen {
  readonly info?: BotInfo
  readonly endpoint?: WebhookEndpoint | undefined
  readonly test?: WebhookTest
  /** Absent = no limit. */
  readonly quota?: number | undefined
  readonly consumption?: number
  /** Where asking ended. `refused` = LINE does not take the credentials. */
  readonly failed?: { readonly how: 'refused' | 'unavailable'; readonly message: string }
}

/** Asks LINE, and changes nothing there. `url`: LINE's test is asked for where it has this one. Never rejects. */
export async function askLine(baseUrl: string, secret: SecretObject, url: string | undefined): Promise<ChannelSeen> {
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
  let seen: ChannelSeen = {}
  try {
    seen = { ...seen, info: await line.botInfo() }
    const [quota, consumption] = await Promise.all([line.quota(), line.quotaConsumption()])
    seen = { ...seen, quota, consumption, endpoint: await line.getWebhookEndpoint() }
    if (!seen.endpoint?.active || seen.endpoint.endpoint !== url) return seen
    return { ...seen, test: await line.testWebhookEndpoint() }
  } catch (error) {
    const refused = error instanceof LineError && error.status >= 400 && error.status < 500 && error.status !== 429
    const message = error instanceof Error ? error.message : String(error)
    return { ...seen, failed: { how: refused ? 'refused' : 'unavailable', message } }
  }
}
