import { describe, expect, it } from 'vitest'
import type { Incoming } from '../../../functions/core/incoming.ts'
import type { Match } from '../../../functions/core/match.ts'
import { namesFor, personIn, type Telling } from '../../../functions/core/template.ts'
import { parseWebhook } from '../../../functions/core/webhook.ts'

const told: Telling = {
  bot: 'shop',
  now: new Date('2026-10-03T16:05:00Z'),
  profile: { displayName: 'Kai', language: 'ja', pictureUrl: 'https://p.example/', statusMessage: 'busy' },
  group: { groupName: 'Hunters' },
}
const match: Match = {
  rule: { event: 'e', index: 0, type: 'message', match: 'Regex', keywords: [], priority: 0, replies: [] },
  binding: 'b',
  keyword: 'buy (?<item>.+)',
  groups: { item: 'tea' },
}

/** As the bot reads it. */
function incomingOf(event: object): Incoming {
  const [incoming] = parseWebhook(Buffer.from(JSON.stringify({ events: [event] })))?.events ?? []
  if (!incoming) throw new Error('no event')
  return incoming
}

const inGroup = { type: 'group', groupId: 'C1', userId: 'U1' }
const message = incomingOf({
  type: 'message',
  timestamp: 1,
  source: inGroup,
  message: { type: 'sticker', stickerId: '9', keywords: ['hi'], new: { member: true } },
})
const postback = (data: string, params?: object) =>
  incomingOf({ type: 'postback', source: { type: 'user', userId: 'U1' }, postback: { data, params } })

describe('a name stands for', () => {
  it.each<[string, string | undefined, Incoming?]>([
    ['user.displayName', 'Kai'],
    ['user.language', 'ja'],
    ['user.pictureUrl', 'https://p.example/'],
    ['user.statusMessage', 'busy'],
    ['user.id', 'U1'],
    ['group.id', 'C1'],
    ['group.name', 'Hunters'],
    ['room.id', undefined],
    ['chat.id', 'C1'],
    ['chat.id', 'U1', postback('')],
    ['chat.id', 'R1', incomingOf({ type: 'join', source: { type: 'room', roomId: 'R1' } })],
    ['bot.name', 'shop'],
    ['now', '2026-10-03T16:05:00.000Z'],
    ['match.keyword', 'buy (?<item>.+)'],
    ['match.item', 'tea'],
    ['match.size', undefined],
    ['event.timestamp', '1'],
    ['event.message.stickerId', '9'],
    ['event.message.keywords.0', 'hi'],
    ['event.message.new.member', 'true'],
    ['event.message.constructor.name', undefined],
    ['event.message', undefined],
    ['data.item', 'green tea', postback('item=green+tea&n=2')],
    ['data.item', 'tea', postback('{"item":"tea","n":2}')],
    ['data.n', '2', postback('{"item":"tea","n":2}')],
    ['data.toString', undefined, postback('{}')],
    ['event.postback.params.date', '2026-12-31', postback('x', { date: '2026-12-31' })],
    ['constructor', undefined],
    ['match.constructor', undefined],
    ['nobody', undefined],
  ])('%s: %s', (name, expected, incoming = message) =>
    expect(namesFor(incoming, { ...told, match })(name)).toBe(expected),
  )

  it('nothing where LINE tells nothing', () => {
    const names = namesFor(incomingOf({ type: 'follow' }), { bot: 'shop', now: told.now })
    for (const name of ['user.displayName', 'user.id', 'group.name', 'chat.id', 'match.keyword', 'data.x']) {
      expect(names(name)).toBeUndefined()
    }
  })

  it('the group of a pattern, also where it is called keyword', () =>
    expect(namesFor(message, { ...told, match: { ...match, groups: { keyword: 'k' } } })('match.keyword')).toBe('k'))
})

describe('the person', () => {
  it('is who did it', () => expect(personIn(message)).toEqual(inGroup))

  it('is the first of those who joined', () => {
    const source = { type: 'group', groupId: 'C1' }
    const members = [
      { type: 'user', userId: 'U7' },
      { type: 'user', userId: 'U8' },
    ]
    const joined = incomingOf({ type: 'memberJoined', source, joined: { members } })
    expect(personIn(joined)).toEqual({ ...source, userId: 'U7' })
    expect(namesFor(joined, told)('user.id')).toBe('U7')
  })
})
