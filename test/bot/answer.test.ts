import { describe, expect, it } from 'vitest'
import { type Answering, answer } from '../../functions/bot/answer.ts'
import type { Incoming } from '../../functions/core/incoming.ts'
import type { Message } from '../../functions/core/rule.ts'
import { LineError } from '../../functions/edge/line.ts'
import { botOf, incoming, ruleOf, text } from './bot.ts'

const replying = (reply: Answering['line']['reply']): Partial<Answering> => ({
  line: { ...botOf(undefined).bot.line, reply },
})

describe('an Incoming', () => {
  it('is answered once with all messages of the rule', async () => {
    const { bot, said } = botOf(ruleOf([text('頭'), text('翼')]))
    expect(await answer(incoming, bot)).toMatchObject({ outcome: 'answered', match: { binding: 'monsters' } })
    expect(said).toEqual([['r1', [text('頭'), text('翼')]]])
  })

  it.each<[string, Partial<Incoming>, Partial<Answering>, string]>([
    ['is in standby', { mode: 'standby' }, {}, 'standby'],
    ['is for a suspended bot', {}, { suspend: true }, 'suspended'],
    ['has an empty token', { replyToken: '' }, {}, 'unrepliable'],
    ['is of the old verify call', { replyToken: '0'.repeat(32) }, {}, 'unrepliable'],
    ['is the old verify call’s other', { replyToken: 'f'.repeat(32) }, {}, 'unrepliable'],
    ['is wanted by no rule', {}, { matcher: { choose: () => undefined } }, 'unmatched'],
  ])('that %s is not replied to', async (_what, members, settings, outcome) => {
    const { bot, said } = botOf(ruleOf([text('頭')]), settings)
    expect(await answer({ ...incoming, ...members }, bot)).toEqual({ outcome })
    expect(said).toEqual([])
  })

  it('without a token is not replied to', async () => {
    const { bot, said } = botOf(ruleOf([text('頭')]))
    expect(await answer({ type: 'unfollow', source: { type: 'user', userId: 'U1' } }, bot)).toEqual({
      outcome: 'unrepliable',
    })
    expect(said).toEqual([])
  })

  it('is matched by the bot’s own settings for groups', async () => {
    const seen: unknown[] = []
    const groups = { answer: 'WhenMentioned', prefix: '!' } as const
    const { bot } = botOf(undefined, { groups, matcher: { choose: (...args) => void seen.push(args) } })
    await answer(incoming, bot)
    expect(seen).toEqual([[incoming, groups, new Date('2026-05-01T12:00:00Z')]])
  })

  it('gets one of several replies, picked by its ID', async () => {
    const picked: unknown[] = []
    const pick = (seed: string, count: number) => picked.push([seed, count])
    const { bot, said } = botOf(ruleOf([text('a')], [text('b')], [text('c')]), { pick })
    await answer(incoming, bot)
    expect(picked).toEqual([['01H', 3]])
    expect(said).toEqual([['r1', [text('b')]]])
  })
})

describe('in quiet hours', () => {
  // 20:00 UTC is 04:00 the next day in Taipei.
  const quietHours = { timeZone: 'Asia/Taipei', times: [{ from: '22:00', until: '07:00' }] }
  const night = Date.parse('2026-05-01T20:00:00Z')

  it.each<[string, Incoming, string]>([
    ['an Incoming of the night is not answered, whenever it arrives', { ...incoming, timestamp: night }, 'quiet'],
    ['an Incoming of the day is', { ...incoming, timestamp: night - 12 * 3600_000 }, 'answered'],
    ['an Incoming of no time that there is counts as of now', { ...incoming, timestamp: 1e300 }, 'answered'],
    ['what cannot be answered goes on as ever', { type: 'unfollow', timestamp: night }, 'unrepliable'],
  ])('%s', async (_what, event, outcome) => {
    const { bot } = botOf(ruleOf([text('頭')]), { quietHours })
    expect((await answer(event, bot)).outcome).toBe(outcome)
  })
})

