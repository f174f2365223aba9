import * as fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { makeExplainer } from '../../functions/core/explain.ts'
import { editDistance, editsAllowed } from '../../functions/core/fuzzy.ts'
import { countGraphemes, graphemes } from '../../functions/core/grapheme.ts'
import type { Incoming } from '../../functions/core/incoming.ts'
import { type Groups, makeMatcher } from '../../functions/core/match.ts'
import { normalize } from '../../functions/core/normalize.ts'
import { type MatchKind, matchKinds, type Rule, type RuleFile } from '../../functions/core/rule.ts'
import { linearRegex } from '../../functions/edge/linear-regex.ts'

const always: Groups = { answer: 'Always' }
const rule = (event: string, more: Partial<Rule> = {}): Rule => ({
  event,
  index: 0,
  type: 'message',
  match: 'Exact',
  keywords: [],
  priority: 0,
  replies: [],
  ...more,
})
const keywords = (match: MatchKind, ...words: string[]) => ({ match, keywords: words })
const file = (rules: readonly Rule[], more: Partial<RuleFile> = {}): RuleFile => ({
  binding: 'all',
  priority: 0,
  rules,
  ...more,
})
const says = (text: string, more: Partial<Incoming> = {}): Incoming => ({
  type: 'message',
  source: { type: 'user', userId: 'U1' },
  message: { id: '1', type: 'text', text },
  ...more,
})
const inGroup = { source: { type: 'group', groupId: 'C1' } } as const
const matcher = (...rules: Rule[]) => makeExplainer([file(rules)], linearRegex)
const chosen = (rules: Rule[], incoming: Incoming, groups = always) =>
  matcher(...rules).choose(incoming, groups)?.rule.event

