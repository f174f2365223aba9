import type { Incoming } from '../core/incoming.ts'
import { setRecent } from '../core/recent.ts'
import type { Message } from '../core/rule.ts'
import type { Credentials } from '../core/secret.ts'
import { number, object, parseJson, type Reader, text, truth } from '../core/shape.ts'
import { type Call, type CallOptions, type LineAnswer, type LineRequest, makeCall } from './line/call.ts'
import { LineError } from './line/error.ts'
import { makeTokens, type Tokens } from './line/token.ts'

export { LineError }

export interface LineOptions extends CallOptions {
  /** Asked when a token is needed and when LINE has refused one, so that a changed Secret is noticed. */
  readonly credentials: () => Promise<Credentials> | Credentials
  /** Before each further try when LINE is unavailable. */
  readonly waitsMs?: readonly number[]
  readonly now?: () => number
}

export interface Profile {
  readonly displayName: string
  readonly language?: string
  readonly pictureUrl?: string
  readonly statusMessage?: string
}

export interface GroupSummary {
  readonly groupName: string
}

/**
 * `unconfirmed`: no try was answered, and now LINE says that the token is used up, most likely by one of those tries.
 */
export type Delivery = 'confirmed' | 'unconfirmed'

export interface BotInfo {
  readonly userId: string
  readonly basicId?: string
  readonly displayName?: string
  readonly chatMode?: string
  readonly markAsReadMode?: string
}

export interface WebhookEndpoint {
  readonly endpoint: string
  /** “Use webhook” in LINE's console. */
  readonly active: boolean
}

export interface WebhookTest {
  readonly success: boolean
  readonly timestamp?: string
  /** 0 or negative when the endpoint gave no answer. */
  readonly statusCode?: number
  readonly reason?: string
  readonly detail?: string
}

/** LINE's Messaging API for one channel. Everything rejects with a LineError and nothing else. */
export interface Line {
  /** Loads what a call needs and gets a token, to save the first reply the time. Never rejects. */
  prepare(): Promise<void>
  /** 1–5 messages, once per token. Resolves when they are delivered, also when only an earlier try got through. */
  reply(replyToken: string, messages: readonly Message[]): Promise<Delivery>
  /** Whether LINE would take the messages of a reply; nothing is sent. Rejects with `badRequest` where it would not. */
  validateReply(messages: readonly unknown[]): Promise<void>
  /**
   * 1–5 messages to a user, group or room; costs quota. The same `retryKey` (a UUID) with the same messages is
   * delivered once within 24 hours, however often it is asked for.
   */
  push(to: string, messages: readonly Message[], retryKey: string): Promise<void>
  /** Shows a user that an answer is on its way, until the next message or for 5–60 seconds, rounded up to fives. */
  startLoading(userId: string, seconds: number): Promise<void>
  /** Of who sent it, asked once; undefined when LINE does not tell: unknown, blocked, not a friend, no consent. */
  profile(source: Incoming['source']): Promise<Profile | undefined>
  /** Asked once; undefined when LINE does not tell: the bot is not in it. Rooms have none. */
  group(groupId: string): Promise<GroupSummary | undefined>
  botInfo(): Promise<BotInfo>
  /** undefined when none is set. */
  getWebhookEndpoint(): Promise<WebhookEndpoint | undefined>
  /** At most 500 characters, https. LINE takes up to a minute to use it. */
  setWebhookEndpoint(url: string): Promise<void>
  /** LINE calls the URL (or the one that is set) and says how it went. 60 an hour. */
  testWebhookEndpoint(url?: string): Promise<WebhookTest>
  /** Messages a month that may be pushed; undefined = no limit. */
  quota(): Promise<number | undefined>
  /** Messages pushed this month. */
  quotaConsumption(): Promise<number>
}

const readProfile = object<Profile>(
  { displayName: text, language: text, pictureUrl: text, statusMessage: text },
  'displayName',
)
const readGroup = object<GroupSummary>({ groupName: text }, 'groupName')
const readBotInfo = object<BotInfo>(
  { userId: text, basicId: text, displayName: text, chatMode: text, markAsReadMode: text },
  'userId',
)
const readEndpoint = object<WebhookEndpoint>({ endpoint: text, active: truth }, 'endpoint', 'active')
const readTest = object<WebhookTest>(
  { success: truth, timestamp: text, statusCode: number, reason: text, detail: text },
  'success',
)
const readQuota = object<{ type: string; value?: number }>({ type: text, value: number }, 'type')
const readConsumption = object<{ totalUsage: number }>({ totalUsage: number }, 'totalUsage')

const endpointPath = '/v2/bot/channel/webhook/endpoint'

