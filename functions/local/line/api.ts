import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { type Context, Hono } from 'hono'
import { routePath } from 'hono/route'
import { isObject, type Json } from '../../core/shape.ts'
import { type Answer, type Ask, refused } from './answers.ts'
import { botInfo, content, member, profile } from './bot.ts'
import type { Channel } from './channels.ts'
import { getEndpoint, putEndpoint, testEndpoint } from './endpoint.ts'
import { type Fault, faultName, messageFor, tooMany } from './faults.ts'
import { leave, memberCount, summary } from './group-calls.ts'
import { parseJson } from './json.ts'
import { startLoading } from './loading.ts'
import { consumption, push, quota, reply, validate } from './sending.ts'
import type { State } from './state.ts'
import { issueToken } from './token.ts'

/** LINE's own side: what bots and controllers call at api.line.me. */

type Env = { Bindings: Partial<HttpBindings> }
type C = Context<Env>

/** status-codes: a larger request is a 413. */
const maxBodyBytes = 2 * 1024 * 1024

interface Exchange {
  readonly answer: Answer
  readonly channel?: Channel | undefined
  /** The body as far as it was understood, for the record. */
  readonly request?: unknown
}

type Work = (c: C, text: string, requestId: string) => Exchange | Promise<Exchange>
type Carry = (ask: Ask, state: State) => Answer | Promise<Answer>

const unauthorised = refused(
  401,
  'Authentication failed due to the following reason: invalid token. Confirm that the access token in the authorization header is valid.',
)

/** undefined = larger than LINE takes. */
const textOf = async (c: C): Promise<string | undefined> => {
  if (Number(c.req.header('content-length') ?? 0) > maxBodyBytes) return undefined
  const bytes = Buffer.from(await c.req.arrayBuffer())
  return bytes.length > maxBodyBytes ? undefined : bytes.toString('utf8')
}

const bodyOf = (c: C, text: string): { readonly json: Json } | { readonly refusal: Answer } => {
  if (text === '' && !c.req.path.startsWith('/v2/bot/message/')) return { json: {} }
  const type = c.req.header('content-type') ?? ''
  if (!/^application\/json\b/i.test(type))
    return { refusal: refused(415, `The content type, ${type}, is not supported`) }
  const parsed = parseJson(text)
  if ('value' in parsed && isObject(parsed.value)) return { json: parsed.value }
  const place = 'brokenAt' in parsed ? parsed.brokenAt : 'line: 1, column: 1'
  return { refusal: refused(400, `The request body could not be parsed as JSON (${place})`) }
}

const askFor = (c: C, channel: Channel, body: Json, requestId: string): Ask => ({
  channel,
  requestId,
  body,
  param: (name) => c.req.param(name) ?? '',
  header: (name) => c.req.header(name),
})

/** Limits hold per channel and endpoint, whatever the IDs in the path. */
const isTooFast = ({ callsASecond, callsAMinute }: State, c: C, { id }: Channel): boolean => {
  const rate = c.req.path === '/v2/bot/channel/webhook/endpoint' ? callsAMinute : callsASecond
  return !rate.take(`${id} ${c.req.method} ${routePath(c)}`)
}

const authorised =
  (state: State, carry: Carry): Work =>
  async (c, text, requestId) => {
    const channel = state.channels.byAuthorization(c.req.header('authorization'))
    if (!channel) return { answer: unauthorised }
    if (isTooFast(state, c, channel)) return { answer: refused(429, tooMany.rate), channel }
    const body = c.req.method === 'GET' ? { json: {} } : bodyOf(c, text)
    if ('refusal' in body) return { answer: body.refusal, channel, request: text }
    const answer = await carry(askFor(c, channel, body.json, requestId), state)
    return { answer, channel, ...(c.req.method === 'GET' ? {} : { request: body.json }) }
  }

const issuing =
  (state: State): Work =>
  (_c, text) => {
    const form = new URLSearchParams(text)
    const id = form.get('client_id') ?? ''
    // The secret stays out of the record.
    return {
      answer: issueToken(form, state.channels),
      channel: state.channels.byId(id),
      request: { grant_type: form.get('grant_type'), client_id: id },
    }
  }

const failed = (state: State, c: C, fault: Fault & { readonly status: number }, text: string): Exchange => {
  const parsed = parseJson(text)
  return {
    answer: refused(fault.status, fault.message ?? messageFor(fault.status)),
    channel: state.channels.byAuthorization(c.req.header('authorization')),
    ...('value' in parsed ? { request: parsed.value } : {}),
  }
}