describe('a keyword', () => {
  it.each([
    ['Exact', '火龍', '火龍', true],
    ['Exact', 'Rathalos', ' ＲＡＴＨＡＬＯＳ　', true],
    ['Exact', 'weak point', 'weak  point', true],
    ['Exact', '火龍', '火龍?', false],
    ['Exact', '火龍', '', false],
    ['Prefix', '查', '查 火龍', true],
    ['Prefix', 'help me', 'Help me please', true],
    ['Prefix', 'help', 'hel', false],
    ['Prefix', 'help', 'i need help', false],
    ['Contains', '龍', 'あの龍が', true],
    ['Contains', '火龍', '雄火龍の弱點', true],
    ['Contains', 'aab', 'aaab', true],
    ['Contains', '火龍', '火 龍', false],
    ['Contains', '😀', 'ha😀ha', true],
    ['Contains', '火龍', '火', false],
    ['Regex', '^hp ?([0-9]+)$', 'HP 12', true],
    ['Regex', '^hp$', 'xhp', false],
    ['Regex', '^0[0-9]{9}$', '\u202a0912345678\u202c', true],
    ['Regex', 'ไม่[’‘]|“น้ำ”', '"น\u0e4d\u0e49า"', true],
    ['Regex', String.raw`^姓名[:：](?<n>.+)\n電話[:：](?<t>.+)$`, '姓名：王小明\n電話：0912', true],
    ['Regex', String.raw`^a\r\nb\s\sc\n\n+d$`, 'a\r\nb  c\n\n\nd', true],
    ['Regex', String.raw`^a\r\nb$`, 'ab', false],
    ['Regex', String.raw`^[^\n]+$`, 'a b', true],
    ['Contains', "don't", 'I don’t know', true],
    ['Exact', '3〜5名', '3～5名', true],
    ['Exact', 'แพทย์', 'เเพทย์', true],
    ['Fuzzy', 'rathalos', 'ratholas', true],
    ['Fuzzy', 'rathalos', 'rathalosss', true],
    ['Fuzzy', 'rathalos', 'rathalossss', false],
    ['Fuzzy', '雄火龍弱點', '雄火龍弱点', true],
    ['Fuzzy', '雄火龍弱點', '雌火龍弱点', false],
    ['Fuzzy', '火龍', '火龍', true],
    ['Fuzzy', '火龍弱', '火龍', false],
    ['Fuzzy', 'cats', 'acts', true],
    ['Fuzzy', 'cat', 'cats', false],
    ['Fuzzy', 'ラーメン', 'らーめん', true],
    ['Fuzzy', 'カレー', 'ｶﾚｰ', true],
    ['Fuzzy', 'かつどん', 'カツドソ', true],
    ['Fuzzy', 'らーめん', 'ﾗｰﾒﾝ ', true],
    ['Fuzzy', 'カレー', 'かれい', false],
    ['Fuzzy', 'ビール', 'ビ－ル', true],
    ['Fuzzy', 'びーる', 'ビ—ル', true],
    ['Fuzzy', 'スーパーマーケット', 'ス－パ－マ－ケット', true],
    ['Fuzzy', 'セット-A', 'せっと-a', true],
    ['Fuzzy', 'a-b', 'aーb', false],
    ['Exact', 'ビール', 'ビ－ル', false],
    ['Fuzzy', '火龍', '火龍!', true],
    ['Fuzzy', '早安', '！早安～ …', true],
    ['Fuzzy', '早安', '早安！早', false],
    ['Fuzzy', '早安', '！！', false],
    ['Fuzzy', 'rathalos', 'ratholas?!!', true],
    ['Fuzzy', 'ok!', 'ok!', true],
    ['Fuzzy', '5', '.5', false],
    ['Exact', '早安', '早安！', false],
    ['Exact', 'ラーメン', 'らーめん', false],
    ['Fuzzy', 'rathalos', `rathalos ${'x'.repeat(4000)}`, false],
  ] as const)('%s %j heard in %j: %s', (match, keyword, text, answers) => {
    expect(matcher(rule('e', keywords(match, keyword))).choose(says(text), always)?.keyword).toBe(
      answers ? keyword : undefined,
    )
  })

  it('that has the mark comes before the one without', () => {
    const [plain, loud] = [rule('a', keywords('Fuzzy', 'ok')), rule('b', keywords('Fuzzy', 'ok!'))]
    expect([chosen([plain, loud], says('OK！')), chosen([plain, loud], says('ok?'))]).toEqual(['b', 'a'])
  })

  it('is compared with the data of a postback', () => {
    const buy = rule('buy', { type: 'postback', ...keywords('Prefix', 'buy=') })
    const any = rule('any', { type: 'postback' })
    expect(chosen([any, buy], { type: 'postback', postback: { data: 'buy=1' } })).toBe('buy')
    expect(chosen([any, buy], { type: 'postback', postback: { data: 'sell=1' } })).toBe('any')
    expect(chosen([any, buy], { type: 'postback' })).toBe('any')
    expect(chosen([buy], says('buy=1'))).toBeUndefined()
  })

  it('gives its named groups, without those that took no part', () => {
    const match = matcher(rule('go', keywords('Regex', '^go (?:(?<Home>home)|(?<Where>.+))$'))).choose(
      says('Go Taipei'),
      always,
    )
    expect(match).toMatchObject({ binding: 'all', groups: { Where: 'Taipei' } })
    expect(match?.groups).not.toHaveProperty('Home')
  })

  it('is compared with an edited message, its mentions and the prefix too', () => {
    const edit = rule('edit', { type: 'messageEdited', ...keywords('Exact', '火龍') })
    const groups: Groups = { answer: 'WhenMentioned', prefix: '!' }
    const edited = { ...says('!火龍', inGroup), type: 'messageEdited' }
    expect(chosen([edit], edited, groups)).toBe('edit')
    expect(matcher(edit).explain({ ...says('火龍', inGroup), type: 'messageEdited' }, groups)).toEqual({
      candidates: [],
      silent: 'talk among others: the bot was not mentioned, nor called by ! (spec.groups of the Bot)',
    })
    expect(chosen([edit], says('火龍'))).toBeUndefined()
  })

  it.each([
    ['go (?<A>.+)', 'GO Taipei', { A: 'Taipei' }],
    ['go (?<A>.+)', '  Ｇo　 Ｔaipei  ', { A: 'Ｔaipei' }],
    ['(?<A>.+) to (?<B>.+)', 'Taipei to TAIPEI', { A: 'taipei', B: 'taipei' }],
    ['(?<A>.+) to (?<B>.+)', 'Taipei to Taipei', { A: 'Taipei', B: 'Taipei' }],
    ['(?<A>.)-(?<B>.)', 'X-y', { A: 'X', B: 'y' }],
    ['(?<A>バゼル.*)', 'ﾊﾞｾﾞﾙギウス', { A: 'ﾊﾞｾﾞﾙギウス' }],
    ['^(?<A>アパ)', '㌀', { A: 'アパ' }],
    ['(?<A>é)', 'Cafe\u0301', { A: 'e\u0301' }],
    ['(?<A>x*)火', '火', { A: '' }],
    ["^i don't (?<A>.+)$", 'I don’t like O’Hara', { A: 'like O’Hara' }],
    ['^(?<A>0[0-9]{9})$', '\u202d0912345678\u202c', { A: '0912345678' }],
    ['^(?<A>.+)แพทย์', 'Ｄr เเพทย์', { A: 'Ｄr ' }],
    ['^(?<A>น้ำ) (?<B>.+)$', 'น\u0e4d\u0e49า  TEA  ', { A: 'น\u0e4d\u0e49า', B: 'TEA' }],
    ['^(?<A>[^b]+)b', 'X  \u200b b', { A: 'X  \u200b ' }],
  ])('%s finds in %j, as the user wrote them, %j', (pattern, text, groups) => {
    expect(matcher(rule('e', keywords('Regex', pattern))).choose(says(text), always)?.groups).toEqual(groups)
  })

  it('gives groups as written behind a prefix too', () => {
    const go = rule('go', keywords('Regex', '^go (?<Where>.+)$'))
    const match = matcher(go).choose(says('＠Bot  Go ＮＹ', inGroup), { answer: 'WhenMentioned', prefix: '@bot' })
    expect(match?.groups).toEqual({ Where: 'ＮＹ' })
  })

  it('that this Node refuses is told once, and hides no other', () => {
    const refused = vi.fn<() => void>()
    const [odd, good] = [rule('odd', keywords('Regex', '(?=a)')), rule('zoo', keywords('Regex', 'a'))]
    const both = makeMatcher([file([odd, good])], linearRegex, refused)
    expect([both.choose(says('a'), always)?.rule, both.choose(says('a'), always)?.rule]).toEqual([good, good])
    expect(refused.mock.calls).toEqual([[odd, '(?=a)', expect.objectContaining({ name: 'RegexRefused' })]])
  })
})