/** Tries that fail because LINE is unavailable are repeated after 200 ms and 1 s; no other error is. */
export function makeLine({ credentials, waitsMs = [200, 1000], now = Date.now, ...options }: LineOptions): Line {
  const once = makeCall(options)
  const tokens = makeTokens(persistent(once, waitsMs), credentials, now)
  const ask = authorized(persistent(once, waitsMs), tokens)
  const askOnce = authorized(once, tokens)
  const get = async <T>(path: string, read: Reader<T>) => shaped(await ask({ method: 'GET', path }), read)
  const doubtful = makeDoubtful()
  return {
    async prepare() {
      await Promise.allSettled([once.prepare(), tokens.get()])
    },
    async reply(replyToken, messages) {
      try {
        await ask({ method: 'POST', path: '/v2/bot/message/reply', json: { replyToken, messages } })
        return 'confirmed'
      } catch (error) {
        if (wasDelivered(error) && doubtful.has(replyToken)) return 'unconfirmed'
        if (error instanceof LineError && error.ambiguous) doubtful.add(replyToken)
        throw error
      }
    },
    async validateReply(messages) {
      await ask({ method: 'POST', path: '/v2/bot/message/validate/reply', json: { messages } })
    },
    async push(to, messages, retryKey) {
      try {
        await ask({ method: 'POST', path: '/v2/bot/message/push', json: { to, messages }, retryKey })
      } catch (error) {
        // The key was accepted before, so the messages are there.
        if (!(error instanceof LineError && error.status === 409)) throw error
      }
    },
    async startLoading(userId, seconds) {
      const loadingSeconds = Math.min(60, Math.max(5, Math.ceil(seconds / 5) * 5))
      await askOnce({ method: 'POST', path: '/v2/bot/chat/loading/start', json: { chatId: userId, loadingSeconds } })
    },
    async profile(source) {
      const path = profilePath(source)
      if (path === undefined) return undefined
      return await unless404(async () => shaped(await askOnce({ method: 'GET', path }), readProfile))
    },
    async group(groupId) {
      if (!isId(groupId)) return undefined
      const path = `/v2/bot/group/${groupId}/summary`
      return await unless404(async () => shaped(await askOnce({ method: 'GET', path }), readGroup))
    },
    botInfo: () => get('/v2/bot/info', readBotInfo),
    getWebhookEndpoint: () => unless404(() => get(endpointPath, readEndpoint)),
    async setWebhookEndpoint(url) {
      await ask({ method: 'PUT', path: endpointPath, json: { endpoint: url } })
    },
    async testWebhookEndpoint(url) {
      const json = url === undefined ? {} : { endpoint: url }
      // Once: 60 an hour are not many, and a test that LINE takes long to answer is a test all the same.
      return shaped(await askOnce({ method: 'POST', path: '/v2/bot/channel/webhook/test', json }), readTest)
    },
    quota: async () => (await get('/v2/bot/message/quota', readQuota)).value,
    quotaConsumption: async () => (await get('/v2/bot/message/quota/consumption', readConsumption)).totalUsage,
  }
}

type Authorized = (request: Omit<LineRequest, 'token'>) => Promise<LineAnswer>

/** With the channel's token; with a new one, once, when LINE refuses it. */
function authorized(call: Call, tokens: Tokens): Authorized {
  return async (request) => {
    const token = await tokens.get()
    try {
      return await call({ ...request, token })
    } catch (error) {
      if (!(error instanceof LineError && error.status === 401)) throw error
      tokens.drop(token)
      const another = await tokens.get()
      if (another === token) throw error
      return await call({ ...request, token: another })
    }
  }
}

/** Asks again, with the identical request, while LINE is unavailable. */
function persistent(call: Call, waitsMs: readonly number[]): Call {
  return async (request) => {
    let ambiguous = false
    for (let tried = 0; ; tried += 1) {
      try {
        return await call(request)
      } catch (error) {
        if (ambiguous && wasDelivered(error)) return { status: 200, requestId: error.requestId, body: '' }
        const waitMs = waitsMs[tried]
        if (!(error instanceof LineError) || error.kind !== 'unavailable') throw error
        ambiguous ||= error.ambiguous
        if (waitMs === undefined)
          throw ambiguous ? new LineError({ ...error, message: error.message, ambiguous }) : error
        await new Promise((resolve) => setTimeout(resolve, waitMs))
      }
    }
  }
}

/** A token is used up by the try that got through without our hearing of it. */
const wasDelivered = (error: unknown): error is LineError =>
  error instanceof LineError && error.kind === 'invalidReplyToken'

/** More reply tokens than live at one time. */
const maxDoubtful = 1000

/** Reply tokens whose messages LINE may have delivered without our hearing of it. */
function makeDoubtful() {
  const tokens = new Map<string, true>()
  return {
    has: (token: string) => tokens.has(token),
    add: (token: string) => setRecent(tokens, token, true, maxDoubtful),
  }
}

function shaped<T>({ body, status, requestId }: LineAnswer, read: Reader<T>): T {
  const value = read(parseJson(body))
  if (value !== undefined) return value
  throw new LineError({ kind: 'unavailable', message: 'LINE answered something unknown', status, requestId })
}

async function unless404<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof LineError && error.status === 404) return undefined
    throw error
  }
}

/** Anything but letters, digits, _ and - could name another path. */
const isId = (id: string | undefined): id is string => id !== undefined && /^[\w-]+$/.test(id)

function profilePath(source: Incoming['source']): string | undefined {
  if (!isId(source?.userId)) return undefined
  if (source.type === 'user') return `/v2/bot/profile/${source.userId}`
  if (source.type === 'group' && isId(source.groupId)) return `/v2/bot/group/${source.groupId}/member/${source.userId}`
  if (source.type === 'room' && isId(source.roomId)) return `/v2/bot/room/${source.roomId}/member/${source.userId}`
  return undefined
}
