import { type AddressInfo, createServer } from 'node:net'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { run } from '../../functions/cli/cli.ts'
import { type Line, startLine } from '../../functions/local/line/start.ts'
import { startBot } from '../local/line/bot.ts'

const channel = { id: '1000000001', secret: 'secret', name: 'Hello', accessToken: 'token', bot: 'team/hello' }
const open: { close(): Promise<void> }[] = []

let line: Line
let starting: boolean
/** Hears when somebody asks whether bots are still starting. */
let asked: () => void

beforeEach(async () => {
  starting = false
  asked = () => undefined
  const isStarting = () => {
    asked()
    return starting
  }
  line = await startLine({ channels: [channel], httpWebhooks: true, starting: isStarting })
  open.push(line)
  vi.stubEnv('LINEBOT_LOCAL', line.url)
})

afterEach(async () => {
  vi.unstubAllEnvs()
  for (const one of open.splice(0)) await one.close()
})

/** A bot that answers each event of type message with `messages`, as `Bot` in `NAMESPACE/NAME`. */
const answering = async (messages: readonly object[], path = 'team/hello') => {
  const bot = await startBot(async (response) => {
    const { events } = JSON.parse(String(bot.received.at(-1)?.body))
    for (const { type, replyToken } of events) {
      if (type === 'message' && messages.length > 0)
        await call('POST', '/v2/bot/message/reply', { replyToken, messages })
    }
    response.end()
  })
  open.unshift(bot)
  await call('PUT', '/v2/bot/channel/webhook/endpoint', { endpoint: `${bot.origin}/webhook/${path}` })
  return bot
}

const call = (method: string, path: string, body: object) =>
  fetch(`${line.url}${path}`, {
    method,
    headers: { authorization: 'Bearer token', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

const said = (bot: { received: readonly { body: Buffer }[] }) =>
  bot.received.flatMap(({ body }) => JSON.parse(String(body)).events)

it('prints what the bot answers: text as it is, anything else as a line', async () => {
  await answering([
    { type: 'text', text: '火龍\n[斬] 頭 > 翼' },
    { type: 'sticker', packageId: '446', stickerId: '1988' },
    { type: 'location', title: 'Camp', address: 'Forest 1', latitude: 0, longitude: 0 },
    { type: 'image', originalContentUrl: 'https://a/b.png', previewImageUrl: 'https://a/b.png' },
  ])
  expect(await run(['say', 'hello', '火龍'])).toEqual({
    code: 0,
    out: '火龍\n[斬] 頭 > 翼\n[sticker 446/1988]\n[location Camp, Forest 1]\n[image https://a/b.png]',
  })
})

it('--json prints a LINE message object a line', async () => {
  const messages = [
    { type: 'text', text: 'a\nb' },
    { type: 'text', text: 'c' },
  ]
  await answering(messages)
  const { code, out } = await run(['say', 'hello', 'hi', '--json'])
  expect(code).toBe(0)
  expect(out?.split('\n').map((text) => JSON.parse(text))).toEqual(messages)
})

it('--as and --group say who writes, and where, with the bot put into the group first', async () => {
  const bot = await answering([{ type: 'text', text: 'roar' }])
  for (const name of ['美', 'Ken']) await run(['say', 'hello', 'hi', '--as', name, '--group', 'Hunters'])
  const users = line.platform.people.list()
  const [mei, ken] = users.map(({ userId }) => userId)
  expect(users).toMatchObject([{ displayName: '美' }, { displayName: 'Ken' }])
  expect(said(bot).map(({ type, source }) => [type, source.type, source.userId])).toEqual([
    ['join', 'group', undefined],
    ['message', 'group', mei],
    ['memberJoined', 'group', undefined],
    ['message', 'group', ken],
  ])
})

it.each([
  ['no bot of the name', ['bye', 'hi'], 'there is no bot bye with a channel at LINE, but team/hello; if'],
  [
    'no bot in the namespace',
    ['hello', 'hi', '--namespace', 'x'],
    'there is no bot x/hello with a channel at LINE, but team/hello; if',
  ],
  ['no webhook yet', ['hello', 'hi'], 'team/hello has no webhook at LINE yet'],
])('with %s it says so', async (_what, args, message) => {
  const { code, err } = await run(['say', ...args])
  expect(code).toBe(1)
  expect(err).toContain(message)
})

it('waits for a bot that is on its way', async () => {
  starting = true
  const once = new Promise<void>((resolve) => (asked = resolve))
  const saying = run(['say', 'hello', 'hi'])
  await once
  await answering([{ type: 'text', text: 'roar' }])
  expect(await saying).toEqual({ code: 0, out: 'roar' })
})

it('says after the wait that bots are still starting, and nothing of samples to apply', async () => {
  starting = true
  const { code, err } = await run(['say', 'bye', 'hi', '--wait', '0.05'])
  expect(code).toBe(1)
  expect(err).toBe(
    'bots are still starting, and bye has no webhook at LINE after 0.05 s; its conditions say what it waits for: kubectl --kubeconfig .local/kubeconfig describe lbot bye',
  )
})

it('asks for the namespace where there are two', async () => {
  line.platform.channels.add({ id: '2', secret: 's', bot: 'shop/hello' })
  await answering([{ type: 'text', text: 'roar' }])
  expect(await run(['say', 'hello', 'hi'])).toMatchObject({
    code: 1,
    err: 'there are team/hello and shop/hello: say which with --namespace',
  })
  expect(await run(['say', 'hello', 'hi', '-n', 'team'])).toEqual({ code: 0, out: 'roar' })
})

it('says the status of a webhook that failed', async () => {
  const bot = await startBot((response) => void response.writeHead(503).end())
  open.unshift(bot)
  await call('PUT', '/v2/bot/channel/webhook/endpoint', { endpoint: `${bot.origin}/webhook/team/hello` })
  expect(await run(['say', 'hello', 'hi'])).toEqual({ code: 1, err: 'the webhook failed with status 503' })
})

it('says what LINE did not like about an answer', async () => {
  await answering([{ type: 'text', text: '' }])
  expect(await run(['say', 'hello', 'hi'])).toEqual({
    code: 1,
    err: 'LINE refused the answer (400): The request body has 1 error(s)\nmessages[0].text: May not be empty',
  })
})

it('waits no longer than told', async () => {
  await answering([])
  expect(await run(['say', 'hello', 'hi', '--wait', '0.05'])).toEqual({
    code: 1,
    err: 'no answer within 0.05 s; npx linebot explain says which rules fit, npx linebot doctor whether those they forward to are Ready',
  })
})

it('says that local mode does not run', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  // A server's address is text for a pipe alone.
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  vi.stubEnv('LINEBOT_LOCAL', `http://127.0.0.1:${port}`)
  expect(await run(['say', 'hello', 'hi'])).toEqual({
    code: 1,
    err: `local mode does not answer at http://127.0.0.1:${port}: start it with npm start`,
  })
})

it.each([
  [['hello']],
  [['hello', 'hi', 'there']],
  [['hello', 'hi', '--wait', 'long']],
  [['hello', 'hi', '--wait', '0']],
])('say %j is not understood', async (args) => {
  expect(await run(['say', ...args])).toMatchObject({ code: 2 })
})