describe('a matcher', () => {
  it('compiles no pattern for a message that an earlier kind answers, or that lacks its text', () => {
    const linear = vi.fn<typeof linearRegex>(linearRegex)
    const rules = [rule('z', keywords('Exact', '火龍')), rule('a', keywords('Regex', '火', '水'))]
    const both = makeMatcher([file(rules)], linear)
    both.choose(says('火龍'), always)
    expect(linear.mock.calls).toEqual([])
    both.choose(says('火火火'), always)
    both.choose(says('火火'), always)
    expect(linear.mock.calls).toEqual([['火']])
  })

  it('takes a keyword of nothing but space for none that anybody writes', () => {
    for (const kind of ['Exact', 'Prefix', 'Contains', 'Fuzzy'] as const) {
      expect(chosen([rule('e', keywords(kind, ' '))], says('x'))).toBeUndefined()
    }
  })
})

describe('a rule without keywords', () => {
  it.each([
    ['any message', {}, says('anything'), true],
    ['any message', {}, { type: 'message', message: { type: 'sticker' } }, true],
    ['images', { content: ['image'] }, { type: 'message', message: { type: 'image' } }, true],
    ['images', { content: ['image'] }, says('image'), false],
    ['a message', {}, { type: 'follow' }, false],
    ['a follow', { type: 'follow' }, { type: 'follow', source: { type: 'user' } }, true],
    ['groups', { in: ['group', 'room'] }, says('x', inGroup), true],
    ['groups', { in: ['group', 'room'] }, says('x'), false],
    ['groups', { in: ['group'] }, { type: 'message', message: { type: 'text', text: 'x' } }, false],
  ] as const)('for %s: %j answers %j: %s', (_, filters, incoming, answers) => {
    expect(chosen([rule('e', filters)], incoming)).toBe(answers ? 'e' : undefined)
  })

  it('with keywords beside it answers only text', () => {
    expect(
      chosen([rule('e', keywords('Contains', 'a'))], { type: 'message', message: { type: 'image' } }),
    ).toBeUndefined()
  })
})

