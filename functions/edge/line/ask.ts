import type { BotInfo, Line, WebhookEndpoint, WebhookTest } from '../line.ts'
import { LineError } from './error.ts'

/** Messages that may be pushed this month (absent = no limit, or not known), and that were. */
export interface Budget {
  readonly quota?: number
  readonly consumption?: number
  /** Why LINE did not tell one of them. */
  readonly untold?: string
}

/** What LINE said of a channel, as far as the questions got. */
export interface ChannelAnswers extends Budget {
  readonly info?: BotInfo
  /** Absent = it has none, or was not asked. */
  readonly endpoint?: WebhookEndpoint
  readonly test?: WebhookTest
  /** The Bot whose webhook LINE has, `NAMESPACE/NAME`: it is left to it. */
  readonly takenBy?: string
  readonly failed?: Failed
}

/**
 * Where LINE said no (`refused`), or nothing that can be used (`unavailable`), or was not asked because the front door
 * does not know today's Secret yet, or does not answer (`early`). The last two are to be asked again.
 */
export interface Failed {
  readonly at: 'credentials' | 'webhook'
  readonly how: 'refused' | 'unavailable' | 'early'
  readonly message: string
}

export interface Asking {
  /** The webhook URL that LINE should have; absent = it is not ours to set, or not yet, and nothing is tested. */
  readonly url?: string | undefined
  /** LINE is given the URL where it has another one; without, nothing is changed. */
  readonly set: boolean
  /** LINE's test of the URL, 60 times an hour and channel at most: whatever LINE has, or only where LINE calls it. */
  readonly test: 'Always' | 'InUse'
  /** Has the front door read the Secret again, before LINE's test comes; its status. Absent = nobody has to. */
  readonly knock?: (() => Promise<number>) | undefined
  /** `NAMESPACE/NAME` of another Bot with this webhook URL for the channel of this user ID. */
  readonly holder?: (url: string, userId: string) => Promise<string | undefined>
}

/**
 * Asks in order: who the channel is, which webhook it has, how it does. What LINE fails is in the answers; rejects
 * where `holder` does, which asks somebody else.
 */
export async function ask(line: Line, asking: Asking): Promise<ChannelAnswers> {
  const known = await heard({}, 'credentials', async () => ({ info: await line.botInfo() }))
  if (!known.info) return known
  const before = await heard({ ...known, ...(await budget(line)) }, 'webhook', async () => {
    const endpoint = await line.getWebhookEndpoint()
    return endpoint ? { endpoint } : {}
  })
  const { url } = asking
  if (before.failed || url === undefined) return before
  const takenBy = await otherHolder(before.endpoint, url, known.info, asking)
  if (takenBy !== undefined) return { ...before, takenBy }
  const after =
    asking.set && before.endpoint?.endpoint !== url
      ? await heard(before, 'webhook', async () => ({ endpoint: await register(line, url) }))
      : before
  return after.failed ? after : await tested(line, after, url, asking)
}

async function otherHolder(
  endpoint: WebhookEndpoint | undefined,
  url: string,
  { userId }: BotInfo,
  { holder }: Asking,
): Promise<string | undefined> {
  return endpoint && endpoint.endpoint !== url ? await holder?.(endpoint.endpoint, userId) : undefined
}

async function tested(line: Line, answers: ChannelAnswers, url: string, asking: Asking): Promise<ChannelAnswers> {
  const { endpoint } = answers
  if (asking.test === 'InUse' && !(endpoint?.active && endpoint.endpoint === url)) return answers
  const early = asking.knock && (await tooEarly(asking.knock))
  if (early !== undefined) return { ...answers, failed: { at: 'webhook', how: 'early', message: early } }
  return await heard(answers, 'webhook', async () => ({ test: await line.testWebhookEndpoint(url) }))
}

/** The answers with this one among them, or with why LINE did not give it. */
async function heard(
  answers: ChannelAnswers,
  at: Failed['at'],
  asked: () => Promise<ChannelAnswers>,
): Promise<ChannelAnswers> {
  try {
    return { ...answers, ...(await asked()) }
  } catch (error) {
    const refused = error instanceof LineError && ['unauthorized', 'badRequest'].includes(error.kind)
    return { ...answers, failed: { at, how: refused ? 'refused' : 'unavailable', message: said(error) } }
  }
}

/** Why LINE's test would come too early; undefined = the front door knows the Secret. */
async function tooEarly(knock: () => Promise<number>): Promise<string | undefined> {
  try {
    const status = await knock()
    return status === 200 ? undefined : `the front door answers ${status} to what the Secret's channelSecret signs`
  } catch (error) {
    return `the front door gives no answer (${said(error)})`
  }
}

/** What may be pushed and what was: good to know, and no reason to fail. */
async function budget(line: Line): Promise<Budget> {
  const untold: string[] = []
  const nothing = (error: unknown) => void untold.push(said(error))
  const [quota, consumption] = await Promise.all([line.quota().catch(nothing), line.quotaConsumption().catch(nothing)])
  const [why] = untold
  return {
    ...(quota !== undefined && { quota }),
    ...(consumption !== undefined && { consumption }),
    ...(why !== undefined && { untold: why }),
  }
}

/** Sets the URL, and returns what LINE has then. */
async function register(line: Line, url: string): Promise<WebhookEndpoint> {
  await line.setWebhookEndpoint(url)
  return (await line.getWebhookEndpoint()) ?? { endpoint: url, active: false }
}

const said = (error: unknown) => (error instanceof Error ? error.message : String(error))