describe('a template', () => {
  it('that names the group makes LINE be asked for it, where there is one', async () => {
    const { bot, said } = botOf(ruleOf([text('in {{group.name}}')]))
    await answer({ ...incoming, source: { type: 'group', groupId: 'C1', userId: 'U1' } }, bot)
    await answer(incoming, bot)
    expect(said).toEqual([
      ['group', 'C1'],
      ['r1', [text('in Village')]],
      ['r1', [text('in ')]],
    ])
  })

  it('that is filled in is cut to what LINE takes', async () => {
    const line = { ...botOf(undefined).bot.line, profile: async () => ({ displayName: 'x'.repeat(6000) }) }
    const said: Message[] = []
    const reply: Answering['line']['reply'] = async (_token, messages) => {
      said.push(...messages)
      return 'confirmed'
    }
    const { bot } = botOf(ruleOf([text('{{user.displayName}}')]), { line: { ...line, reply } })
    await answer(incoming, bot)
    expect(said).toEqual([text(`${'x'.repeat(4999)}…`)])
  })

  it('that comes out empty is not said, and the rest is', async () => {
    const line = { ...botOf(undefined).bot.line, profile: async () => undefined }
    const { bot, said } = botOf(ruleOf([text('{{user.displayName}}'), text('頭')]), { line })
    const reply: Answering['line']['reply'] = async (_token, messages) => {
      said.push(messages)
      return 'confirmed'
    }
    expect((await answer(incoming, { ...bot, line: { ...line, reply } })).outcome).toBe('answered')
    expect(said).toEqual([[text('頭')]])
  })

  it('that leaves nothing to say is a failure, and no call', async () => {
    const line = { ...botOf(undefined).bot.line, profile: async () => undefined }
    const { bot, said } = botOf(ruleOf([text(' {{user.displayName}}')]), { line })
    expect(await answer(incoming, bot)).toMatchObject({ outcome: 'failed', again: false })
    expect(said).toEqual([])
  })

  it('whose value would open what it should not is not said, and the log says why', async () => {
    const link = (uri: string): Message => ({
      type: 'template',
      altText: 'a link',
      template: { type: 'buttons', text: 'a link', actions: [{ type: 'uri', label: 'open', uri }] },
    })
    const { bot, said, logged } = botOf(ruleOf([link('{{event.message.text}}'), text('頭')]))
    const asked = { ...incoming, message: { type: 'text', text: 'javascript:alert(1)' } }
    expect((await answer(asked, bot)).outcome).toBe('answered')
    expect(said).toEqual([['r1', [text('頭')]]])
    expect(logged).toEqual([
      expect.objectContaining({
        message: 'a message was left out',
        rule: 'rathalos/0',
        path: '[0].template.actions[0].uri',
        because: expect.stringContaining('must begin with https://'),
      }),
    ])
  })

  it('that names the user makes LINE be asked for the profile, once', async () => {
    const { bot, said } = botOf(ruleOf([text('{{user.displayName}}, {{user.displayName}} ({{user.id}})')]))
    await answer(incoming, bot)
    expect(said).toEqual([
      ['profile', 'U1'],
      ['r1', [text('Hunter, Hunter (U1)')]],
    ])
  })

  it.each<[string, () => Promise<undefined>]>([
    ['tells no profile', async () => undefined],
    ['fails', () => Promise.reject(new LineError({ kind: 'unavailable', message: 'down' }))],
  ])('is filled with nothing when LINE %s', async (_what, profile) => {
    const said: Message[] = []
    const reply: Answering['line']['reply'] = async (_token, messages) => {
      said.push(...messages)
      return 'confirmed'
    }
    const { bot } = botOf(ruleOf([text('{{user.displayName}}：頭')]), {
      line: { ...botOf(undefined).bot.line, reply, profile },
    })
    expect((await answer(incoming, bot)).outcome).toBe('answered')
    expect(said).toEqual([text('：頭')])
  })
})

it('a reply that LINE never confirmed, though its token is used up, is said to be so', async () => {
  const { bot } = botOf(
    ruleOf([text('頭')]),
    replying(async () => 'unconfirmed'),
  )
  expect(await answer(incoming, bot)).toMatchObject({ outcome: 'answered', unconfirmed: true })
})

describe('a reply that fails', () => {
  it.each([
    ['unavailable', true],
    ['rateLimit', true],
    ['quota', false],
    ['invalidReplyToken', false],
    ['unauthorized', false],
    ['badRequest', false],
  ] as const)('because of %s: trying again may help = %s', async (kind, again) => {
    const error = new LineError({ kind, message: 'no' })
    const { bot } = botOf(
      ruleOf([text('頭')]),
      replying(() => Promise.reject(error)),
    )
    expect(await answer(incoming, bot)).toMatchObject({ outcome: 'failed', again, error, match: { keyword: '火龍' } })
  })

  it('because of a bug of ours is not tried again', async () => {
    const { bot } = botOf(
      ruleOf([text('頭')]),
      replying(() => Promise.reject(new TypeError('bug'))),
    )
    expect(await answer(incoming, bot)).toMatchObject({ outcome: 'failed', again: false })
  })
})
