import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { run } from '../../functions/cli/cli.ts'
import { Bot, KnativeService } from '../../functions/core/kinds.ts'
import { systemNamespace } from '../../functions/core/names.ts'
import type { BotStatus } from '../../functions/core/resources/bot.ts'
import { type Local, startLocal } from '../../functions/local/start.ts'
import { directoryOf } from '../bot/files.ts'
import { until } from '../conformance/knative/until.ts'
import { aSecret } from '../objects.ts'
import { binding, bot, channel, event, secret, text, type Written } from './objects.ts'

/** Whole stories over local mode: real processes of the functions and of a bot, and LINE's users. */

const namespace = 'default'
const idleSeconds = 1.2
let local: Local
let home: string
/** Lines of all processes. */
const logged: string[] = []
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'linebot-stories-'))
  local = await startLocal({ port: 0, idleSeconds, home, samples: [] })
  local.happenings.on((one) => one.kind === 'log' && logged.push(one.line))
}, 30_000)
afterAll(async () => {
  await local.close()
  await rm(home, { recursive: true })
})

/** As a person writes them with kubectl, in the namespace that local mode has opted in. */
async function apply(...written: readonly Written[]): Promise<void> {
  for (const { kind, object } of written) {
    await local.cluster.apply(kind, { ...object, metadata: { ...object.metadata, namespace } }, 'person')
  }
}

const statusOf = (name: string) => {
  const found = local.objects.get({ ...Bot, namespace, name })
  // What is stored of a Bot is a Bot.
  const { metadata, status } = (found ?? {}) as { metadata?: { generation?: number }; status?: BotStatus }
  return status?.observedGeneration === metadata?.generation ? status : undefined
}
const condition = (name: string, type: string) => statusOf(name)?.conditions?.find((one) => one.type === type)
const reason = (name: string, wanted: string, type = 'Ready') =>
  until(`${name} ${type} ${wanted}`, 25, () => condition(name, type)?.reason === wanted)

const revision = () => statusOf('hello')?.latestReadyRevision
/** Rolls to the Revision that comes of this. */
async function rolled(work: () => Promise<void>): Promise<void> {
  const before = revision()
  await work()
  await until('a new Revision', 25, () => revision() !== before && condition('hello', 'Ready')?.status === 'True')
}

interface Said {
  /** Whether LINE got its 200. */
  readonly acknowledged: boolean
  readonly id: string
}

const user = `U${'1'.repeat(32)}`
/** What no log should repeat. */
const confidence = 'my hunting horn is a fake'
async function say(words: string, to = channel.id): Promise<Said> {
  const { status, webhookEventIds } = await local.platform.acts.say(
    { channel: to, user },
    { type: 'text', text: words },
  )
  return { acknowledged: status === 200, id: webhookEventIds[0] ?? '' }
}

/** What LINE took as answers to what was said. */
const answersTo = ({ id }: Said): string[] =>
  local.platform.happenings
    .list()
    .flatMap((one) => (one.kind === 'answer' && one.webhookEventId === id ? one.messages : []))
    .map((message) => (message as { text: string }).text)
const answered = (said: Said) => until('an answer', 25, () => answersTo(said).length > 0).then(() => answersTo(said))

const processesOf = (service: string) => local.serving.running().filter((one) => one.service === service)
const kill = (service: string) => {
  for (const { pid } of processesOf(service)) process.kill(pid, 'SIGKILL')
}

const reply = '/v2/bot/message/reply'
const faults = (method: string, body?: object) =>
  fetch(`${local.line}/_simulator/faults`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })
/** How LINE answered a bot's tries to answer what was said. */
const triesOf = ({ id }: Said): number[] =>
  local.platform.happenings
    .list()
    .flatMap((one) =>
      one.kind === 'call' && one.call.path === reply && one.call.webhookEventId === id ? one.call : [],
    )
    .map(({ status }) => status)
const faultsLeft = async (): Promise<number> => {
  const { faults: left } = (await (await faults('GET')).json()) as { faults: unknown[] }
  return left.length
}

