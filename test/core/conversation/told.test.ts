import { expect, it } from 'vitest'
import { stepOf } from '../../../functions/core/conversation/told.ts'

const told = (event: object, said: object[] = [], rule?: { name: string; forwards: boolean }) =>
  stepOf({ event: { ...event }, said, by: 'Ken', nameOf: (id) => `name of ${id}`, ...(rule && { rule }) })

const self = { index: 0, length: 5, type: 'user', isSelf: true }
const mentioning = (mentionees: object[]) => ({
  type: 'message',
  replyToken: 'r',
  message: { id: '1', type: 'text', text: '@shop menu', mention: { mentionees } },
})

it.each([
  ['a mention', mentioning([self]), { say: 'menu', mention: true }],
  [
    'a mention of somebody else',
    mentioning([self, { index: 6, length: 4 }]),
    { event: { type: 'message', message: { type: 'text', text: '@shop menu' } } },
  ],
  ['an edit', { type: 'messageEdited', message: { id: '1', type: 'text', text: 'b' } }, { edit: 'b' }],
  ['who comes', { type: 'memberJoined', joined: { members: [{ userId: 'U1' }] } }, { memberJoined: ['name of U1'] }],
  ['who goes', { type: 'memberLeft', left: { members: [{ userId: 'U1' }] } }, { memberLeft: ['name of U1'] }],
  ['coming back', { type: 'follow', follow: { isUnblocked: true } }, { follow: 'again' }],
  ['taking back', { type: 'unsend', unsend: { messageId: '1' } }, { unsend: true }],
  [
    'anything else',
    { type: 'beacon', timestamp: 0, beacon: { hwid: 'x' } },
    { event: { type: 'beacon', beacon: { hwid: 'x' } } },
  ],
])('%s becomes what a step says', (_what, event, step) => {
  expect(told(event)).toMatchObject({ as: 'Ken', silent: true, ...step })
})

const hi = { type: 'message', message: { type: 'text', text: 'hi' } }

it.each<[string, object[], { name: string; forwards: boolean } | undefined, object]>([
  ['text', [{ type: 'text', text: 'a' }], undefined, { answer: 'a' }],
  [
    'more than text',
    [{ type: 'text', text: 'a', sender: {} }],
    undefined,
    { answer: { type: 'text', text: 'a', sender: {} } },
  ],
  ['two', [{ type: 'text', text: 'a' }, { type: 'sticker' }], undefined, { answer: ['a', { type: 'sticker' }] }],
  ['one of many', [{ type: 'text', text: 'a' }], { name: 'e/0', forwards: false }, { rule: 'e/0' }],
  [
    'what a target said',
    [{ type: 'text', text: 'a' }],
    { name: 'e/0', forwards: true },
    { forward: { answer: 'a' }, answer: 'a' },
  ],
  ['a target’s silence', [], { name: 'e/0', forwards: true }, { forward: {}, silent: true }],
])('%s is expected', (_what, said, rule, step) => {
  expect(told(hi, said, rule)).toEqual({ as: 'Ken', say: 'hi', ...step })
})
