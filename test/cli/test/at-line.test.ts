import { afterEach, describe, expect, it } from 'vitest'
import { type AtLine, isPlayable, meetAtLine, unnumbered } from '../../../functions/cli/test/at-line.ts'
import { makeEngine, type Reaction } from '../../../functions/cli/test/engine.ts'
import { play } from '../../../functions/cli/test/play.ts'
import { readSuite } from '../../../functions/cli/test/suite.ts'
import type { Message, RuleFile } from '../../../functions/core/rule.ts'
import { type Line, startLine } from '../../../functions/local/line/start.ts'
import { startBot } from '../../local/line/bot.ts'
import { aBot } from '../../objects.ts'

const text = (words: string): Message => ({ type: 'text', text: words })
const shared = { event: 'a', index: 0, type: 'message', match: 'Exact', priority: 0 } as const
const toTarget = { to: { url: 'http://a.test' }, timeoutSeconds: 1 }
const rules: RuleFile = {
  binding: 'hello',
  priority: 0,
  rules: [
    { ...shared, keywords: ['hi'], replies: [[text('Hey')]] },
    { ...shared, index: 1, keywords: ['coin'], replies: [[text('head')], [text('tail')]] },
    { ...shared, index: 2, keywords: ['ask'], replies: [], forward: toTarget },
  ],
}
const engine = () => makeEngine({ bot: aBot(), files: [rules] }, [], new Map())

const conversation = (...steps: readonly object[]) => {
  const [first] = readSuite({ conversations: [{ name: 'it', steps }] }).suite.conversations
  if (!first) throw new Error('no conversation')
  return first
}

/** A bot at LINE that has shown this, and what it heard. */
const showing = (shown: readonly Message[] | string) => {
  const heard: unknown[] = []
  const line: AtLine = {
    bot: { userId: 'U1', displayName: 'Hello' },
    hear: async (event) => {
      heard.push(event['message'])
      return shown
    },
  }
  return { line: { ...line, people: {} }, heard }
}

describe('a step is played at LINE', () => {
  it.each([
    [1, 'that has one certain answer', { say: 'hi', answer: 'Hey' }],
    [1, 'whatever time it has', { say: 'hi', at: '2026-03-02 12:00', answer: 'Hey' }],
    [1, 'of which only the rule is told', { say: 'hi', rule: 'a/0' }],
    [0, 'but not silence', { say: 'zzz', silent: true }],
    [0, 'but not chance', { say: 'coin', oneOf: ['head', 'tail'] }],
    [0, 'but not what is forwarded', { say: 'ask', forward: { answer: 'yes' }, answer: 'yes' }],
  ])('%i: one %s', async (count, _what, step) => {
    const { line, heard } = showing([text('Hey')])
    expect(await play(conversation(step), engine(), line)).toEqual({ failures: [], endToEnd: count })
    expect(heard).toHaveLength(count)
  })

  it('0: one that fails already', async () => {
    const { line } = showing([text('Hey')])
    const ended = await play(conversation({ say: 'hi', answer: 'Hello' }), engine(), line)
    expect(ended).toMatchObject({ failures: [{ lines: expect.not.arrayContaining(['at LINE']) }], endToEnd: 0 })
  })

  it.each([
    ['who speaks', { as: 'You' }],
    ['who comes', { as: 'Bob' }],
  ])('0: one where LINE would know less of %s', (_who, { as }) => {
    const [step] = conversation({ memberJoined: ['You'], as, rule: 'a' }).steps
    const reaction: Reaction = { outcome: 'answered', said: [text('Hey')], problems: [] }
    expect(step && isPlayable(step, {}, [reaction])).toBe(true)
    expect(step && isPlayable(step, { You: { language: 'ja' } }, [reaction])).toBe(false)
    // The button of a late answer that the engine alone has kept.
    expect(step && isPlayable(step, {}, [{ ...reaction, outcome: 'fetched' }])).toBe(false)
  })
})

