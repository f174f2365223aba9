import { HTTP } from 'cloudevents'
import { expect, it } from 'vitest'
import { chatOf, headersFor } from '../../../functions/core/forward/event.ts'
import type { Incoming } from '../../../functions/core/incoming.ts'

const sender = { namespace: 'hunters', bot: 'monster', rule: 'ask/0', id: 'made-up' }
const incoming: Incoming = {
  type: 'message',
  timestamp: 1_777_636_800_123,
  webhookEventId: '01H',
  source: { type: 'group', groupId: 'C1', userId: 'U1' },
}

it('is a CloudEvent that the SDK reads, with who, where and why', () => {
  const event = HTTP.toEvent({ headers: headersFor(incoming, sender), body: '{"type":"message"}' })
  expect(JSON.parse(JSON.stringify(event))).toMatchObject({
    specversion: '1.0',
    id: '01H',
    type: 'dev.linebot.incoming.message',
    source: '/apis/linebot.dev/v1alpha1/namespaces/hunters/bots/monster',
    subject: 'C1',
    time: '2026-05-01T12:00:00.123Z',
    botnamespace: 'hunters',
    botname: 'monster',
    chattype: 'group',
    eventtype: 'message',
    rule: 'ask/0',
    data: { type: 'message' },
  })
})

it.each<[string, Partial<Incoming>, Record<string, string | undefined>]>([
  ['no ID', { webhookEventId: undefined as never }, { 'ce-id': 'made-up' }],
  ['no source', { source: undefined as never }, { 'ce-subject': undefined, 'ce-chattype': undefined }],
  ['no time', { timestamp: undefined as never }, { 'ce-time': undefined }],
  ['a time beyond all years', { timestamp: 1e300 }, { 'ce-time': undefined }],
  ['a type that no header can hold', { type: 'a b\r\n"%火' }, { 'ce-eventtype': 'a%20b%0D%0A%22%25%E7%81%AB' }],
  ['half a character', { type: '\ud83d' }, { 'ce-eventtype': '%EF%BF%BD' }],
])('an Incoming with %s still is one', (_what, members, headers) => {
  const made = headersFor({ ...incoming, ...members }, sender)
  for (const [name, value] of Object.entries(headers)) expect(made[name]).toBe(value)
})

it.each<[Incoming['source'], string | undefined]>([
  [{ type: 'user', userId: 'U1' }, 'U1'],
  [{ type: 'room', roomId: 'R1', userId: 'U1' }, 'R1'],
  [{ type: 'group', groupId: 'C1' }, 'C1'],
  [undefined, undefined],
])('a chat is named by where a message to it goes: %j', (source, chat) => {
  expect(chatOf({ type: 'message', ...(source && { source }) })).toBe(chat)
})
