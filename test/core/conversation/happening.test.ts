import { expect, it } from 'vitest'
import { eventFor, typeOf } from '../../../functions/core/conversation/happening.ts'
import { idFor } from '../../../functions/core/conversation/people.ts'
import type { Act } from '../../../functions/core/conversation.ts'
import { parseWebhook } from '../../../functions/core/webhook.ts'

const at = new Date('2026-03-02T04:00:00Z')
const acting = { as: 'Alice', chat: { in: 'group', name: 'Hunters' }, at } as const
const bot = { userId: 'Ubot', displayName: 'shop' }
const before = { count: 2, lastMessages: new Map([['Alice', 'm1']]) }
const happening = (act: Exclude<Act, { do: 'press' }>) => eventFor(act, acting, before, bot)

it('is a whole LINE event, the same each time', () => {
  const event = happening({ do: 'say', text: 'hi', mention: false })
  expect(event).toEqual(happening({ do: 'say', text: 'hi', mention: false }))
  expect(event).toMatchObject({
    type: 'message',
    mode: 'active',
    timestamp: at.getTime() + 2,
    source: { type: 'group', groupId: idFor('group', 'Hunters'), userId: idFor('user', 'Alice') },
    replyToken: expect.stringMatching(/./),
    webhookEventId: expect.stringMatching(/^01\d{24}$/),
    message: { type: 'text', text: 'hi', id: expect.stringMatching(/^\d+$/) },
  })
  expect(parseWebhook(Buffer.from(JSON.stringify({ events: [event] })))?.events).toHaveLength(1)
})

it('marks a mention as LINE does', () => {
  expect(happening({ do: 'say', text: 'menu', mention: true }).message).toMatchObject({
    text: '@shop menu',
    mention: { mentionees: [{ index: 0, length: 5, isSelf: true, userId: 'Ubot' }] },
  })
})

it('edits and unsends what was last said', () => {
  expect(happening({ do: 'edit', text: 'ho' })).toMatchObject({
    type: 'messageEdited',
    message: { id: 'm1', text: 'ho' },
  })
  expect(happening({ do: 'unsend' })).toMatchObject({ type: 'unsend', unsend: { messageId: 'm1' } })
})

it.each(['unfollow', 'leave', 'memberLeft', 'unsend', 'delivery'])('gives nothing to reply to %s with', (type) => {
  expect(happening({ do: 'happen', event: { type } })).not.toHaveProperty('replyToken')
})

it.each<[Exclude<Act, { do: 'press' }>]>([
  [{ do: 'say', text: 'a', mention: false }],
  [{ do: 'send', content: { type: 'sticker' } }],
  [{ do: 'edit', text: 'a' }],
  [{ do: 'unsend' }],
  [{ do: 'postback', data: 'a' }],
  [{ do: 'happen', event: { type: 'beacon' } }],
])('of %j the type is known beforehand', (act) => {
  expect(typeOf(act)).toBe(happening(act).type)
})

it('lets an event say what would be filled in', () => {
  const event = { type: 'beacon', mode: 'standby', beacon: { type: 'enter', hwid: 'x' } }
  expect(happening({ do: 'happen', event })).toMatchObject(event)
})
