import { channelAccessToken, HTTPFetchError, LineBotClient, messagingApi, validateSignature } from '@line/bot-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Line, startLine } from '../../../functions/local/line/start.ts'
import { type Bot, hunter, last, startBot } from './bot.ts'

const rathalos = `U${'b'.repeat(32)}`

describe('LINE’s own client', () => {
  let line: Line
  let bot: Bot
  let client: LineBotClient
  const simulate = async (path: string, body: object): Promise<Record<string, unknown>> => {
    const answer = await fetch(`${line.url}/_simulator/${path}`, { method: 'POST', body: JSON.stringify(body) })
    const text = await answer.text()
    return text === '' ? {} : JSON.parse(text)
  }

  beforeAll(async () => {
    bot = await startBot()
    line = await startLine({ channels: [hunter], httpWebhooks: true })
    const tokens = new channelAccessToken.ChannelAccessTokenClient({ baseURL: line.url })
    const issued = await tokens.issueStatelessChannelTokenByClientSecret(hunter.id, hunter.secret)
    client = LineBotClient.fromChannelAccessToken({
      channelAccessToken: issued.access_token,
      apiBaseURL: line.url,
    })
    await simulate('users', { userId: rathalos, displayName: '火龍' })
    await client.setWebhookEndpoint({ endpoint: bot.url })
  })
  afterAll(async () => {
    await line.close()
    await bot.close()
  })

  it('gets no token for a wrong secret', async () => {
    const tokens = new channelAccessToken.ChannelAccessTokenClient({ baseURL: line.url })
    await expect(tokens.issueStatelessChannelTokenByClientSecret(hunter.id, 'wrong')).rejects.toMatchObject({
      status: 400,
      body: `{"error":"invalid_request","error_description":"Invalid 'client_credentials'."}`,
    })
  })

  it('works with the long-lived token too', async () => {
    const longLived = new messagingApi.MessagingApiClient({
      channelAccessToken: hunter.accessToken,
      baseURL: line.url,
    })
    expect(await longLived.getBotInfo()).toMatchObject({ userId: hunter.destination, chatMode: 'bot' })
  })

  it('reads profiles, and gets a 404 for strangers', async () => {
    expect(await client.getProfile(rathalos)).toMatchObject({ userId: rathalos, displayName: '火龍' })
    await expect(client.getProfile('Ustranger')).rejects.toMatchObject({ status: 404, body: '{"message":"Not found"}' })
  })

  it('reads back and tests the endpoint it set', async () => {
    expect(await client.getWebhookEndpoint()).toEqual({ endpoint: bot.url, active: true })
    const tested = await client.testWebhookEndpoint({ endpoint: bot.url })
    expect(tested).toMatchObject({ success: true, statusCode: 200, reason: 'OK', detail: '200' })
    expect(last(bot).body.toString()).toBe(JSON.stringify({ destination: hunter.destination, events: [] }))
  })

  it.each(['none', 'unicode'])('finds the signature right, with escape %s', async (escape) => {
    await simulate('say', { channel: hunter.id, user: rathalos, text: '火龍 🐉', escape })
    const { headers, body } = last(bot)
    expect(validateSignature(body, hunter.secret, String(headers['x-line-signature']))).toBe(true)
    expect(validateSignature(body, 'wrong', String(headers['x-line-signature']))).toBe(false)
    expect(JSON.parse(body.toString()).events[0].message.text).toBe('火龍 🐉')
    expect(body.includes('\\uD83D\\uDC09')).toBe(escape === 'unicode')
  })

  it('replies once with a token, and never again', async () => {
    const said = await simulate('say', { channel: hunter.id, user: rathalos, text: 'hi' })
    const [replyToken = ''] = Array.isArray(said['replyTokens']) ? said['replyTokens'] : []
    const reply = { replyToken, messages: [{ type: 'text', text: 'hello' } as const] }
    const { sentMessages } = await client.replyMessage(reply)
    expect(sentMessages).toEqual([{ id: expect.stringMatching(/^\d{18}$/), quoteToken: expect.any(String) }])
    await expect(client.replyMessage(reply)).rejects.toMatchObject({
      status: 400,
      body: '{"message":"Invalid reply token"}',
    })
  })

  it('pushes once with a retry key, and learns of it again by a 409', async () => {
    const key = '123e4567-e89b-12d3-a456-426614174000'
    const message = { to: rathalos, messages: [{ type: 'text', text: 'roar' } as const] }
    const first = await client.pushMessageWithHttpInfo(message, key)
    const error = await client.pushMessage(message, key).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    if (!(error instanceof HTTPFetchError)) throw new Error('the second push was taken')
    expect(error.status).toBe(409)
    expect(error.headers.get('x-line-accepted-request-id')).toBe(first.httpResponse.headers.get('x-line-request-id'))
    expect(JSON.parse(error.body)).toEqual({
      message: 'The retry key is already accepted',
      sentMessages: first.body.sentMessages,
    })
    expect((await client.getMessageQuotaConsumption()).totalUsage).toBe(1)
  })
})