/** Somebody who goes on talking while `work` is under way. */
async function whileTalking(work: () => Promise<void>): Promise<Said[]> {
  const said: Said[] = []
  const done = new AbortController()
  const talk = async () => {
    while (!done.signal.aborted) {
      said.push(await say('rathalos'))
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
  }
  const talking = talk()
  await work().finally(() => done.abort())
  await talking
  return said
}

describe('a person with nothing but this repository', { timeout: 30_000 }, () => {
  it('applies a Bot with its rules, speaks to it at once, and it becomes Ready', async () => {
    await apply(
      secret(),
      bot(),
      binding(),
      event('rathalos', { rules: [{ keywords: ['rathalos'], reply: [text('one')] }] }),
      event('slow', { rules: [{ keywords: ['slow'], reply: [text('{{user.displayName}}, at last')] }] }),
    )
    vi.stubEnv('LINEBOT_LOCAL', local.line)
    expect(await run(['say', 'hello', 'rathalos']).finally(() => vi.unstubAllEnvs())).toEqual({ code: 0, out: 'one' })
    await reason('hello', 'Ready')
    expect(statusOf('hello')?.channel?.test?.success).toBe(true)
  })

  it('sees it go to zero, and be answered by a process that was not there', async () => {
    await until('no process', 25, () => processesOf('hello').length === 0)
    const said = await say('Rathalos')
    expect(said.acknowledged).toBe(true)
    expect(await answered(said)).toEqual(['one'])
    expect(processesOf('hello')).toHaveLength(1)
  })

  it('changes an Event under a stream of messages: all are answered, first so and then so', async () => {
    const two = event('rathalos', { rules: [{ keywords: ['rathalos'], reply: [text('two')] }] })
    const said = await whileTalking(() => rolled(() => apply(two)))
    said.push(await say('rathalos'))
    expect(said.filter(({ acknowledged }) => !acknowledged)).toEqual([])
    const answers = (await Promise.all(said.map(answered))).flat()
    expect(answers).toHaveLength(said.length)
    expect(new Set(answers)).toEqual(new Set(['one', 'two']))
    expect(answers.at(-1)).toBe('two')
  })
})

describe('a bot that is killed in the middle of its reply', { timeout: 30_000 }, () => {
  it.each([
    ['that LINE has taken', { path: reply, delayMs: 20_000, times: 1 }, 400],
    ['that LINE has not taken', { path: reply, status: 500, delayMs: 20_000, times: 1 }, 200],
  ])('%s has answered exactly once in the end', async (_which, fault, next) => {
    await faults('POST', fault)
    const saying = say('rathalos')
    await until('the reply is under way', 25, async () => (await faultsLeft()) === 0)
    const before = processesOf('hello').map(({ pid }) => pid)
    kill('hello')
    const said = await saying
    expect(said.acknowledged).toBe(true)
    // The Broker's next try finds a new process, whose reply LINE takes, or knows.
    await until('a second try', 25, () => triesOf(said).at(-1) === next)
    expect(await answered(said)).toEqual(['two'])
    expect(before).toHaveLength(1)
    expect(processesOf('hello').map(({ pid }) => pid)).not.toEqual(before)
  })
})

let lost: Said
describe('a front door that is killed with events in its hands', { timeout: 30_000 }, () => {
  const doorAgain = async (before: number | undefined) => {
    await until('another front door', 25, () => processesOf('front-door').some(({ pid }) => pid !== before))
  }

  it('does not take what a bot has: that is answered', async () => {
    const before = processesOf('front-door')[0]?.pid
    await faults('POST', { path: '/v2/bot/profile/*', delayMs: 1500, times: 1 })
    const said = await say('slow')
    expect(said.acknowledged).toBe(true)
    await until('the bot is at it', 25, async () => (await faultsLeft()) === 0)
    expect(answersTo(said)).toEqual([])
    kill('front-door')
    expect((await answered(said)).join()).toContain('at last')
    await doorAgain(before)
  })

  it('loses what it had acknowledged and no bot had done, and nothing that comes later', async () => {
    const before = processesOf('front-door')[0]?.pid
    await faults('POST', { path: reply, status: 500, times: 1000 })
    lost = await say('rathalos')
    expect(lost.acknowledged).toBe(true)
    await until('the bot has given up', 25, () => triesOf(lost).length >= 3)
    kill('front-door')
    await doorAgain(before)
    await faults('DELETE')
    const later = await say('rathalos')
    expect(later.acknowledged).toBe(true)
    expect(await answered(later)).toEqual(['two'])
    expect(answersTo(lost)).toEqual([])
  })
})

describe('a channel', { timeout: 30_000 }, () => {
  it('whose secret is changed under a stream of messages answers all of them', async () => {
    const fresh = 'fedcba9876543210fedcba9876543210'
    const atLine = local.platform.channels.byId(channel.id)
    const said = await whileTalking(() =>
      rolled(async () => {
        if (atLine) atLine.secret = fresh
        await apply(secret({ channelSecret: fresh, channelSecretPrevious: channel.secret }))
      }),
    )
    said.push(await say('rathalos'))
    expect(said.filter(({ acknowledged }) => !acknowledged).length).toBeLessThanOrEqual(1)
    const taken = said.filter(({ acknowledged }) => acknowledged)
    expect((await Promise.all(taken.map(answered))).flat()).toEqual(taken.map(() => 'two'))
    expect(condition('hello', 'WebhookReady')?.reason).toBe('Registered')
  })

  it('whose secret is wrong says so, and which one to copy', async () => {
    const accessToken = 'long-lived'
    local.platform.channels.add({ id: '2', secret: 'a'.repeat(32), accessToken })
    const data = { channelSecret: 'b'.repeat(32), channelAccessToken: accessToken }
    const wrong = aSecret(data, { name: 'wrong', namespace })
    await apply({ ...secret(), object: wrong }, bot({ channel: { secretName: 'wrong' }, selector: {} }, 'wrong'))
    await reason('wrong', 'WrongChannelSecret')
    expect(condition('wrong', 'Ready')?.message).toContain('LINE Developers console')
    await local.cluster.remove({ ...Bot, namespace, name: 'wrong' }, uidOf('wrong'))
    await until('its Service is gone', 25, () => !local.objects.get({ ...KnativeService, namespace, name: 'wrong' }))
  })
})

const uidOf = (name: string) => local.objects.get({ ...Bot, namespace, name })?.metadata.uid ?? ''

describe('in the end', { timeout: 30_000 }, () => {
  it('a suspended bot acknowledges and does not answer, and does again when it may', async () => {
    await apply(bot({ suspend: true }))
    await reason('hello', 'Suspended')
    const unheard = await say('rathalos')
    expect(unheard.acknowledged).toBe(true)
    await rolled(() => apply(bot()))
    await reason('hello', 'Ready')
    expect(await answered(await say('rathalos'))).toEqual(['two'])
    expect(answersTo(unheard)).toEqual([])
    expect((await say(`rathalos, ${confidence}`)).acknowledged).toBe(true)
  })

  it('nothing runs but the front door', async () => {
    const running = () => local.serving.running().map(({ namespace: where, service }) => `${where}/${service}`)
    await until('all is quiet', 25, () => running().join() === `${systemNamespace}/front-door`)
    expect(answersTo(lost), 'nobody had kept it').toEqual([])
  })

  it('what all of them counted is told, though they sleep', async () => {
    // A start of which no front door was told that is dead by now.
    await answered(await say('rathalos'))
    const values = new Map<string, number>()
    const read = async () => {
      const page = await (await fetch(local.metrics)).text()
      for (const [, name = '', value] of page.matchAll(/^(linebot\S+) (.+)$/gm)) values.set(name, Number(value))
    }
    const whose = `namespace="${namespace}",bot="hello"`
    const wanted = [
      'linebot_front_door_ack_seconds_count',
      `linebot_bot_incomings_total{${whose},type="message",outcome="answered"}`,
      `linebot_bot_reply_seconds_count{${whose}}`,
      `linebot_bot_cold_starts_total{${whose}}`,
      `linebot_line_calls_total{${whose},method="POST",path="/v2/bot/message/reply",outcome="ok"}`,
      `linebot_line_calls_total{controller="bot-controller",method="GET",path="/v2/bot/info",outcome="ok"}`,
      'linebot_reconciles_total{controller="bot-controller",result="settled"}',
      'linebot_reconciles_total{controller="event-controller",result="settled"}',
      `linebot_bot_ready{${whose}}`,
      `linebot_bot_rules{${whose}}`,
    ]
    const untold = async () => {
      await read()
      return wanted.filter((name) => !values.get(name))
    }
    await until('all is told', 25, async () => (await untold()).length === 0).catch(() => {})
    expect(await untold()).toEqual([])
    expect(values.get('linebot_front_door_dropped_samples_total{reason="Unknown"}')).toBeUndefined()
  })

  it('no log holds a secret, a token or what was said, and each line is one happening', () => {
    const own = [channel.secret, 'fedcba9876543210fedcba9876543210', 'a'.repeat(32), 'b'.repeat(32), 'long-lived']
    const secrets = own.flatMap((one) => [one, Buffer.from(one).toString('base64'), encodeURIComponent(one)])
    const sent = local.platform.happenings.list().flatMap((one) => (one.kind === 'webhook' ? one : []))
    const ofWebhooks = sent.flatMap(({ headers, body }) => [
      String(headers['x-line-signature']),
      ...[...body.matchAll(/"(?:replyToken|quoteToken)":"([^"]+)"/g)].map(([, token = '']) => token),
    ])
    expect(ofWebhooks.length).toBeGreaterThan(30)
    const issued = ['stateless-', 'Bearer', 'replyToken', confidence]
    const whole = logged.join('\n')
    expect([...secrets, ...issued, ...ofWebhooks].filter((one) => whole.includes(one))).toEqual([])
    // As those that the functions show to the API server: long, with letters of both cases and digits.
    expect(whole.match(/(?<![\w-])(?=[\w-]*[A-Z])(?=[\w-]*[a-z])(?=[\w-]*\d)[\w-]{32,}(?![\w-])/g) ?? []).toEqual([])
    const happenings = logged.map((line): Record<string, unknown> => JSON.parse(line))
    const of = (message: RegExp) => happenings.filter((one) => message.test(String(one['message'])))
    expect(happenings.filter(({ time, level, message }) => !time || !level || !message)).toEqual([])
    expect(of(/^Incoming was/).length).toBeGreaterThan(10)
    expect(of(/^Incoming was/).filter(({ webhookEventId }) => !webhookEventId)).toEqual([])
    for (const line of [of(/^webhook$/), of(/^deliver$/)]) {
      expect(line.length).toBeGreaterThan(10)
      expect(line.filter(({ webhookEventIds }) => !webhookEventIds)).toEqual([])
    }
    expect(of(/^run /).length).toBeGreaterThan(10)
    expect(of(/^run /).filter(({ key }) => !key)).toEqual([])
    expect(of(/(applied|told|removed)(: failed)?$/).filter((one) => !one['for'])).toEqual([])
  })

  it('the bot has the conversations of a test, from the webhook to the reply', async () => {
    const conversation = `bot: hello
conversations:
  - as: Alice
    group: Hunters
    steps:
      - { say: rathalos, answer: two }
      - { say: slow, at: 2026-03-02 12:00, answer: "Alice, at last" }
      - { say: rathian, silent: true }
`
    using files = directoryOf({ 'talk.yaml': conversation })
    vi.stubEnv('KUBECONFIG', local.kubeconfig)
    const had = await run(['test', files.path, '--cluster']).finally(() => vi.unstubAllEnvs())
    expect(had.out).toContain('(1 conversation; end to end 2 of 3 steps, by the engine alone 1)')
    expect(had.code).toBe(0)
    const heard = local.platform.happenings.list().flatMap((one) => (one.kind === 'answer' ? one.messages : []))
    expect(heard).toContainEqual(text('Alice, at last'))
  })

  it('and when it is closed, no process is left', async () => {
    const said = await say('rathalos')
    await answered(said)
    const pids = local.serving.running().map(({ pid }) => pid)
    expect(pids.length).toBeGreaterThan(1)
    await local.close()
    const alive = () =>
      pids.filter((pid) => {
        try {
          return process.kill(pid, 0)
        } catch {
          return false
        }
      })
    await until('all are gone', 25, () => alive().length === 0)
  })
})