describe('what LINE shows', () => {
  it.each([
    ['is other than is expected', { say: 'hi', answer: 'Hey' }, [text('Ho')], '- Hey\n  + Ho'],
    ['is other than the engine says', { say: 'hi', rule: 'a' }, [text('Ho')], '- Hey\n  + Ho'],
    ['is more', { say: 'hi', answer: 'Hey' }, [text('Hey'), text('Ho')], 'nothing was expected, but there is'],
    ['is nothing', { say: 'hi', answer: 'Hey' }, 'the webhook failed with status 503', 'failed with status 503'],
  ])('%s, and that fails', async (_what, step, shown, said) => {
    const { failures } = await play(conversation(step), engine(), showing(shown).line)
    expect(failures[0]?.lines[0]).toBe('end to end, at LINE:')
    expect(failures[0]?.lines.join('\n')).toContain(said)
  })

  it('is of a mention of the name that it has there', async () => {
    const { line, heard } = showing([text('Hey')])
    await play(conversation({ say: 'hi', mention: true, answer: 'Hey' }), engine(), line)
    expect(heard).toMatchObject([{ text: '@Hello hi', mention: { mentionees: [{ userId: 'U1' }] } }])
  })
})

it('leaves to LINE what it numbers', () => {
  const event = {
    type: 'message',
    timestamp: 5,
    webhookEventId: '01',
    replyToken: 'a',
    message: { id: '1', text: 'a' },
  }
  expect(unnumbered(event)).toEqual({ type: 'message', timestamp: 5, message: { text: 'a' } })
})

describe('a bot', () => {
  const open: { close(): Promise<void> }[] = []
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close()
  })
  const wanted = { namespace: 'demo', bot: 'hello' }
  const channel = { id: '1', secret: 's', name: 'Hello', accessToken: 'token', bot: 'demo/hello' }
  const started = async (): Promise<Line> => {
    const line = await startLine({ channels: [channel], httpWebhooks: true })
    open.push(line)
    return line
  }
  const call = (line: Line, method: string, path: string, body: object) =>
    fetch(`${line.url}/v2/bot/${path}`, {
      method,
      headers: { authorization: 'Bearer token', 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })

  it.each([undefined, 'https://api.line.me'])('of LINE itself (%s) is not asked', async (api) => {
    expect(await meetAtLine(api, undefined, wanted)).toBeUndefined()
  })

  it('is met where the stand-in is from here, under the names that the test gives', async () => {
    const line = await started()
    const bot = await startBot(async (response) => {
      const [event] = JSON.parse(String(bot.received.at(-1)?.body)).events
      if (event.type === 'message')
        await call(line, 'POST', 'message/reply', { replyToken: event.replyToken, messages: [text('Hey')] })
      response.end()
    })
    open.unshift(bot)
    await call(line, 'PUT', 'channel/webhook/endpoint', { endpoint: `${bot.origin}/webhook/demo/hello` })
    const met = await meetAtLine('http://line.elsewhere', line.url, wanted)
    if (typeof met !== 'object') throw new Error(met ?? 'not met')
    const ended = await play(conversation({ say: 'hi', as: 'Alice', answer: 'Hey' }), engine(), { ...met, people: {} })
    expect(ended).toEqual({ failures: [], endToEnd: 1 })
    const [{ source, timestamp }] = JSON.parse(String(bot.received.at(-1)?.body)).events
    expect(line.platform.people.find('1', source.userId)?.displayName).toBe('Alice')
    // Noon of the day that a step without a time is on.
    expect(new Date(timestamp).toISOString()).toBe('2026-01-05T12:00:00.000Z')
  })

  it('that is not there is told of', async () => {
    const line = await started()
    expect(await meetAtLine(line.url, undefined, wanted)).toContain('demo/hello has no webhook at LINE yet')
    expect(await meetAtLine(line.url, undefined, { ...wanted, bot: 'ho' })).toContain('there is no bot demo/ho ')
    const bot = await startBot()
    open.push(bot)
    expect(await meetAtLine(bot.origin, undefined, wanted)).toBe(
      `what answers at ${bot.origin} is no LINE of local mode`,
    )
  })
})