describe('a rule with where', () => {
  const beacon = (type: string, more = {}): Incoming => ({
    type: 'beacon',
    source: { type: 'user', userId: 'U1' },
    raw: { type: 'beacon', beacon: { hwid: 'd41d8cd98f', type, ...more } },
  })
  const where = (...requirements: NonNullable<Rule['where']>) => rule('e', { type: 'beacon', where: requirements })

  it.each([
    [[{ key: 'beacon.type', operator: 'In', values: ['enter', 'stay'] }], beacon('enter'), true],
    [[{ key: 'beacon.type', operator: 'In', values: ['enter', 'stay'] }], beacon('banner'), false],
    [[{ key: 'beacon.type', operator: 'NotIn', values: ['enter'] }], beacon('banner'), true],
    [[{ key: 'beacon.type', operator: 'NotIn', values: ['enter'] }], beacon('enter'), false],
    [[{ key: 'beacon.dm', operator: 'NotIn', values: ['x'] }], beacon('enter'), true],
    [[{ key: 'beacon.dm', operator: 'In', values: [''] }], beacon('enter'), false],
    [[{ key: 'beacon.dm', operator: 'Exists' }], beacon('enter', { dm: 'ff' }), true],
    [[{ key: 'beacon.dm', operator: 'Exists' }], beacon('enter', { dm: null }), false],
    [[{ key: 'beacon.dm', operator: 'DoesNotExist' }], beacon('enter'), true],
    [[{ key: 'beacon', operator: 'Exists' }], beacon('enter'), true],
    [
      [
        { key: 'beacon.type', operator: 'Exists' },
        { key: 'beacon.hwid', operator: 'In', values: ['x'] },
      ],
      beacon('enter'),
      false,
    ],
  ] as const)('%j hears %j: %s', (requirements, incoming, hears) => {
    expect(chosen([where(...requirements)], incoming)).toBe(hears ? 'e' : undefined)
  })

  it('comes before one without, and may look into a postback’s data', () => {
    const buy = rule('z', { type: 'postback', where: [{ key: 'data.action', operator: 'In', values: ['buy'] }] })
    const any = rule('a', { type: 'postback' })
    expect(chosen([any, buy], { type: 'postback', postback: { data: 'action=buy&id=7' } })).toBe('z')
    expect(chosen([any, buy], { type: 'postback', postback: { data: '{"action":"sell"}' } })).toBe('a')
  })
})

describe('a rule with a schedule', () => {
  const schedule = { timeZone: 'Asia/Taipei', times: [{ days: ['Fri'], from: '22:00', until: '02:00' }] } as const
  const night = rule('night', { schedule })
  const at = (time: string) => matcher(rule('day'), night).choose(says('x'), always, new Date(time))?.rule.event

  it('comes before one without while it is open, and not else', () => {
    expect(at('2026-11-20T17:59:00Z')).toBe('night')
    expect(at('2026-11-20T18:00:00Z')).toBe('day')
  })
})

it('of a type that nobody knows yet is heard by the rule for it', () => {
  expect(chosen([rule('new', { type: 'comet' })], { type: 'comet', raw: { type: 'comet', tail: 1 } })).toBe('new')
})