const isFailing = (fault: Fault | undefined): fault is Fault & { readonly status: number } =>
  fault?.status !== undefined

const exchange = async (state: State, c: C, work: Work, requestId: string, fault?: Fault): Promise<Exchange> => {
  const text = await textOf(c)
  if (text === undefined) return { answer: refused(413, 'The request body is too large') }
  return isFailing(fault) ? failed(state, c, fault, text) : work(c, text, requestId)
}

/** A reply's event and age, for the record. */
const replyTo = (state: State, { request }: Exchange, time: number) => {
  const token = isObject(request) ? request['replyToken'] : undefined
  const event = typeof token === 'string' ? state.replyTokens.eventOf(token) : undefined
  return event ? { webhookEventId: event.webhookEventId, replyMs: time - event.sentAt } : {}
}

const withoutTokens = (body: object): object => ('access_token' in body ? { ...body, access_token: '(hidden)' } : body)

const record = (state: State, c: C, done: Exchange, time: number, requestId: string, fault?: Fault): void => {
  const call = {
    time,
    ...(done.channel ? { channel: done.channel.id } : {}),
    method: c.req.method,
    path: c.req.path,
    status: done.answer.status,
    requestId,
    ...(done.request === undefined ? {} : { request: done.request }),
    response: withoutTokens(done.answer.body),
    ...replyTo(state, done, time),
    ...(fault ? { fault: faultName(fault) } : {}),
  }
  state.calls.add(call)
  state.happenings.tell({ kind: 'call', call })
}

const response = ({ status, body, headers, bytes }: Answer, requestId: string): Response =>
  new Response(bytes ? new Uint8Array(bytes) : JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', 'x-line-request-id': requestId, ...headers },
  })

/** Without a connection of its own (an in-process request) there is nothing to cut: the answer is a failure. */
const cut = (c: C, requestId: string): Response => {
  const { outgoing } = c.env ?? {}
  if (!outgoing) return response(refused(500, 'dropped'), requestId)
  outgoing.destroy()
  return RESPONSE_ALREADY_SENT
}

const handler =
  (state: State, work: Work) =>
  async (c: C): Promise<Response> => {
    const time = state.now()
    const requestId = randomUUID()
    const channel = state.channels.byAuthorization(c.req.header('authorization'))?.id
    const fault = state.faults.take({ method: c.req.method, path: c.req.path, channel })
    const done = await exchange(state, c, work, requestId, fault)
    record(state, c, done, time, requestId, fault)
    if (fault?.delayMs !== undefined) await sleep(fault.delayMs, undefined, { ref: false })
    return fault?.drop ? cut(c, requestId) : response(done.answer, requestId)
  }

export const makeApi = (state: State): Hono<Env> => {
  const app = new Hono<Env>()
  const does = (carry: Carry) => handler(state, authorised(state, carry))
  app.post('/oauth2/v3/token', handler(state, issuing(state)))
  app.get('/v2/bot/info', does(botInfo))
  app.get('/v2/bot/profile/:userId', does(profile))
  app.get('/v2/bot/group/:chatId/member/:userId', does(member))
  app.get('/v2/bot/room/:chatId/member/:userId', does(member))
  app.get('/v2/bot/group/:chatId/summary', does(summary))
  app.get('/v2/bot/group/:chatId/members/count', does(memberCount))
  app.post('/v2/bot/group/:chatId/leave', does(leave))
  app.get('/v2/bot/message/:messageId/content', does(content))
  app.get('/v2/bot/channel/webhook/endpoint', does(getEndpoint))
  app.put('/v2/bot/channel/webhook/endpoint', does(putEndpoint))
  app.post('/v2/bot/channel/webhook/test', does(testEndpoint))
  app.post('/v2/bot/chat/loading/start', does(startLoading))
  app.post('/v2/bot/message/reply', does(reply))
  app.post('/v2/bot/message/push', does(push))
  app.post('/v2/bot/message/validate/reply', does(validate))
  app.post('/v2/bot/message/validate/push', does(validate))
  app.get('/v2/bot/message/quota', does(quota))
  app.get('/v2/bot/message/quota/consumption', does(consumption))
  app.notFound(handler(state, () => ({ answer: refused(404, 'Not found') })))
  return app
}
