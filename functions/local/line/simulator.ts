import { setTimeout as sleep } from 'node:timers/promises'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { endpointOf } from './acts.ts'
import type { Call } from './calls.ts'
import { type Channel, channelNamed } from './channels.ts'
import type { Outcome } from './delivery.ts'
import { tooMany } from './faults.ts'
import { userIdFor } from './people.ts'
import { Refused } from './refused.ts'
import type { State } from './state.ts'
import { headersFor, signatureFor } from './webhooks.ts'

/** The hand on the other side: what people do in LINE's app and consoles, and what went over the wire. */

const record = z.record(z.string(), z.unknown())
const escape = z.enum(['none', 'unicode']).optional()
const from = {
  channel: z.string(),
  user: z.string().optional(),
  group: z.string().optional(),
  room: z.string().optional(),
}

const say = z
  .strictObject({ ...from, user: z.string(), text: z.string().optional(), message: record.optional(), escape })
  .refine(({ text, message }) => (text === undefined) !== (message === undefined), 'give text or message')

const events = z.strictObject({ ...from, events: z.array(record), escape })

const webhook = z
  .strictObject({
    channel: z.string(),
    body: z.string().optional(),
    bodyBase64: z.base64().optional(),
    signature: z.string().nullable().optional(),
    headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
  })
  .refine(({ body, bodyBase64 }) => (body === undefined) !== (bodyBase64 === undefined), 'give body or bodyBase64')

const redelivery = z.strictObject({ channel: z.string(), webhookEventIds: z.array(z.string()).min(1) })

const fault = z
  .strictObject({
    path: z.string(),
    method: z.string().optional(),
    channel: z.string().optional(),
    status: z.int().min(400).max(599).optional(),
    message: z.string().optional(),
    limit: z.enum(['rate', 'monthly', 'sameUser']).optional(),
    delayMs: z.int().min(0).max(600_000).optional(),
    drop: z.boolean().optional(),
    times: z.int().min(1).default(1),
  })
  .refine(
    ({ status, limit, delayMs, drop }) => status ?? limit ?? delayMs ?? drop,
    'give status, limit (a kind of 429), delayMs or drop',
  )

const user = z.strictObject({
  channel: z.string().optional(),
  userId: z.string().min(1).optional(),
  displayName: z.string(),
})

const group = z.strictObject({ name: z.string().min(1), members: z.array(z.string().min(1)) })
const friendship = z.strictObject({ channel: z.string(), user: z.string() })
const botInGroup = z.strictObject({ channel: z.string(), group: z.string() })
const membership = botInGroup.extend({ users: z.array(z.string()).min(1) })
const postback = z.strictObject({
  ...from,
  user: z.string(),
  data: z.string(),
  params: z.record(z.string(), z.string()).optional(),
})

export const channelConfig = z.strictObject({
  id: z.string().min(1),
  secret: z.string().min(1),
  name: z.string().optional(),
  destination: z.string().optional(),
  accessToken: z.string().min(1).optional(),
  bot: z.string().optional(),
})

const channelChange = z.strictObject({
  secret: z.string().min(1).optional(),
  endpoint: z.string().nullable().optional(),
  active: z.boolean().optional(),
  redelivery: z.boolean().optional(),
  chatMode: z.enum(['bot', 'chat']).optional(),
  markAsReadMode: z.enum(['auto', 'manual']).optional(),
  quota: z.int().min(0).nullable().optional(),
  consumption: z.int().min(0).optional(),
})

const bodyOf = async <T>(c: Context, schema: z.ZodType<T>): Promise<T> => {
  const json: unknown = await c.req.json().catch(() => {
    throw new Refused(400, 'the body is not JSON')
  })
  const parsed = schema.safeParse(json)
  if (!parsed.success) throw new Refused(400, z.prettifyError(parsed.error))
  return parsed.data
}

const channelOf = ({ channels }: State, id: string): Channel => channelNamed(channels, id)

const sendBytes = (state: State, given: z.infer<typeof webhook>): Promise<Outcome> => {
  const channel = channelOf(state, given.channel)
  const body = given.bodyBase64 === undefined ? Buffer.from(given.body ?? '') : Buffer.from(given.bodyBase64, 'base64')
  const signature = given.signature === undefined ? signatureFor(body, channel.secret) : (given.signature ?? undefined)
  return state.delivery.deliverBytes(channel, endpointOf(channel), body, { ...headersFor(signature), ...given.headers })
}

const change = (channel: Channel, given: z.infer<typeof channelChange>): void => {
  const { endpoint, quota, ...others } = given
  Object.assign(channel, Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined)))
  if (endpoint !== undefined) channel.endpoint = endpoint ?? undefined
  if (quota !== undefined) channel.quota = quota ?? undefined
}

const listCalls = ({ calls }: State, channel: string | undefined, since: number) =>
  calls.list().filter((call) => (channel ?? call.channel) === call.channel && call.time >= since)

const listReplies = ({ calls }: State, webhookEventId: string) =>
  calls
    .list()
    .filter((call) => call.webhookEventId === webhookEventId)
    .map(({ replyMs: ms, time, status, request, response }) => ({ time, ms, status, request, response }))

/** A call after which the bot will not try again. */
const isLast = ({ status }: Call): boolean => status < 500 && status !== 429

/** Resolves with the event's last reply, taken or not, or after the wait. */
const replyWithin = async (state: State, webhookEventId: string, waitMs: number): Promise<void> => {
  const isAwaited = (call: Call): boolean => call.webhookEventId === webhookEventId && isLast(call)
  if (waitMs === 0 || state.calls.list().some(isAwaited)) return
  const came = new AbortController()
  const stop = state.happenings.on((happened) => {
    if (happened.kind === 'call' && isAwaited(happened.call)) came.abort()
  })
  await sleep(waitMs, undefined, { signal: came.signal, ref: false }).catch(() => {})
  stop()
}