describe('an explanation', () => {
  const explain = (rules: Rule[], incoming: Incoming, now?: Date) =>
    matcher(...rules)
      .explain(incoming, always, now)
      .candidates.map(({ rule: { event }, outcome, because, keyword }) => [event, outcome, keyword, because])

  it('says that a rule without keywords takes what its where lets through', () => {
    const where = [{ key: 'message.text', operator: 'Exists' as const }]
    expect(explain([rule('any', { where })], says('hi'))).toEqual([
      ['any', 'chosen', undefined, 'it has no keywords and takes anything that its where lets through'],
    ])
  })

  it('names who won, who was outranked, and who did not fit, each with why', () => {
    const schedule = { timeZone: 'Asia/Taipei', times: [{ from: '09:00', until: '18:00' }] }
    const rules = [
      rule('default'),
      rule('images', { content: ['image'] }),
      rule('dragon', keywords('Exact', '水', '火龍')),
      rule('starts', keywords('Prefix', '火')),
      rule('low', { ...keywords('Exact', '火龍'), priority: -1 }),
      rule('grouped', { ...keywords('Exact', '火龍'), in: ['group', 'room'] }),
      rule('open', { ...keywords('Exact', '火龍'), schedule }),
      rule('typo', keywords('Fuzzy', '雄火龍弱點')),
      rule('other', keywords('Contains', '水', '雷')),
    ]
    const heard = explain(rules, says(' 火龍'), new Date('2026-11-21T15:10:00Z'))
    expect(heard).toEqual([
      ['dragon', 'chosen', '火龍', 'the text is 火龍'],
      ['starts', 'outranked', '火', 'Event dragon, spec.rules[0] comes first: Exact comes before Prefix'],
      [
        'default',
        'outranked',
        undefined,
        'Event dragon, spec.rules[0] comes first: Exact comes before a rule without keywords',
      ],
      ['low', 'outranked', '火龍', 'Event dragon, spec.rules[0] comes first: its priority is 0, not -1'],
      ['grouped', 'filtered', '火龍', 'in: group, room only, not user'],
      ['open', 'filtered', '火龍', 'schedule: closed at Sat 2026-11-21 23:10 in Asia/Taipei'],
      ['images', 'filtered', undefined, 'for image only, not text'],
      ['other', 'filtered', undefined, 'no keyword fits: the text contains none of 水, 雷'],
      ['typo', 'filtered', undefined, 'no keyword fits: the text comes near none of 雄火龍弱點'],
    ])
  })

  it.each([
    [
      [rule('a', keywords('Fuzzy', '火龍弱點畫')), rule('z', keywords('Fuzzy', '火龍弱點圖'))],
      'its keyword',
      '0 typing errors are fewer than 1',
    ],
    [
      [rule('z', keywords('Contains', '龍弱點')), rule('a', keywords('Contains', '火龍'))],
      'longest',
      'its keyword is longer: 3 characters, not 2',
    ],
    [[rule('z', { content: ['text'] }), rule('a')], 'filters', 'it has more filters: 1, not 0'],
    [[rule('a'), rule('b')], 'name', 'Event a comes before b'],
    [[rule('a', { index: 1 }), rule('a', { index: 2 })], 'place', 'it stands earlier in the Event'],
  ])('%#: says what decided: %s', (rules, _, because) => {
    expect(explain(rules, says('火龍弱點圖'))[1]?.[3]).toMatch(new RegExp(`comes first: ${because}$`))
  })

  it('says which value is missing, what is not mentioned, and what is no text', () => {
    const rules = [
      rule('a', { where: [{ key: 'message.stickerId', operator: 'In', values: ['7', '8'] }] }),
      rule('b', { mentioned: true }),
      rule('c', keywords('Exact', 'x')),
    ]
    expect(
      explain(rules, { type: 'message', message: { type: 'sticker', stickerId: '9' } }).map((one) => one[3]),
    ).toEqual([
      'where: message.stickerId is "9", asked for is In 7 8',
      'mentioned: only when the bot is mentioned',
      'its keywords are compared with text, not sticker',
    ])
  })

  it('says why nobody is asked', () => {
    const { chosen: none, candidates, silent } = matcher(rule('a')).explain(says('x', { mode: 'standby' }), always)
    expect([none, candidates, silent]).toEqual([undefined, [], 'standby: another module of the channel holds the chat'])
    expect(matcher(rule('a')).choose(says('x', { mode: 'standby' }), always)).toBeUndefined()
  })

  it('lists 50 of very many, those that fit first', () => {
    const many = Array.from({ length: 500 }, (_, i) => rule(`e${i}`, keywords('Exact', `word ${i}`)))
    const heard = explain([...many, rule('z')], says('word 499'))
    expect(heard).toHaveLength(50)
    expect(heard.slice(0, 2).map(([event, outcome]) => [event, outcome])).toEqual([
      ['e499', 'chosen'],
      ['z', 'outranked'],
    ])
  })
})

