import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { bundle } from '../../functions/build/bundle.ts'
import type { Message, RuleFile } from '../../functions/core/rule.ts'
import { startLine } from '../../functions/local/line/start.ts'
import { type Running, run, runToEnd } from '../build/run.ts'
import { directoryOf } from './files.ts'

/** A bot as it is deployed, and LINE's stand-in. */

let file: string
beforeAll(async () => {
  const outdir = directoryOf({})
  await bundle(outdir.path, ['bot'])
  file = join(outdir.path, 'bot.cjs')
  return () => outdir[Symbol.dispose]()
})

const channel = { id: '1000000001', secret: 'hunter-secret', accessToken: 'long-lived' }
const user = 'Uhunter'

const rule = (keyword: string, reply: readonly Message[], index: number): RuleFile['rules'][number] => ({
  event: 'monsters',
  index,
  type: 'message',
  match: 'Exact',
  keywords: [keyword],
  priority: 0,
  replies: [reply],
})

const rules: RuleFile = {
  binding: 'monster',
  priority: 0,
  rules: [
    rule('火龍', [{ type: 'text', text: '{{user.displayName}}：頭 > 翼' }], 0),
    rule(
      'Rathian',
      [
        { type: 'text', text: 'tail' },
        { type: 'sticker', packageId: '446', stickerId: '1988' },
      ],
      1,
    ),
    rule('wrong', [{ type: 'text', text: 'x'.repeat(5001) }], 2),
  ],
}

/** A bot that LINE calls itself, with what a test may do at LINE. */
async function village(env: Record<string, string> = {}, secret: Record<string, string> = { channelId: channel.id }) {
  const line = await startLine({ channels: [channel], httpWebhooks: true })
  onTestFinished(() => line.close())
  const channelDirectory = directoryOf({ channelSecret: channel.secret, ...secret })
  const rulesDirectory = directoryOf({ 'rules.json': JSON.stringify(rules) })
  onTestFinished(() => [channelDirectory, rulesDirectory].forEach((directory) => directory[Symbol.dispose]()))
  const bot = await run(file, {
    LINEBOT_NAMESPACE: 'hunters',
    LINEBOT_NAME: 'monster',
    LINEBOT_LINE_API: line.url,
    LINEBOT_CHANNEL: channelDirectory.path,
    LINEBOT_RULES: rulesDirectory.path,
    ...env,
  })
  const simulator = simulatorAt(`${line.url}/_simulator`)
  await simulator.ask('PATCH', `/channels/${channel.id}`, { endpoint: `${bot.url}/webhook/hunters/monster` })
  await simulator.ask('POST', '/users', { userId: user, displayName: '獵人' })
  return { bot, channelDirectory, ...simulator }
}

function simulatorAt(url: string) {
  const ask = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const answer = await response.text()
    if (!response.ok) throw new Error(`${path}: ${answer}`)
    return answer === '' ? undefined : JSON.parse(answer)
  }
  const say = (text: string) => ask('POST', '/say', { channel: channel.id, user, text })
  const calls = async (path: string) =>
    (await ask('GET', '/calls')).calls.filter((call: { path: string }) => call.path === path)
  const replies = () => calls('/v2/bot/message/reply')
  return { ask, say, calls, replies }
}

const written = (text: string) => ({ type: 'message', message: { type: 'text', text } })

/** What became of all Incomings, in alphabetical order: they are worked on at the same time. */
const done = ({ logged }: Running) =>
  logged
    .map(({ message }) => /^Incoming was (.*)/.exec(String(message))?.[1])
    .filter((outcome) => outcome !== undefined)
    .toSorted()

const allDone = (bot: Running, ...outcomes: string[]) =>
  vi.waitFor(() => expect(done(bot)).toEqual(outcomes), { timeout: 5000, interval: 5 })

