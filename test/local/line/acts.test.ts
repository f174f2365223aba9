import { afterEach, describe, expect, it } from 'vitest'
import { makePlatform, type Platform, type PlatformOptions } from '../../../functions/local/line/app.ts'
import type { Happened } from '../../../functions/local/line/happenings.ts'
import { type Bot, hunter, last, startBot } from './bot.ts'

const mei = `U${'b'.repeat(32)}`
const ken = `U${'c'.repeat(32)}`
const open: { close(): unknown }[] = []

afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

/** A platform with two people and a bot whose endpoint is set; `status` is what the bot answers. */
const start = async (options: PlatformOptions = {}, statuses: readonly number[] = []) => {
  const left = [...statuses]
  const bot = await startBot((response) => void response.writeHead(left.shift() ?? 200).end())
  const platform = makePlatform({ channels: [hunter], httpWebhooks: true, ...options })
  open.push(platform, bot)
  platform.people.add({ userId: mei, displayName: '美' })
  platform.people.add({ userId: ken, displayName: 'Ken' })
  const call = async (method: string, path: string, body?: object) => {
    const response = await platform.app.request(path, {
      method,
      headers: { authorization: `Bearer ${hunter.accessToken}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    return { status: response.status, body: await response.json() }
  }
  await call('PUT', '/v2/bot/channel/webhook/endpoint', { endpoint: bot.url })
  return { bot, platform, call }
}

const lastEvent = (bot: Bot) => JSON.parse(String(last(bot).body)).events[0]
const kinds = ({ happenings }: Platform) => happenings.list().map(({ kind }) => kind)
const told = <K extends Happened['kind']>({ happenings }: Platform, kind: K) =>
  happenings.list().filter((happened): happened is Extract<Happened, { kind: K }> => happened.kind === kind)

describe('a friend', () => {
  it('who goes is unknown, cannot write and gets no push, and is known again when back', async () => {
    const { bot, platform, call } = await start()
    const profile = async () => (await call('GET', `/v2/bot/profile/${mei}`)).status
    expect(await profile()).toBe(200)
    await platform.acts.unfollow(hunter.id, mei)
    expect(lastEvent(bot)).toMatchObject({ type: 'unfollow', source: { type: 'user', userId: mei } })
    expect(lastEvent(bot)).not.toHaveProperty('replyToken')
    expect(await profile()).toBe(404)
    await expect(platform.acts.say({ channel: hunter.id, user: mei }, { type: 'text', text: 'hi' })).rejects.toThrow(
      /blocked the bot/,
    )
    const push = { to: mei, messages: [{ type: 'text', text: 'come back' }] }
    expect((await call('POST', '/v2/bot/message/push', push)).status).toBe(200)
    expect(told(platform, 'answer')).toEqual([])
    await platform.acts.follow(hunter.id, mei)
    expect(lastEvent(bot)).toMatchObject({ type: 'follow', follow: { isUnblocked: true } })
    expect(await profile()).toBe(200)
  })

  it('is found by ID and by name', async () => {
    const { platform } = await start()
    expect(platform.people.find(hunter.id, '美')).toMatchObject({ userId: mei })
    expect(platform.people.find(hunter.id, ken)).toMatchObject({ displayName: 'Ken' })
    expect(platform.people.find(hunter.id, 'nobody')).toBeUndefined()
  })
})

describe('a group', () => {
  it('takes one bot, tells it who comes and goes, and lets it go', async () => {
    const { bot, platform, call } = await start()
    const { groupId } = platform.groups.add('Hunters', [mei])
    const sending = { channel: hunter.id, group: groupId, user: mei }
    const text = { type: 'text', text: 'hi' }
    await expect(platform.acts.say(sending, text)).rejects.toThrow('the bot is not in the group Hunters')
    await platform.acts.join(hunter.id, groupId)
    expect(lastEvent(bot)).toMatchObject({ type: 'join', source: { type: 'group', groupId } })
    await expect(platform.acts.join('other', groupId)).rejects.toThrow('no channel')
    await expect(platform.acts.join(hunter.id, groupId)).rejects.toThrow('LINE lets in only one')
    await expect(platform.acts.say({ ...sending, user: ken }, text)).rejects.toThrow('is not in the group')
    await platform.acts.enter(hunter.id, groupId, [ken])
    expect(lastEvent(bot)).toMatchObject({ type: 'memberJoined', joined: { members: [{ type: 'user', userId: ken }] } })
    expect(await call('GET', `/v2/bot/group/${groupId}/members/count`)).toEqual({ status: 200, body: { count: 2 } })
    expect((await call('GET', `/v2/bot/group/${groupId}/summary`)).body).toEqual({ groupId, groupName: 'Hunters' })
    await platform.acts.exit(hunter.id, groupId, [ken])
    expect(lastEvent(bot)).toMatchObject({ type: 'memberLeft', left: { members: [{ userId: ken }] } })
    expect((await call('POST', `/v2/bot/group/${groupId}/leave`)).status).toBe(200)
    expect((await call('GET', `/v2/bot/group/${groupId}/summary`)).status).toBe(404)
    await expect.poll(() => lastEvent(bot).type).toBe('leave')
  })

  it('counts its members for a push', async () => {
    const { platform, call } = await start()
    const { groupId } = platform.groups.add('Hunters', [mei, ken])
    await call('POST', '/v2/bot/message/push', { to: groupId, messages: [{ type: 'text', text: 'roar' }] })
    expect((await call('GET', '/v2/bot/message/quota/consumption')).body).toEqual({ totalUsage: 2 })
  })

  it('mentions the bot by @ and its name', async () => {
    const { bot, platform } = await start()
    await platform.acts.say({ channel: hunter.id, group: 'C1', user: mei }, { type: 'text', text: 'hey @Hunter 火龍' })
    expect(lastEvent(bot).message.mention).toEqual({
      mentionees: [{ index: 4, length: 7, type: 'user', userId: hunter.destination, isSelf: true }],
    })
    await platform.acts.say({ channel: hunter.id, user: mei }, { type: 'text', text: 'hey @Hunter' })
    expect(lastEvent(bot).message).not.toHaveProperty('mention')
  })
})

it('a postback carries what a picker chose', async () => {
  const { bot, platform } = await start()
  await platform.acts.postback({ channel: hunter.id, user: mei }, { data: 'when', params: { date: '2026-11-21' } })
  expect(lastEvent(bot)).toMatchObject({
    type: 'postback',
    postback: { data: 'when', params: { date: '2026-11-21' } },
    replyToken: expect.any(String),
  })
})

it('an image can be fetched by its message’s ID', async () => {
  const { bot, platform } = await start()
  await platform.acts.sendImage({ channel: hunter.id, user: mei }, { type: 'image/png', bytes: Buffer.from([1, 2]) })
  const { id, contentProvider } = lastEvent(bot).message
  expect(contentProvider).toEqual({ type: 'line' })
  const headers = { authorization: `Bearer ${hunter.accessToken}` }
  const response = await platform.app.request(`/v2/bot/message/${id}/content`, { headers })
  expect(response.headers.get('content-type')).toBe('image/png')
  expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.from([1, 2]))
  expect((await platform.app.request('/v2/bot/message/0/content', { headers })).status).toBe(404)
})

describe('what happens is told', () => {
  it('in order: what was said, its webhook, the reply in the chat, and the call that brought it', async () => {
    const { bot, platform, call } = await start()
    const from = platform.happenings.list().length
    const seen: Happened[] = []
    const stop = platform.happenings.on((happened) => seen.push(happened))
    await platform.acts.say({ channel: hunter.id, user: mei }, { type: 'text', text: '火龍' })
    const { replyToken, webhookEventId } = lastEvent(bot)
    const messages = [{ type: 'text', text: 'roar' }]
    await call('POST', '/v2/bot/message/reply', { replyToken, messages })
    stop()
    await call('GET', '/v2/bot/info')
    expect(seen.map(({ kind }) => kind)).toEqual(['event', 'webhook', 'outcome', 'answer', 'call'])
    expect(kinds(platform).slice(from)).toEqual([...seen.map(({ kind }) => kind), 'call'])
    expect(told(platform, 'answer')).toMatchObject([{ chat: mei, via: 'reply', messages, webhookEventId }])
    expect(told(platform, 'webhook')).toMatchObject([{ body: String(last(bot).body), redelivery: false }])
    expect(told(platform, 'outcome')).toMatchObject([{ status: 200, detail: '200' }])
  })

  it('also where the bot cannot be told', async () => {
    const { platform } = await start({ channels: [hunter, { id: '2', secret: 's' }] })
    await expect(platform.acts.say({ channel: '2', user: mei }, { type: 'text', text: 'hi' })).rejects.toThrow(
      'no webhook endpoint yet',
    )
    expect(told(platform, 'event')).toMatchObject([{ channel: '2', chat: mei }])
  })
})

it('a channel’s secret is changed without a trace on its webhook', async () => {
  const { bot, platform } = await start()
  platform.setChannel({ ...hunter, secret: 'new' })
  platform.setChannel({ id: '2', secret: 's', bot: 'team/two' })
  expect(platform.channels.byId(hunter.id)).toMatchObject({ secret: 'new', endpoint: bot.url })
  expect(platform.channels.byId('2')).toMatchObject({ secret: 's', bot: 'team/two' })
  expect(told(platform, 'channel').map(({ channel }) => channel)).toEqual([hunter.id, hunter.id, '2'])
})

describe('a webhook that fails', () => {
  const say = ({ acts }: Platform) => acts.say({ channel: hunter.id, user: mei }, { type: 'text', text: 'hi' })

  it('is sent again where the console says so, the same but for isRedelivery, until it is taken', async () => {
    const { bot, platform } = await start({ redeliverAfterMs: [1, 1, 1] }, [503, 500])
    for (const channel of platform.channels.list()) channel.redelivery = true
    expect(await say(platform)).toMatchObject({ error: 'error_status_code', status: 503 })
    await expect.poll(() => told(platform, 'outcome').map(({ detail }) => detail)).toEqual(['503', '500', '200'])
    const [first, second] = bot.received.map(({ body }) => JSON.parse(String(body)).events[0])
    expect(second).toEqual({ ...first, deliveryContext: { isRedelivery: true } })
    expect(told(platform, 'webhook').map(({ redelivery }) => redelivery)).toEqual([false, true, true])
  })

  it('is else sent once', async () => {
    const { bot, platform } = await start({ redeliverAfterMs: [0] }, [503])
    await say(platform)
    await platform.acts.say({ channel: hunter.id, user: mei }, { type: 'text', text: 'again' })
    expect(bot.received).toHaveLength(2)
  })
})

it.each([
  ['POST', '/v2/bot/message/reply', 2000, 1000],
  ['GET', '/v2/bot/channel/webhook/endpoint', 1000, 60_000],
])('%s %s answers 429 beyond %i calls in %i ms', async (method, path, limit, windowMs) => {
  const clock = { now: 0 }
  const { app } = makePlatform({ channels: [hunter], now: () => clock.now })
  const status = async () =>
    (await app.request(path, { method, headers: { authorization: `Bearer ${hunter.accessToken}` } })).status
  const inTime = await Promise.all(Array.from({ length: limit }, status))
  expect(inTime).not.toContain(429)
  expect(await status()).toBe(429)
  const other = await app.request('/v2/bot/info', { headers: { authorization: `Bearer ${hunter.accessToken}` } })
  expect(other.status).toBe(200)
  clock.now += windowMs
  expect(await status()).not.toBe(429)
})