describe('in a group', () => {
  const groups: Groups = { answer: 'WhenMentioned', prefix: '!' }
  const dragon = rule('dragon', keywords('Exact', '火龍'))
  const other = rule('other')
  const mentioning = (text: string, ...mentionees: { index: number; length: number; isSelf?: boolean }[]) =>
    says(text, { ...inGroup, message: { type: 'text', text, mention: { mentionees } } })
  const self = { index: 0, length: 4, isSelf: true }

  it.each([
    ['talk among others', says('火龍', inGroup), undefined],
    ['a picture', { type: 'message', ...inGroup, message: { type: 'image' } }, undefined],
    ['the prefix', says('! 火龍', inGroup), 'dragon'],
    ['the prefix, written wide', says('！火龍', inGroup), 'dragon'],
    ['a mention before', mentioning('@bot 火龍', self), 'dragon'],
    ['a mention after', mentioning('火龍 @bot', { ...self, index: 3 }), 'dragon'],
    ['two mentions', mentioning('@bot 火龍 @bot', self, { ...self, index: 8 }), 'dragon'],
    ['a mention and the prefix', mentioning('@bot !火龍', self), 'dragon'],
    ['only a mention', mentioning('@bot', self), 'other'],
    ['a mention of somebody else', mentioning('@kai 火龍', { index: 0, length: 4 }), undefined],
    ['joining', { type: 'join', ...inGroup }, undefined],
    ['the same in a room', says('火龍', { source: { type: 'room' } }), undefined],
    ['the same in private', says('火龍'), 'dragon'],
    ['the prefix in private', says('!火龍'), 'other'],
  ] as const)('a bot that answers when mentioned hears %s', (_, incoming, event) => {
    expect(chosen([dragon, other], incoming, groups)).toBe(event)
  })

  it('a greeting needs no mention', () => {
    expect(chosen([rule('hello', { type: 'join' })], { type: 'join', ...inGroup }, groups)).toBe('hello')
  })

  it('a bot that always answers takes the same words, with the prefix or without', () => {
    for (const text of ['火龍', '!火龍'])
      expect(chosen([dragon], says(text, inGroup), { ...groups, answer: 'Always' })).toBe('dragon')
  })

  it('a word is a prefix only where the word ends', () => {
    const bot = { ...groups, prefix: 'bot' }
    expect(chosen([rule('tle', keywords('Exact', 'tle')), other], says('bottle', inGroup), bot)).toBeUndefined()
    expect(chosen([dragon], says('Bot火龍', inGroup), bot)).toBe('dragon')
  })

  it.each([
    ['小幫手，菜單', '菜單'],
    ['小幫手：菜單', '菜單'],
    ['小幫手: 菜單', '菜單'],
    ['小幫手 、 菜單', '菜單'],
    ['小幫手！菜單', '菜單'],
    ['小幫手。菜單', '菜單'],
    ['小幫手…菜單', '菜單'],
    ['小幫手 .help', '.help'],
    ['小幫手, .help', '.help'],
    ['小幫手 help', 'help'],
    ['小幫手!help', '!help'],
    ['小幫手，.5', undefined],
    ['小幫手，菜', undefined],
    ['，菜單', undefined],
    ['小幫手！', undefined],
  ])('%s is called by name, and then said is %s', (text, keyword) => {
    const rules = [keywords('Exact', '菜單', '.help'), keywords('Prefix', 'help', '5'), keywords('Exact', '!help')]
    const bot = matcher(...rules.map((one, i) => rule(`e${i}`, one)))
    const called: Groups = { answer: 'Always', prefix: '小幫手' }
    expect(bot.choose(says(text, inGroup), called)?.keyword).toBe(keyword)
    expect(bot.explain(says(text, inGroup), called).chosen?.keyword).toBe(keyword)
    expect(bot.choose(mentioning(text.replace('小幫手', '@bot'), self), always)?.keyword).toBe(
      text.startsWith('，') ? undefined : keyword,
    )
  })

  it('what a pattern finds behind a name begins with no comma', () => {
    const order = rule('order', keywords('Regex', '^(?<Dish>.+)!$'))
    expect(matcher(order).choose(mentioning('@bot， Ｔea!', self), always)?.groups).toEqual({ Dish: 'Ｔea' })
  })

  it('punctuation stays where nobody was called', () => {
    expect(chosen([dragon], says('，火龍', inGroup), { answer: 'Always', prefix: '!' })).toBeUndefined()
  })

  it.each([
    [true, mentioning('@bot hi', self), 'e'],
    [true, says('!hi', inGroup), 'e'],
    [true, says('hi', inGroup), undefined],
    [false, mentioning('@bot hi', self), undefined],
    [false, says('hi', inGroup), 'e'],
    [true, says('hi'), undefined],
  ])('mentioned: %s, and it hears %j', (mentioned, incoming, event) => {
    expect(chosen([rule('e', { mentioned })], incoming, { answer: 'Always', prefix: '!' })).toBe(event)
  })

  it('odd mentions harm nobody', () => {
    for (const mentionees of [null, 'x', [null, 1, { isSelf: true }], [{ isSelf: true, index: -9, length: 1e9 }]]) {
      // What LINE never sends, but a parser of JSON lets through.
      const incoming = {
        ...says('x', inGroup),
        message: { type: 'text', text: '火龍', mention: { mentionees } },
      } as Incoming
      expect(() => chosen([dragon, other], incoming, groups)).not.toThrow()
    }
  })
})

