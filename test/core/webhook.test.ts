import { describe, expect, it } from 'vitest'
import { parseWebhook } from '../../functions/core/webhook.ts'

/** What is read; LINE's event itself stands beside it. */
function parse(text: string) {
  const webhook = parseWebhook(Buffer.from(text))
  return webhook && { ...webhook, events: webhook.events.map((event) => ({ ...event, raw: undefined })) }
}
const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)

describe('a webhook', () => {
  it('is read as LINE sends it', () => {
    const incoming = {
      type: 'message',
      mode: 'active',
      timestamp: 1_700_000_000_000,
      webhookEventId: '01HZZZZZZZZZZZZZZZZZZZZZZZ',
      replyToken: 'token',
      source: { type: 'group', groupId: 'C1', userId: 'U2' },
      deliveryContext: { isRedelivery: false },
      message: {
        id: '1',
        type: 'text',
        text: '@bot 火龍',
        mention: { mentionees: [{ index: 0, length: 4, type: 'user', isSelf: true }] },
      },
    }
    expect(parse(JSON.stringify({ destination: 'U1', events: [incoming] }))).toEqual({
      destination: 'U1',
      events: [incoming],
    })
  })

  it('keeps each event as it was parsed beside what is read of it', () => {
    const event = { type: 'new', surprise: { deep: [1, null] }, timestamp: 'odd' }
    expect(parseWebhook(Buffer.from(JSON.stringify({ events: [event] })))?.events).toEqual([
      { type: 'new', raw: event },
    ])
  })

  it('of a verify call has no events', () => {
    expect(parse('{"destination":"xxxxxxxxxx","events":[]}')).toEqual({ destination: 'xxxxxxxxxx', events: [] })
  })

  it('may write its characters as escapes', () => {
    expect(
      parse(String.raw`{"events":[{"type":"message","message":{"type":"text","text":"\u706b\u9f8d\uD83E\uDD28"}}]}`)
        ?.events,
    ).toEqual([{ type: 'message', message: { type: 'text', text: '火龍🤨' } }])
  })

  it('may hold 100 events of types and members nobody knows yet', () => {
    const events = Array.from({ length: 100 }, (_, index) => ({ type: `new${index}`, surprise: { index } }))
    expect(parse(JSON.stringify({ events, surprise: 1 }))?.events).toEqual(events.map(({ type }) => ({ type })))
  })

  it.each([
    ['empty', ''],
    ['not JSON', 'hello'],
    ['cut off', '{"events":[{"type":"mess'],
    ['null', 'null'],
    ['a list', '[]'],
    ['a string', '"events"'],
    ['without events', '{"destination":"U1"}'],
    ['events that are no list', '{"events":{"0":{"type":"message"}}}'],
    ['events only by inheritance', '{"__proto__":{"events":[]}}'],
    ['behind a byte order mark', '\uFEFF{"events":[]}'],
    ['brackets a hundred thousand deep', deep(100_000)],
    ['brackets that never close', '['.repeat(1_000_000)],
  ])('is none when %s', (_what, text) => {
    expect(parse(text)).toBeUndefined()
  })

  it('keeps the other events when one is no event', () => {
    expect(parse(`{"events":[null,1,"a",[],{},{"type":7},{"type":"follow"},${deep(100_000)}]}`)?.events).toEqual([
      { type: 'follow' },
    ])
  })

  it('survives a member a hundred thousand levels deep', () => {
    expect(
      parse(`{"events":[{"type":"message","message":${'{"message":'.repeat(100_000)}1${'}'.repeat(100_001)}]}`)?.events,
    ).toEqual([{ type: 'message' }])
  })

  it.each([
    ['a source that is text', { source: 'U1' }, {}],
    ['a source without type', { source: { userId: 'U1' } }, {}],
    ['a user ID that is a number', { source: { type: 'user', userId: 5 } }, { source: { type: 'user' } }],
    ['a null message', { message: null }, {}],
    ['a list as message', { message: [{ type: 'text' }] }, {}],
    ['text that is an object', { message: { type: 'text', text: { toString: 1 } } }, { message: { type: 'text' } }],
    [
      'mentionees half right',
      { message: { type: 'text', mention: { mentionees: [1, { index: 0, length: 'x' }, { index: 1, length: 2 }] } } },
      { message: { type: 'text', mention: { mentionees: [{ index: 1, length: 2 }] } } },
    ],
    [
      'mentionees that are no list',
      { message: { type: 'text', mention: { mentionees: {} } } },
      { message: { type: 'text', mention: {} } },
    ],
    [
      'postback params half right',
      { postback: { data: 'a', params: { date: '2024-01-01', time: 5 } } },
      { postback: { data: 'a', params: { date: '2024-01-01' } } },
    ],
    [
      'a reply token that is true',
      { replyToken: true, timestamp: '1', deliveryContext: { isRedelivery: 'no' } },
      { deliveryContext: {} },
    ],
  ])('leaves out %s', (_what, members, read) => {
    expect(parse(JSON.stringify({ events: [{ type: 'message', ...members }] }))?.events).toEqual([
      { type: 'message', ...read },
    ])
  })

  it('reads bytes that are no UTF-8 as replacement characters', () => {
    const body = Buffer.concat([
      Buffer.from('{"events":[{"type":"message","message":{"type":"text","text":"'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('"}}]}'),
    ])
    expect(parseWebhook(body)?.events[0]?.message?.text).toBe('\uFFFD\uFFFD')
  })
})