const waitOf = (text: string | undefined): number => {
  const waitMs = Number(text ?? 0)
  if (!(waitMs >= 0 && waitMs <= 600_000)) throw new Refused(400, 'waitMs is a number of ms, at most 600000')
  return waitMs
}

const sinceOf = (text: string | undefined): number => {
  const since = Number(text ?? 0)
  if (!Number.isFinite(since)) throw new Refused(400, 'since is a number of ms since the epoch')
  return since
}

const sendingRoutes = (app: Hono, state: State): void => {
  app.post('/say', async (c) => {
    const { text, message, ...sending } = await bodyOf(c, say)
    return c.json(await state.acts.say(sending, message ?? { type: 'text', text }))
  })
  app.post('/events', async (c) => {
    const { events: given, ...sending } = await bodyOf(c, events)
    return c.json(await state.acts.send(sending, given))
  })
  app.post('/webhook', async (c) => c.json(await sendBytes(state, await bodyOf(c, webhook))))
  app.post('/redeliver', async (c) => {
    const given = await bodyOf(c, redelivery)
    return c.json(await state.acts.redeliver(given.channel, given.webhookEventIds))
  })
  app.get('/webhooks', (c) => {
    const since = sinceOf(c.req.query('since'))
    const channel = c.req.query('channel')
    const fits = (outcome: Outcome): boolean =>
      (channel ?? outcome.channel) === outcome.channel && outcome.sentAt >= since
    return c.json({ webhooks: state.outcomes.list().filter(fits) })
  })
}

const actRoutes = (app: Hono, { acts }: State): void => {
  app.post('/postback', async (c) => {
    const { data, params, ...sending } = await bodyOf(c, postback)
    return c.json(await acts.postback(sending, { data, params }))
  })
  for (const act of ['follow', 'unfollow'] as const) {
    app.post(`/${act}`, async (c) => {
      const given = await bodyOf(c, friendship)
      return c.json(await acts[act](given.channel, given.user))
    })
  }
  for (const act of ['join', 'leave'] as const) {
    app.post(`/${act}`, async (c) => {
      const given = await bodyOf(c, botInGroup)
      return c.json(await acts[act](given.channel, given.group))
    })
  }
  for (const act of ['enter', 'exit'] as const) {
    app.post(`/${act}`, async (c) => {
      const given = await bodyOf(c, membership)
      return c.json(await acts[act](given.channel, given.group, given.users))
    })
  }
}

const callRoutes = (app: Hono, state: State): void => {
  app.get('/calls', (c) => c.json({ calls: listCalls(state, c.req.query('channel'), sinceOf(c.req.query('since'))) }))
  app.delete('/calls', (c) => {
    state.calls.clear()
    return c.body(null, 204)
  })
  app.get('/replies', async (c) => {
    const webhookEventId = c.req.query('webhookEventId')
    if (!webhookEventId) throw new Refused(400, 'give webhookEventId')
    await replyWithin(state, webhookEventId, waitOf(c.req.query('waitMs')))
    return c.json({ webhookEventId, replies: listReplies(state, webhookEventId) })
  })
}

const faultRoutes = (app: Hono, state: State): void => {
  app.get('/faults', (c) => c.json({ faults: state.faults.list() }))
  app.post('/faults', async (c) => {
    const { limit, ...given } = await bodyOf(c, fault)
    state.faults.add(limit ? { ...given, status: 429, message: given.message ?? tooMany[limit] } : given)
    return c.body(null, 204)
  })
  app.delete('/faults', (c) => {
    state.faults.clear()
    return c.body(null, 204)
  })
}

const consoleRoutes = (app: Hono, state: State): void => {
  app.post('/users', async (c) => {
    const { channel, displayName, userId = userIdFor(displayName) } = await bodyOf(c, user)
    const known = channel === undefined ? {} : { channel: channelOf(state, channel).id }
    state.people.add({ userId, displayName, ...known })
    state.happenings.tell({ kind: 'people' })
    return c.json({ userId }, 201)
  })
  app.get('/users', (c) => c.json({ users: state.people.list() }))
  app.post('/groups', async (c) => {
    const given = await bodyOf(c, group)
    const { groupId } = state.groups.add(given.name, given.members)
    state.happenings.tell({ kind: 'people' })
    return c.json({ groupId }, 201)
  })
  app.get('/groups', (c) =>
    c.json({ groups: state.groups.list().map((one) => ({ ...one, members: [...one.members] })) }),
  )
  app.get('/channels', (c) => c.json({ channels: state.channels.list(), starting: state.starting() }))
  app.post('/channels', async (c) => {
    const channel = state.channels.add(await bodyOf(c, channelConfig))
    state.happenings.tell({ kind: 'channel', channel: channel.id })
    return c.json(channel, 201)
  })
  app.patch('/channels/:id', async (c) => {
    const channel = channelOf(state, c.req.param('id'))
    change(channel, await bodyOf(c, channelChange))
    state.happenings.tell({ kind: 'channel', channel: channel.id })
    return c.json(channel)
  })
}

export const makeSimulator = (state: State): Hono => {
  const app = new Hono()
  sendingRoutes(app, state)
  actRoutes(app, state)
  callRoutes(app, state)
  faultRoutes(app, state)
  consoleRoutes(app, state)
  app.all('*', (c) => c.json({ message: `the simulator has no ${c.req.method} ${c.req.path}` }, 404))
  app.onError((error, c) => {
    if (error instanceof Refused) return c.json({ message: error.message }, error.status)
    throw error
  })
  return app
}