describe('among rules that match', () => {
  const low = { priority: -1 }
  const say = '火龍弱點圖'
  it.each([
    ['the binding’s priority comes first', file([rule('a', { priority: 9 })]), file([rule('z')], { priority: 1 }), 'z'],
    ['then the rule’s', file([rule('a', keywords('Exact', say))]), file([rule('z', { priority: 1 })]), 'z'],
    ['Exact before Prefix', file([rule('z', keywords('Exact', say))]), file([rule('a', keywords('Prefix', say))]), 'z'],
    [
      'Prefix before Contains',
      file([rule('z', keywords('Prefix', '火'))]),
      file([rule('a', keywords('Contains', say))]),
      'z',
    ],
    [
      'Contains before Regex',
      file([rule('z', keywords('Contains', '火'))]),
      file([rule('a', keywords('Regex', say))]),
      'z',
    ],
    ['Regex before Fuzzy', file([rule('z', keywords('Regex', '火'))]), file([rule('a', keywords('Fuzzy', say))]), 'z'],
    ['Fuzzy before no keywords', file([rule('z', keywords('Fuzzy', say))]), file([rule('a')]), 'z'],
    [
      'fewer edits first',
      file([rule('a', keywords('Fuzzy', '火龍弱點畫'))]),
      file([rule('z', keywords('Fuzzy', say))]),
      'z',
    ],
    [
      'the longest keyword',
      file([rule('z', keywords('Contains', '龍弱點'))]),
      file([rule('a', keywords('Contains', '火龍'))]),
      'z',
    ],
    ['the most filters', file([rule('z', { content: ['text'] })]), file([rule('a')]), 'z'],
    ['then the Event’s name', file([rule('b')]), file([rule('a')]), 'a'],
    ['in code units, not by a locale', file([rule('a1')]), file([rule('a-b')]), 'a-b'],
    ['low loses', file([rule('a', { ...keywords('Exact', say), ...low })]), file([rule('z')]), 'z'],
  ])('%s', (_, one, two, event) => {
    for (const files of [
      [one, two],
      [two, one],
    ]) {
      expect(makeMatcher(files, linearRegex).choose(says(say), always)?.rule.event).toBe(event)
    }
  })

  it('then the binding’s name, then the place in the Event', () => {
    const files = [
      file([rule('e', { index: 2 }), rule('e', { index: 1 })], { binding: 'b' }),
      file([rule('e', { index: 3 })], { binding: 'a' }),
    ]
    expect(makeMatcher(files, linearRegex).choose(says('x'), always)).toEqual({
      binding: 'a',
      rule: rule('e', { index: 3 }),
    })
    expect(matcher(rule('e', { index: 2 }), rule('e', { index: 1 })).choose(says('x'), always)?.rule.index).toBe(1)
  })

  it('the longest is what looks longest, not what has most bytes', () => {
    expect(
      chosen(
        [rule('family', keywords('Contains', '👨‍👩‍👧‍👦')), rule('word', keywords('Contains', 'ok'))],
        says('ok 👨‍👩‍👧‍👦'),
      ),
    ).toBe('word')
  })
})

