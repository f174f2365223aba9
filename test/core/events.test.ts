import { describe, expect, it } from 'vitest'
import { carries, chatsOf, eventTypes, isRepliableType, memberAt, valueAt } from '../../functions/core/events.ts'
import type { Incoming } from '../../functions/core/incoming.ts'
import { parseWebhook } from '../../functions/core/webhook.ts'

const read = (event: unknown): Incoming =>
  parseWebhook(Buffer.from(JSON.stringify({ events: [event] })))?.events[0] ?? { type: 'none' }
const postback = (data: string) => read({ type: 'postback', postback: { data } })

describe('LINE’s event types', () => {
  it('are all that its reference names', () => {
    const named =
      'message messageEdited unsend follow unfollow join leave memberJoined memberLeft postback videoPlayComplete beacon accountLink membership module activated deactivated botSuspended botResumed delivery'
    expect(eventTypes).toEqual(named.split(' '))
  })

  it.each([
    ['message', true],
    ['membership', true],
    ['unsend', false],
    ['unfollow', false],
    ['delivery', false],
    ['comet', false],
    ['constructor', false],
  ])('%s may be replied to: %s', (type, repliable) => expect(isRepliableType(type)).toBe(repliable))

  it.each([
    ['follow', ['user']],
    ['join', ['group', 'room']],
    ['comet', undefined],
    ['toString', undefined],
  ])('%s comes from %j', (type, chats) => expect(chatsOf(type)).toEqual(chats))

  it.each([
    ['follow', 'follow.isUnblocked', true],
    ['follow', 'source.userId', true],
    ['follow', 'beacon.type', false],
    ['message', 'message.mention.mentionees.12.userId', true],
    ['message', 'message.mention.mentionees.userId', false],
    ['message', 'message', false],
    ['messageEdited', 'message.stickerId', false],
    ['memberJoined', 'joined.members.0.userId', true],
    ['postback', 'postback.params.newRichMenuAliasId', true],
    ['comet', 'whatever.it.is', true],
  ])('%s carries %s: %s', (type, path, is) => expect(carries(type, path)).toBe(is))
})

describe('a value in LINE’s event', () => {
  const event = {
    type: 'message',
    timestamp: 1_700_000_000_000,
    source: { type: 'user', userId: 'U1' },
    message: { type: 'location', latitude: 25.03, title: '', address: null, extra: [{ a: false }, 'b'] },
    ['__proto__x']: 1,
  }

  it.each([
    ['source.userId', 'U1'],
    ['timestamp', '1700000000000'],
    ['message.latitude', '25.03'],
    ['message.title', ''],
    ['message.extra.0.a', 'false'],
    ['message.extra.1', 'b'],
    ['message.address', undefined],
    ['message.extra', undefined],
    ['message.extra.length', undefined],
    ['message.extra.2', undefined],
    ['message.title.length', undefined],
    ['message.toString', undefined],
    ['__proto__.toString', undefined],
    ['constructor.name', undefined],
    ['source..userId', undefined],
    ['', undefined],
    ['data.x', undefined],
  ])('at %j is %j', (path, value) => expect(valueAt(read(event), path)).toBe(value))

  it('may be an object or a list, which has no text', () => {
    expect(memberAt(read(event), 'message.extra')).toEqual([{ a: false }, 'b'])
  })

  it('is found in an event that was made by hand too', () => {
    expect(valueAt({ type: 'follow', source: { type: 'user', userId: 'U2' } }, 'source.userId')).toBe('U2')
  })

  it.each([
    ['action=buy&item=%E7%81%AB%E9%BE%8D', 'data.item', '火龍'],
    ['a=1&a=2', 'data.a', '1'],
    ['a+b=c+d', 'data.a b', 'c d'],
    ['buy', 'data.buy', ''],
    ['a=%zz', 'data.a', '%zz'],
    ['order.id=7', 'data.order.id', '7'],
    ['{"order":{"id":7,"paid":true}}', 'data.order.id', '7'],
    [' {"order":{"id":7,"paid":true}}', 'data.order.paid', 'true'],
    ['{"order":', 'data.order', undefined],
    ['{"a":1}', 'data.b', undefined],
    ['{"a":1}', 'data.constructor', undefined],
    ['{"a":1}', 'data.__proto__', undefined],
    ['', 'data.a', undefined],
  ])('of the postback data %j at %s is %j', (data, path, value) => {
    const incoming = postback(data)
    expect([valueAt(incoming, path), valueAt(incoming, path)]).toEqual([value, value])
  })
})

/** One of each, with all that LINE's reference says it may hold, and with next to nothing. */
describe.each(eventTypes)('an event of type %s', (type) => {
  it.each([{}, { source: 'odd', message: 7, postback: [], joined: { members: {} }, beacon: null, replyToken: 1 }])(
    'with %j is read',
    (members) => expect(read({ ...members, type })).toMatchObject({ type, raw: { type } }),
  )
})
