import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { run } from '../../../functions/cli/cli.ts'
import { makePlatform } from '../../../functions/local/line/app.ts'
import { makePage } from '../../../functions/local/page/page.ts'
import { directoryOf } from '../../bot/files.ts'
import { channel, makeObjects } from './stage.ts'

// The first to load it would pay for it.
beforeAll(() => run(['test', '--help']), 30_000)

const sample = readFileSync(join(import.meta.dirname, '../../../config/samples/hello.yaml'), 'utf8')
const objects = parseAllDocuments(sample)
  .map((document) => document.toJS())
  .map((object) => ({ ...object, metadata: { namespace: 'default', ...object.metadata } }))

const open: { close(): void }[] = []
afterEach(() => {
  for (const one of open.splice(0)) one.close()
})

/** A page with the sample's objects; `says` is what the bot answers to one event after the other. */
const start = () => {
  const platform = makePlatform({ channels: [channel] })
  const page = makePage({ platform, objects: makeObjects(...objects).objects })
  open.push(page, platform)
  const [you] = platform.people.list()
  const chat = you?.userId ?? ''
  let count = 0
  const happen = (event: object, ...said: object[]) => {
    count += 1
    const webhookEventId = `01${count}`
    const about = { source: { type: 'user', userId: chat }, timestamp: 1_772_000_000_000 + count, mode: 'active' }
    const full = { ...about, replyToken: `r${count}`, webhookEventId, ...event }
    platform.happenings.tell({ kind: 'event', channel: channel.id, chat, event: full })
    if (said.length > 0)
      platform.happenings.tell({
        kind: 'answer',
        channel: channel.id,
        chat,
        via: 'reply',
        messages: said,
        webhookEventId,
      })
  }
  const saved = (of = chat) =>
    page.app.request(`http://127.0.0.1:7070/conversation?${new URLSearchParams({ channel: channel.id, chat: of })}`)
  return { happen, saved }
}

const writes = (text: string) => ({ type: 'message', message: { id: '1', type: 'text', text, quoteToken: 'q' } })
const text = (words: string) => ({ type: 'text', text: words })

const chatOf = ({ happen }: ReturnType<typeof start>) => {
  happen({ type: 'follow', follow: { isUnblocked: false } }, text('Thank you for adding me, You. Say hello!'))
  happen(writes('hi'), text('Hello, You!'))
  happen(writes('櫻火龍'), text('櫻火龍：弱點 龍 > 雷'))
  happen({ type: 'message', message: { id: '2', type: 'sticker', packageId: '446', stickerId: '1988' } })
  happen({ type: 'postback', postback: { data: 'a=1', params: { date: '2026-12-24' } } })
}

it('gives the chat as a test that linebot test passes', async () => {
  const page = start()
  chatOf(page)
  const yaml = await (await page.saved()).text()
  using files = directoryOf({ 'saved.yaml': yaml })
  expect(await run(['test', join(files.path, 'saved.yaml')])).toMatchObject({ code: 0 })
  expect(parse(yaml, { version: '1.1' }).conversations).toEqual([
    {
      name: 'With You',
      steps: [
        expect.objectContaining({ as: 'You', follow: true, answer: 'Thank you for adding me, You. Say hello!' }),
        // One of several at random, so the rule is what can be held.
        expect.objectContaining({ say: 'hi', rule: 'hello/0' }),
        expect.objectContaining({ say: '櫻火龍', answer: '櫻火龍：弱點 龍 > 雷' }),
        expect.objectContaining({ send: { type: 'sticker', packageId: '446', stickerId: '1988' }, silent: true }),
        expect.objectContaining({ postback: 'a=1', params: { date: '2026-12-24' }, silent: true }),
      ],
    },
  ])
})

it('and that fails when the bot answers otherwise', async () => {
  const page = start()
  page.happen(writes('火龍'), text('something that no rule says'))
  using files = directoryOf({ 'saved.yaml': await (await page.saved()).text() })
  expect(await run(['test', join(files.path, 'saved.yaml')])).toMatchObject({ code: 1 })
})

it.each([
  ['Uunknown', 'nothing was said in this chat yet'],
  ['', 'nothing was said in this chat yet'],
])('says so where there is nothing to save in chat %j', async (chat, message) => {
  const response = await start().saved(chat)
  expect([response.status, await response.json()]).toEqual([404, { message }])
})
