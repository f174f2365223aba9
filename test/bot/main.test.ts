import { once } from 'node:events'
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text as read } from 'node:stream/consumers'
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { bundle } from '../../functions/build/bundle.ts'
import type { Forward, Message, RuleFile } from '../../functions/core/rule.ts'
import { portOf } from '../../functions/edge/serve.ts'
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

/** A bot that LINE calls itself, with what a test may do at LINE, and more pods of the bot if one is not enough. */
async function village(
  env: Record<string, string> = {},
  secret: Record<string, string> = { channelId: channel.id },
  compiled: RuleFile = rules,
) {
  const line = await startLine({ channels: [channel], httpWebhooks: true })
  onTestFinished(() => line.close())
  const channelDirectory = directoryOf({ channelSecret: channel.secret, ...secret })
  const rulesDirectory = directoryOf({ 'rules.json': JSON.stringify(compiled) })
  onTestFinished(() => [channelDirectory, rulesDirectory].forEach((directory) => directory[Symbol.dispose]()))
  const pod = (more: Record<string, string> = {}) =>
    run(file, {
      LINEBOT_NAMESPACE: 'hunters',
      LINEBOT_NAME: 'monster',
      LINEBOT_LINE_API: line.url,
      LINEBOT_CHANNEL: channelDirectory.path,
      LINEBOT_RULES: rulesDirectory.path,
      ...env,
      ...more,
    })
  const bot = await pod()
  const simulator = simulatorAt(`${line.url}/_simulator`)
  await simulator.ask('PATCH', `/channels/${channel.id}`, { endpoint: `${bot.url}/webhook/hunters/monster` })
  await simulator.ask('POST', '/users', { userId: user, displayName: '獵人' })
  const callInstead = (other: Running, name = 'monster') =>
    simulator.ask('PATCH', `/channels/${channel.id}`, { endpoint: `${other.url}/webhook/hunters/${name}` })
  return { bot, pod, callInstead, channelDirectory, ...simulator }
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

// A listening TCP server's address is never a pipe's name.
const portTaken = (server: net.Server) => (server.address() as AddressInfo).port

interface Question {
  readonly id: unknown
  readonly answer: (text: string) => void
}

/** Somebody to be asked, who answers when the test does. */
async function oracle() {
  const questions: Question[] = []
  const server = http.createServer((request, response) => {
    request.resume()
    const answer = (text: string) => void response.writeHead(200, { 'content-type': 'text/plain' }).end(text)
    questions.push({ id: request.headers['ce-id'], answer })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  /** The question of this number, once it is asked. */
  const question = (number: number) => vi.waitUntil(() => questions[number], { timeout: 5000, interval: 5 })
  // A listening TCP server's address is never a pipe's name.
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, questions, question }
}

const asking = (forward: Forward): RuleFile => ({
  binding: 'monster',
  priority: 0,
  rules: [{ ...rule('ask', [], 0), keywords: [], replies: [], forward }],
})

const textsOf = (calls: { request: { messages: Message[] } }[]) =>
  calls.map(({ request }) => request.messages.map((message) => ('text' in message ? message.text : message.type)))

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

  it('that has nothing to do goes at once, whoever is connected and whoever does not answer', async () => {
    const silent = net.createServer((socket) => socket.on('error', () => {}))
    await once(silent.listen(0, '127.0.0.1'), 'listening')
    const nobody = `http://127.0.0.1:${portTaken(silent)}`
    const { bot, say } = await village({ LINEBOT_METRICS: `${nobody}/push` })
    await say('Rathian')
    await allDone(bot, 'answered')
    const connected = [net.connect(Number(new URL(bot.url).port), '127.0.0.1')]
    onTestFinished(() => {
      for (const socket of connected) socket.destroy()
      silent.close()
    })
    const agent = new http.Agent({ keepAlive: true })
    const [response] = await once(http.get(bot.url, { agent }), 'response')
    await read(response)
    const began = performance.now()
    expect(await bot.stop()).toBe(0)
    // Two seconds are for the numbers that nobody takes.
    expect(performance.now() - began).toBeLessThan(5_000)
  })

  it('that LINE has not even given a token goes at once', async () => {
    const silent = net.createServer((socket) => socket.on('error', () => {}))
    const asked = once(silent, 'connection')
    await once(silent.listen(0, '127.0.0.1'), 'listening')
    onTestFinished(() => void silent.close())
    const { bot } = await village({ LINEBOT_LINE_API: `http://127.0.0.1:${portTaken(silent)}` })
    await asked
    const began = performance.now()
    expect(await bot.stop()).toBe(0)
    expect(performance.now() - began).toBeLessThan(3_000)
  })

  it('pushes what it counted, after its answer and before it goes', async () => {
    const pushed: string[] = []
    const door = http.createServer(async (request, response) => {
      pushed.push(await read(request))
      response.writeHead(204).end()
    })
    await once(door.listen(0, '127.0.0.1'), 'listening')
    onTestFinished(() => void door.close())
    const { bot, say } = await village({ LINEBOT_METRICS: `http://127.0.0.1:${portOf(door)}/push` })
    await say('Rathian')
    await allDone(bot, 'answered')
    expect(pushed).toEqual([])
    expect(await bot.stop()).toBe(0)
    const samples = pushed.flatMap((body) => JSON.parse(body).samples)
    expect(samples).toContainEqual({
      name: 'linebot_bot_incomings_total',
      labels: { namespace: 'hunters', bot: 'monster', type: 'message', outcome: 'answered' },
      by: 1,
    })
    expect(samples.map(({ name }) => name)).toContain('linebot_bot_reply_seconds')
    expect(samples).toContainEqual(
      expect.objectContaining({
        name: 'linebot_line_calls_total',
        labels: expect.objectContaining({ path: '/v2/bot/message/reply', outcome: 'ok' }),
      }),
    )
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

describe('a bot that forwards', () => {
  it('shows that the answer is on its way, and says it', async () => {
    const { url, question } = await oracle()
    const { bot, say, calls, replies } = await village({}, undefined, asking({ to: { url }, timeoutSeconds: 20 }))
    const { webhookEventIds } = await say('火龍？')
    const { id, answer } = await question(0)
    expect(id).toBe(webhookEventIds[0])
    await vi.waitFor(async () => expect(await calls('/v2/bot/chat/loading/start')).toHaveLength(1), 5000)
    answer('頭 > 翼')
    await allDone(bot, 'answered')
    expect(textsOf(await replies())).toEqual([['頭 > 翼']])
  })

  it('offers a button for a late answer, which another pod fetches with the same ID', async () => {
    const { url, question, questions } = await oracle()
    const { bot, pod, callInstead, say, ask, replies } = await village(
      { LINEBOT_LATE_POLICY: 'Button' },
      undefined,
      asking({ to: { url }, timeoutSeconds: 0.2 }),
    )
    const { webhookEventIds } = await say('火龍？')
    await allDone(bot, 'late')
    const [call] = await replies()
    const { data } = call.request.messages[0].template.actions[0]
    const another = await pod()
    await callInstead(another)
    await ask('POST', '/events', { channel: channel.id, user, events: [{ type: 'postback', postback: { data } }] })
    const { id, answer } = await question(1)
    expect([id, questions[0]?.id]).toEqual([webhookEventIds[0], webhookEventIds[0]])
    answer('頭 > 翼')
    await allDone(another, 'fetched')
    expect(textsOf(await replies())).toEqual([['template'], ['頭 > 翼']])
  })

  it('pushes a late answer within its budget, also when it is told to stop meanwhile', async () => {
    const { url, question } = await oracle()
    const { bot, say, calls, replies } = await village(
      { LINEBOT_LATE_POLICY: 'Push', LINEBOT_PUSH_BUDGET: '1' },
      undefined,
      asking({ to: { url }, timeoutSeconds: 0.2, late: [{ type: 'text', text: 'wait' }] }),
    )
    await say('火龍？')
    const { answer } = await question(0)
    await allDone(bot, 'late')
    const stopped = bot.stop()
    answer('頭 > 翼')
    expect(await stopped).toBe(0)
    const pushes = await calls('/v2/bot/message/push')
    expect([textsOf(await replies()), textsOf(pushes)]).toEqual([[['wait']], [['頭 > 翼']]])
    expect(pushes).toMatchObject([{ status: 200, request: { to: user } }])
    expect(bot.logged.at(-1)).toMatchObject({ message: 'Late answer was pushed' })
  })

  it('leaves the answer to another Bot of the channel', async () => {
    const { bot, pod, callInstead, say, replies } = await village()
    const to = asking({ to: { url: bot.url, bot: true }, timeoutSeconds: 5 })
    const rulesDirectory = directoryOf({ 'rules.json': JSON.stringify(to) })
    onTestFinished(() => rulesDirectory[Symbol.dispose]())
    const first = await pod({ LINEBOT_RULES: rulesDirectory.path, LINEBOT_NAME: 'first' })
    await callInstead(first, 'first')
    await say('Rathian')
    await allDone(first, 'forwarded')
    await allDone(bot, 'answered')
    expect(textsOf(await replies())).toEqual([['tail', 'sticker']])
  })

  it('does not follow Bots that forward to each other', async () => {
    const { bot, pod, callInstead, say, replies } = await village()
    const to = (url: string) => JSON.stringify(asking({ to: { url, bot: true }, timeoutSeconds: 5 }))
    const second = directoryOf({ 'rules.json': to(bot.url) })
    const first = directoryOf({})
    onTestFinished(() => [first, second].forEach((directory) => directory[Symbol.dispose]()))
    const other = await pod({ LINEBOT_RULES: second.path })
    first.write('rules.json', to(other.url))
    const one = await pod({ LINEBOT_RULES: first.path })
    await callInstead(one)
    await say('Rathian')
    await allDone(one, 'forwarded')
    await allDone(other, 'failed')
    expect([await replies(), done(bot)]).toEqual([[], []])
  })
})