describe('of many rules', () => {
  const words = ['a', 'ab', 'ba', 'aab', '火', '火龍', '龍', 'abcd', 'abdc', 'A b', '火龍火龍', 'aaaaaaaa']
  const patterns = ['^a', 'b$', '火+', '(?:ab)+', '^.{3}$']
  const anyRule = fc.constantFrom(...matchKinds).chain((match) =>
    fc.record({
      event: fc.constantFrom('a', 'b', 'c'),
      index: fc.nat(3),
      type: fc.constant('message' as const),
      match: fc.constant(match),
      keywords: fc.array(fc.constantFrom(...(match === 'Regex' ? patterns : words)), { maxLength: 3 }),
      priority: fc.constantFrom(0, 0, 1),
      replies: fc.constant([]),
    }),
  )
  const anyFile = fc.record({
    binding: fc.constantFrom('x', 'y', 'z'),
    priority: fc.constantFrom(0, 0, 1),
    // In a cluster no two rules have the same Event and place, nor two bindings the same name.
    rules: fc.uniqueArray(anyRule, { maxLength: 6, selector: ({ event, index }) => `${event}/${index}` }),
  })
  const anyFiles = fc.uniqueArray(anyFile, { maxLength: 3, selector: ({ binding }) => binding })
  const anyText = fc.array(fc.constantFrom(...words, 'c', ' '), { maxLength: 4 }).map((parts) => parts.join(''))

  it('chooses what trying them all one by one would, whatever their order', () => {
    fc.assert(
      fc.property(anyFiles, anyText, (files, text) => {
        const match = makeMatcher(files, linearRegex).choose(says(text), always)
        const best = tryAll(files, normalize(text))
        expect(match && rankOf(files, match.rule, match.binding, match.keyword, text)).toEqual(best)
        expect(makeMatcher(files.toReversed(), linearRegex).choose(says(text), always)).toEqual(match)
        const { chosen: told, candidates } = makeExplainer(files, linearRegex).explain(says(text), always)
        const winners = candidates.filter(({ outcome }) => outcome === 'chosen')
        expect(told).toEqual(match)
        expect(winners.map(({ rule: of, binding, keyword }) => [of, binding, keyword])).toEqual(
          match ? [[match.rule, match.binding, match.keyword]] : [],
        )
      }),
    )
  })
})

/** Every rank that answers, the best one. Smaller is better, from left to right. */
function tryAll(files: readonly RuleFile[], text: string) {
  const ranks = files.flatMap((one) =>
    one.rules.flatMap((each) =>
      (each.keywords.length > 0 ? each.keywords : [undefined])
        .filter((keyword) => matches(each.match, keyword, text))
        .map((keyword) => rank(one, each, keyword, text)),
    ),
  )
  return ranks.toSorted(compare)[0]
}

function rankOf(files: readonly RuleFile[], found: Rule, binding: string, keyword: string | undefined, text: string) {
  const home = files.find((one) => one.binding === binding && one.rules.includes(found))
  return home && rank(home, found, keyword, normalize(text))
}

function rank(home: RuleFile, { match, priority, event, index }: Rule, keyword: string | undefined, text: string) {
  const own = keyword === undefined ? '' : match === 'Regex' ? keyword : normalize(keyword)
  const kind = keyword === undefined ? 9 : matchKinds.indexOf(match)
  const edits = match === 'Fuzzy' && keyword !== undefined ? (distance(own, text) ?? 0) : 0
  return [-home.priority, -priority, kind, edits, -countGraphemes(own), event, home.binding, index, keyword ?? '']
}

function compare(a: readonly (string | number)[], b: readonly (string | number)[]) {
  const at = a.findIndex((value, i) => value !== b[i])
  return at < 0 ? 0 : (a[at] ?? 0) < (b[at] ?? 0) ? -1 : 1
}

const distance = (a: string, b: string) => editDistance(graphemes(a), graphemes(b), editsAllowed(countGraphemes(a)))

function matches(kind: MatchKind, keyword: string | undefined, text: string) {
  if (keyword === undefined) return true
  if (text === '') return false
  const own = normalize(keyword)
  if (kind === 'Exact') return text === own
  if (kind === 'Prefix') return text.startsWith(own)
  if (kind === 'Contains') return text.includes(own)
  return kind === 'Regex' ? new RegExp(keyword).test(text) : distance(own, text) !== undefined
}
