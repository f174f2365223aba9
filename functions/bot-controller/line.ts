import {
  type BotInfo,
  type Credentials,
  type Line,
  LineError,
  type WebhookEndpoint,
  type WebhookTest,
} from '../edge/line.ts'

/** What is to be asked of LINE. */
export interface Question {
  readonly credentials: Credentials
  /** Hash of what goes into the question: remembered when LINE has answered, so that the same is not asked twice. */
  readonly hash: string
  /** The webhook URL that LINE should have; absent = it is not ours to set, or not yet. */
  readonly url?: string
  /** Whether LINE is to test it: 60 times an hour and channel at most. */
  readonly test: boolean
}

/** Messages that may be pushed this month (absent = no limit, or not known), and that were. */
export interface Budget {
  readonly quota?: number
  readonly consumption?: number
}

/** What LINE said, as far as the questions got. */
export interface LineAnswers extends Budget {
  readonly question: Question
  readonly info?: BotInfo
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
  /** LINE is given our URL where it has another one; without, nothing is changed. */
  readonly set: boolean
  /** Has the front door read the Secret again, before LINE's test comes; its status. Absent = the bot has it mounted. */
  readonly knock: (() => Promise<number>) | undefined
  /** `NAMESPACE/NAME` of another Bot with this webhook URL for the channel of this user ID. */
  readonly holder: (url: string, userId: string) => Promise<string | undefined>
}

/**
 * Asks in order: who the channel is, which webhook it has, how it does. What LINE fails is in the answers; rejects
 * where `holder` does, which asks somebody else.
 */
export async function ask(line: Line, question: Question, { set, knock, holder }: Asking): Promise<LineAnswers> {
  const known = await heard({ question }, 'credentials', async () => ({ info: await line.botInfo() }))
  if (!known.info) return known
  const { userId } = known.info
  const before = await heard({ ...known, ...(await budget(line)) }, 'webhook', async () => {
    const endpoint = await line.getWebhookEndpoint()
    return endpoint ? { endpoint } : {}
  })
  const { url } = question
  if (before.failed || url === undefined) return before
  const held = before.endpoint?.endpoint
  const takenBy = held === undefined || held === url ? undefined : await holder(held, userId)
  if (takenBy !== undefined) return { ...before, takenBy }
  const after =
    set && held !== url ? await heard(before, 'webhook', async () => ({ endpoint: await register(line, url) })) : before
  if (after.failed || !question.test) return after
  const early = knock && (await tooEarly(knock))
  if (early !== undefined) return { ...after, failed: { at: 'webhook', how: 'early', message: early } }
  return await heard(after, 'webhook', async () => ({ test: await line.testWebhookEndpoint(url) }))
}

/** The answers with this one among them, or with why LINE did not give it. */
async function heard(
  answers: LineAnswers,
  at: Failed['at'],
  asked: () => Promise<Partial<LineAnswers>>,
): Promise<LineAnswers> {
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
  const [quota, consumption] = await Promise.all([line.quota().catch(nothing), line.quotaConsumption().catch(nothing)])
  return { ...(quota !== undefined && { quota }), ...(consumption !== undefined && { consumption }) }
}

/** Sets the URL, and returns what LINE has then. */
async function register(line: Line, url: string): Promise<WebhookEndpoint> {
  await line.setWebhookEndpoint(url)
  return (await line.getWebhookEndpoint()) ?? { endpoint: url, active: false }
}

const nothing = () => undefined
const said = (error: unknown) => (error instanceof Error ? error.message : String(error))