describe('a bot', () => {
  it('answers a keyword by its rule, with one token for all', async () => {
    const { bot, say, calls, replies } = await village()
    expect(await say('火龍')).toMatchObject({ status: 200 })
    await say('ｒａｔｈｉａｎ ')
    await say('something else')
    await allDone(bot, 'answered', 'answered', 'unmatched')
    const texts = (await replies()).map((call: { status: number; request: { messages: Message[] } }) => [
      call.status,
      call.request.messages.map((message) => ('text' in message ? message.text : message.type)),
    ])
    expect(texts.toSorted()).toEqual([
      [200, ['tail', 'sticker']],
      [200, ['獵人：頭 > 翼']],
    ])
    expect(await calls('/oauth2/v3/token')).toHaveLength(1)
  })

  it('answers the other Incomings of a webhook when LINE refuses one reply', async () => {
    const { bot, ask } = await village()
    const events = [written('wrong'), written('Rathian'), { type: 'unfollow' }, { type: 'brandNew', novelty: {} }]
    expect(await ask('POST', '/events', { channel: channel.id, user, events })).toMatchObject({ status: 200 })
    await allDone(bot, 'answered', 'failed', 'unrepliable', 'unrepliable')
    expect(bot.logged.find(({ level }) => level === 'Error')).toMatchObject({ rule: 'monsters/2', binding: 'monster' })
  })

  it('answers once when LINE sends a webhook twice', async () => {
    const { bot, say, ask, replies } = await village()
    const { webhookEventIds } = await say('Rathian')
    await ask('POST', '/redeliver', { channel: channel.id, webhookEventIds })
    await allDone(bot, 'answered', 'duplicate')
    expect(await replies()).toHaveLength(1)
  })

  it('takes a reply as delivered when LINE did it but its answer was lost', async () => {
    const { bot, ask, say, replies } = await village()
    await ask('POST', '/faults', { path: '/v2/bot/message/reply', drop: true, times: 1 })
    await say('Rathian')
    await allDone(bot, 'answered')
    expect((await replies()).map((call: { status: number }) => call.status)).toEqual([200, 400])
  })

  it('goes on with a new secret when the Secret’s files change', async () => {
    const { bot, ask, say, channelDirectory } = await village({}, { channelAccessToken: channel.accessToken })
    await ask('PATCH', `/channels/${channel.id}`, { secret: 'new' })
    expect(await say('Rathian')).toMatchObject({ status: 401 })
    channelDirectory.write('channelSecret', 'new\n')
    expect(await say('Rathian')).toMatchObject({ status: 200 })
    await allDone(bot, 'answered')
  })

  it('that is suspended acknowledges, asks LINE for nothing and replies nothing', async () => {
    const { bot, ask, say } = await village({ LINEBOT_SUSPEND: 'true' })
    expect(await say('Rathian')).toMatchObject({ status: 200 })
    await allDone(bot, 'suspended')
    expect((await ask('GET', '/calls')).calls).toEqual([])
  })

  it('that is told to stop first finishes what it acknowledged', async () => {
    const { bot, ask, say, replies } = await village()
    await ask('POST', '/faults', { path: '/v2/bot/message/reply', delayMs: 200, times: 1 })
    expect(await say('Rathian')).toMatchObject({ status: 200 })
    expect(await bot.stop()).toBe(0)
    expect(done(bot)).toEqual(['answered'])
    expect((await replies()).map((call: { status: number }) => call.status)).toEqual([200])
  })

  it.each<[string, Record<string, string>, RegExp]>([
    ['who it is', {}, /LINEBOT_NAMESPACE is missing; LINEBOT_NAME is missing/],
    ['its channel', { LINEBOT_NAMESPACE: 'a', LINEBOT_NAME: 'b', LINEBOT_CHANNEL: '/nowhere' }, /has no channelSecret/],
  ])('that does not know %s says so and ends', async (_what, env, why) => {
    const { code, logged } = await runToEnd(file, env)
    expect(code).toBe(1)
    expect(logged).toEqual([expect.objectContaining({ level: 'Error', error: expect.stringMatching(why) })])
  })
})
