import { describe, expect, it } from 'vitest'
import { type Answering, answer, type Done } from '../../functions/bot/answer.ts'
import { makeBudget } from '../../functions/bot/budget.ts'
import type { StartTimer } from '../../functions/bot/timer.ts'
import type { RawAnswer } from '../../functions/core/forward/answer.ts'
import { ticketFor } from '../../functions/core/forward/ticket.ts'
import type { Incoming } from '../../functions/core/incoming.ts'
import { retryKeyFor } from '../../functions/core/retry-key.ts'
import type { Forward, Rule } from '../../functions/core/rule.ts'
import { ForwardError, type Question } from '../../functions/edge/forward.ts'
import { LineError } from '../../functions/edge/line.ts'
import { botOf, ruleOf, text } from './bot.ts'

const sentAt = Date.parse('2026-05-01T12:00:00Z')

const incoming: Incoming = {
  type: 'message',
  webhookEventId: '01H',
  replyToken: 'r1',
  timestamp: sentAt,
  source: { type: 'user', userId: 'U1' },
  message: { type: 'text', id: '5', text: '火龍' },
}
const inGroup: Incoming = { ...incoming, source: { type: 'group', groupId: 'C1', userId: 'U1' } }

const answerOf = (value: unknown): RawAnswer => ({ contentType: 'application/json', body: JSON.stringify(value) })

/** A bot that forwards everything, timers that ring when they are told to, and who is asked, who answers when told to. */
function conversation(to: Partial<Forward> = {}, more: Partial<Answering> = {}) {
  const rule: Rule = { ...ruleOf(), forward: { to: { url: 'http://llm' }, timeoutSeconds: 20, ...to } }
  const timers: { readonly ms: number; readonly ring: () => void }[] = []
  const startTimer: StartTimer = (ms) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = { ms, ring: resolve }
    timers.push(timer)
    return { rang: promise, stop: () => void timers.splice(timers.indexOf(timer), 1) }
  }
  const asked: { readonly question: Question; readonly retryMs: number }[] = []
  const replies = [Promise.withResolvers<RawAnswer>()]
  const forward: Answering['forward'] = (question, retryMs) => {
    const reply = replies[asked.length] ?? Promise.withResolvers<RawAnswer>()
    replies[asked.length] = reply
    asked.push({ question, retryMs })
    return reply.promise
  }
  const { bot, said, logged } = botOf(rule, { forward, startTimer, ...more })
  /** Rings all timers of at most so long, when there are some. */
  const ring = async (ms: number) => {
    await settled()
    for (const timer of timers.filter((one) => one.ms <= ms)) timer.ring()
    await settled()
  }
  return { bot, rule, said, logged, asked, timers, ring, answers: answered(replies) }
}

const answered = (replies: PromiseWithResolvers<RawAnswer>[]) => ({
  resolve: (value: unknown, at = 0) => replies[at]?.resolve(answerOf(value)),
  reject: (error: Error, at = 0) => replies[at]?.reject(error),
})

/** When everything that can go on has gone on; modules are loaded on the way. */
const settled = async () => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

const outcomes = async (done: Done | Promise<Done>) => {
  const { outcome, later } = await done
  return [outcome, ...(later ? [(await later).outcome] : [])]
}

const late = (policy: 'Say' | 'Button' | 'Push') => ({ policy, text: 'slow', label: 'Get it', expired: 'ask again' })
const budget = (monthly: number, counted = 0) =>
  makeBudget({ monthly, consumption: async () => counted, now: () => new Date(sentAt) })

const buttonFor = (question: Incoming, rule: Rule) => ({
  type: 'template',
  altText: 'slow',
  template: {
    type: 'buttons',
    text: 'slow',
    actions: [{ type: 'postback', label: 'Get it', data: ticketFor(question, rule), displayText: 'Get it' }],
  },
})
const tapOn = (data: string, source = incoming.source): Incoming => ({
  type: 'postback',
  webhookEventId: 'tap',
  replyToken: 'fresh',
  timestamp: sentAt + 30_000,
  ...(source && { source }),
  postback: { data },
})

describe('a forward that is answered in time', () => {
  it('is replied with all messages, after who the rule names was asked once', async () => {
    const { bot, said, asked, answers, timers } = conversation()
    answers.resolve({ messages: [text('頭'), text('翼')] })
    expect(await outcomes(answer(incoming, bot))).toEqual(['answered'])
    expect(said).toEqual([['r1', [text('頭'), text('翼')]]])
    expect(asked).toEqual([{ question: { url: 'http://llm', incoming, rule: 'rathalos/0' }, retryMs: 20_000 }])
    expect(timers).toEqual([])
  })

  it('shows nothing when there is nothing to say', async () => {
    const { bot, said, answers } = conversation()
    answers.resolve(null)
    expect(await outcomes(answer(incoming, bot))).toEqual(['forwarded'])
    expect(said).toEqual([])
  })

  it('shows a user, but no group, that it is on its way when it takes more than a second', async () => {
    for (const [event, loading] of [
      [incoming, [['loading', 'U1', 20]]],
      [inGroup, []],
    ] as const) {
      const { bot, said, ring, answers } = conversation()
      const done = answer(event, bot)
      await ring(1000)
      expect(said).toEqual(loading)
      answers.resolve('頭')
      expect(await outcomes(done)).toEqual(['answered'])
    }
  })

  it('is replied although LINE does not show that it is on its way', async () => {
    const { line } = botOf(undefined).bot
    const startLoading = () => Promise.reject(new LineError({ kind: 'rateLimit', message: 'no' }))
    const { bot, ring, answers } = conversation({}, { line: { ...line, startLoading } })
    const done = answer(incoming, bot)
    await ring(1000)
    answers.resolve('頭')
    expect(await outcomes(done)).toEqual(['answered'])
  })

  it('says that some messages were left out', async () => {
    const { bot, logged, answers } = conversation()
    answers.resolve([1, 2, 3, 4, 5, 6].map((number) => text(String(number))))
    await answer(incoming, bot)
    expect(logged).toMatchObject([{ message: 'an answer had 1 messages more than LINE takes', webhookEventId: '01H' }])
  })
})

describe('a forward that fails', () => {
  const away = new ForwardError('it answered 503', true)

  it('says what the rule has for it', async () => {
    const { bot, said, answers } = conversation({ failed: [text('sorry {{user.id}}')] })
    answers.reject(away)
    expect(await answer(incoming, bot)).toMatchObject({ outcome: 'failed', error: away, again: false })
    expect(said).toEqual([['r1', [text('sorry U1')]]])
  })

  it('says nothing where the rule has nothing', async () => {
    const { bot, said, answers } = conversation()
    answers.reject(away)
    expect(await answer(incoming, bot)).toMatchObject({ outcome: 'failed', error: away, again: false })
    expect(said).toEqual([])
  })

  it('tells the path of what LINE would refuse', async () => {
    const { bot, answers } = conversation()
    answers.resolve([text('')])
    const { error } = await answer(incoming, bot)
    expect(String(error)).toContain('answer[0].text: empty')
  })
})

describe('an answer that LINE refuses', () => {
  const refused = new LineError({ kind: 'badRequest', message: 'The request body has 1 error(s)', status: 400 })
  /** LINE takes nothing but what the test says. */
  const refusing = (
    error: LineError,
    to: Partial<Forward>,
    takes: (messages: readonly { type: string }[]) => boolean,
  ) => {
    const said: unknown[] = []
    const { line } = botOf(undefined).bot
    const reply: Answering['line']['reply'] = async (token, messages) => {
      said.push([token, messages])
      if (!takes(messages)) throw error
      return 'confirmed'
    }
    return { ...conversation(to, { line: { ...line, reply } }), said }
  }
  const flex = {
    type: 'flex',
    altText: 'x',
    contents: { type: 'bubble', body: { type: 'box', layout: 'vertical', contents: [] } },
  }

  it('is a failure, and the rule’s words for it are said with the same token', async () => {
    const { bot, said, answers } = refusing(refused, { failed: [text('sorry')] }, ([first]) => first?.type === 'text')
    answers.resolve([flex])
    expect(await answer(incoming, bot)).toMatchObject({ outcome: 'failed', error: refused, again: false })
    expect(said).toEqual([
      ['r1', [flex]],
      ['r1', [text('sorry')]],
    ])
  })

  it('stays the reason when LINE takes those words neither', async () => {
    const { bot, said, logged, answers } = refusing(refused, { failed: [text('sorry')] }, () => false)
    answers.resolve('頭')
    expect(await answer(incoming, bot)).toMatchObject({ outcome: 'failed', error: refused, again: false })
    expect(said).toHaveLength(2)
    expect(logged).toMatchObject([{ message: 'nor was it said that it failed' }])
  })

  it('is not kept for who asks again', async () => {
    const { bot, asked, answers } = refusing(refused, {}, ([first]) => JSON.stringify(first).includes('翼'))
    answers.resolve('頭')
    expect((await answer(incoming, bot)).outcome).toBe('failed')
    const again = answer(incoming, bot)
    await settled()
    answers.resolve('翼', 1)
    expect((await again).outcome).toBe('answered')
    expect(asked).toHaveLength(2)
  })

  it.each(['invalidReplyToken', 'unavailable', 'rateLimit'] as const)(
    'for %s is no answer of theirs: nothing else is said',
    async (kind) => {
      const error = new LineError({ kind, message: 'no' })
      const { bot, said, answers } = refusing(error, { failed: [text('sorry')] }, () => false)
      answers.resolve('頭')
      expect(await answer(incoming, bot)).toMatchObject({ outcome: 'failed', error })
      expect(said).toHaveLength(1)
    },
  )
})

describe('without a reply token', () => {
  const unfollow: Incoming = { type: 'unfollow', webhookEventId: '02', source: { type: 'user', userId: 'U1' } }

  it('an event is forwarded, and the answer ignored', async () => {
    const { bot, said, answers } = conversation()
    answers.resolve('頭')
    expect(await outcomes(answer(unfollow, bot))).toEqual(['forwarded'])
    expect(said).toEqual([])
  })

  it('is brought again when nobody was there', async () => {
    const { bot, answers } = conversation({ failed: [text('sorry')] })
    answers.reject(new ForwardError('it answered 503', true))
    expect(await answer(unfollow, bot)).toMatchObject({ outcome: 'failed', again: true })
  })

  it('nothing is said when it takes long', async () => {
    const { bot, said, ring, answers } = conversation({ late: [text('wait')] }, { late: late('Button') })
    const done = answer(unfollow, bot)
    await ring(20_000)
    answers.resolve('頭')
    expect(await outcomes(done)).toEqual(['forwarded', 'dropped'])
    expect(said).toEqual([])
  })
})

describe('a late answer', () => {
  it.each<[string, Partial<Forward>, unknown[]]>([
    ['the Bot’s word', {}, [text('slow')]],
    ['the rule’s words', { late: [text('{{user.id}}, wait')] }, [text('U1, wait')]],
  ])('by Say is %s, and then dropped', async (_what, to, messages) => {
    const { bot, said, ring, answers } = conversation(to)
    const done = answer(inGroup, bot)
    await ring(20_000)
    const ended = await done
    answers.resolve('頭')
    expect(await outcomes(ended)).toEqual(['late', 'dropped'])
    expect(said).toEqual([['r1', messages]])
  })

  it('by Button is kept, and fetched with the token of the tap', async () => {
    const { bot, rule, said, asked, ring, answers } = conversation({ late: [text('wait')] }, { late: late('Button') })
    const done = answer(inGroup, bot)
    await ring(20_000)
    const ended = await done
    answers.resolve('頭')
    expect(await outcomes(ended)).toEqual(['late', 'kept'])
    expect(await outcomes(answer(tapOn(ticketFor(inGroup, rule), inGroup.source), bot))).toEqual(['fetched'])
    expect(said).toEqual([
      ['r1', [text('wait'), buttonFor(inGroup, rule)]],
      ['fresh', [text('頭')]],
    ])
    expect(asked).toHaveLength(1)
  })

  it('that is still not there at the tap gets another button', async () => {
    const { bot, rule, said, asked, ring } = conversation({}, { late: late('Button') })
    const done = answer(inGroup, bot)
    await ring(20_000)
    await done
    const tapped = answer(tapOn(ticketFor(inGroup, rule), inGroup.source), bot)
    await ring(20_000)
    expect((await tapped).outcome).toBe('late')
    expect(said.at(-1)).toEqual(['fresh', [buttonFor(inGroup, rule)]])
    expect(asked).toHaveLength(1)
  })

  it('of which this pod knows nothing is asked for again, with the question’s own ID', async () => {
    const { bot, rule, said, asked, answers } = conversation()
    answers.resolve('頭')
    expect(await outcomes(answer(tapOn(ticketFor(incoming, rule)), bot))).toEqual(['fetched'])
    expect(asked.map(({ question }) => question.incoming)).toMatchObject([
      { type: 'message', webhookEventId: '01H', timestamp: sentAt, message: { text: '火龍' }, source: incoming.source },
    ])
    expect(said).toEqual([['fresh', [text('頭')]]])
  })

  it.each<[string, (rule: Rule) => string]>([
    [
      'question was too long to be remembered',
      (rule) => ticketFor({ ...incoming, message: { type: 'text', text: '火'.repeat(300) } }, rule),
    ],
    ['rule is gone', (rule) => ticketFor(incoming, { ...rule, event: 'gone' })],
  ])('whose %s has to be asked for again by the person', async (_what, data) => {
    const { bot, rule, said, asked } = conversation()
    expect(await outcomes(answer(tapOn(data(rule)), bot))).toEqual(['expired'])
    expect(said).toEqual([['fresh', [text('ask again')]]])
    expect(asked).toEqual([])
  })

  it('that failed is asked for once more at the tap, and the failure then said', async () => {
    const { bot, rule, said, asked, ring, answers } = conversation({}, { late: late('Button') })
    const done = answer(incoming, bot)
    await ring(20_000)
    answers.reject(new ForwardError('it answered 500', false))
    expect(await outcomes(done)).toEqual(['late', 'failed'])
    const tapped = answer(tapOn(ticketFor(incoming, rule)), bot)
    await settled()
    answers.reject(new ForwardError('it answered 500', false), 1)
    expect(await outcomes(tapped)).toEqual(['failed'])
    expect(said.at(-1)).toEqual(['fresh', [text('ask again')]])
    expect(asked).toHaveLength(2)
  })
})

describe('a late answer by Push', () => {
  const pushing = (to: Partial<Forward> = {}, more: Partial<Answering> = {}) =>
    conversation(to, { late: late('Push'), budget: budget(1), ...more })
  const isPush = (one: unknown) => Array.isArray(one) && one[0] === 'push'

  it('is free when it comes while the reply token lives', async () => {
    const { bot, said, ring, answers, timers } = pushing()
    const done = answer(incoming, bot)
    await ring(20_000)
    const ended = await done
    expect(timers.map(({ ms }) => ms)).toEqual([45_000])
    answers.resolve('頭')
    expect(await outcomes(ended)).toEqual(['late', 'answered'])
    expect(said.at(-1)).toEqual(['r1', [text('頭')]])
    expect(await bot.budget.reserve()).toBeDefined()
  })

  it('is pushed when it comes later, once, under a key made of the event', async () => {
    const { bot, said, ring, answers } = pushing()
    const done = answer(incoming, bot)
    await ring(20_000)
    const ended = await done
    await ring(45_000)
    answers.resolve('頭')
    expect(await outcomes(ended)).toEqual(['late', 'pushed'])
    expect(said).toEqual([
      ['loading', 'U1', 20],
      ['push', 'U1', [text('頭')], retryKeyFor('01H')],
    ])
    expect(await bot.budget.reserve()).toBeUndefined()
  })

  it('is pushed after the rule’s own words, which use up the token', async () => {
    const { bot, said, ring, answers } = pushing({ late: [text('wait')] })
    const done = answer(incoming, bot)
    await ring(20_000)
    const ended = await done
    answers.resolve('頭')
    expect(await outcomes(ended)).toEqual(['late', 'pushed'])
    expect(said.slice(1)).toEqual([
      ['r1', [text('wait')]],
      ['push', 'U1', [text('頭')], retryKeyFor('01H')],
    ])
  })

  it('is never pushed once a reply was tried', async () => {
    const { line } = botOf(undefined).bot
    const reply = () => Promise.reject(new LineError({ kind: 'unavailable', message: 'lost', ambiguous: true }))
    const said: unknown[] = []
    const push = async (...args: unknown[]) => void said.push(args)
    const { bot, ring, answers } = pushing({}, { line: { ...line, reply, push } })
    const done = answer(incoming, bot)
    await ring(20_000)
    const ended = await done
    answers.resolve('頭')
    expect(await outcomes(ended)).toEqual(['late', 'failed'])
    expect(said).toEqual([])
  })

  it.each<[string, Incoming, Partial<Answering>]>([
    ['in a group', inGroup, {}],
    ['without a budget', incoming, { budget: budget(0) }],
    ['when the budget is used up', incoming, { budget: budget(200, 200) }],
    [
      'when LINE does not tell what was used',
      incoming,
      {
        budget: makeBudget({ monthly: 9, consumption: () => Promise.reject(new Error('down')), now: () => new Date() }),
      },
    ],
  ])('%s is a button', async (_what, event, more) => {
    const { bot, rule, said, ring, answers } = pushing({}, more)
    const done = answer(event, bot)
    await ring(20_000)
    answers.resolve('頭')
    expect(await outcomes(done)).toEqual(['late', 'kept'])
    expect(said.at(-1)).toEqual(['r1', [buttonFor(event, rule)]])
    expect(said.filter(isPush)).toEqual([])
  })

  it('gives its place in the budget back when it fails', async () => {
    const { bot, ring, answers } = pushing({ late: [text('wait')] })
    const done = answer(incoming, bot)
    await ring(20_000)
    const ended = await done
    expect(await bot.budget.reserve()).toBeUndefined()
    answers.reject(new ForwardError('it answered 500', false))
    expect(await outcomes(ended)).toEqual(['late', 'failed'])
    expect(await bot.budget.reserve()).toBeDefined()
  })
})

describe('what was said before', () => {
  const edit = (timestamp: number, webhookEventId: string): Incoming => ({
    ...incoming,
    type: 'messageEdited',
    webhookEventId,
    timestamp,
  })
  const unsend: Incoming = { type: 'unsend', webhookEventId: 'u', raw: { type: 'unsend', unsend: { messageId: '5' } } }

  it('is not answered when a later edit is known', async () => {
    const { bot, answers } = conversation()
    answers.resolve('頭')
    expect((await answer(edit(sentAt + 2, 'e2'), bot)).outcome).toBe('answered')
    expect((await answer(edit(sentAt + 1, 'e1'), bot)).outcome).toBe('outdated')
    expect((await answer(incoming, bot)).outcome).toBe('outdated')
  })

  it.each<[string, Incoming, string]>([
    ['taken back', unsend, 'unsent'],
    ['edited', edit(sentAt + 1, 'e'), 'outdated'],
  ])('and %s while the answer is on its way is not answered', async (_what, event, outcome) => {
    const { bot, said, answers } = conversation({ failed: [text('sorry')] })
    const done = answer(incoming, bot)
    await settled()
    bot.memory.note(event)
    answers.resolve('頭')
    expect(await outcomes(done)).toEqual([outcome])
    expect(said).toEqual([])
  })

  it.each(['Say', 'Push'] as const)('and taken back is not answered late either, by %s', async (policy) => {
    const { bot, said, ring, answers } = conversation(
      { late: [text('wait')] },
      { late: late(policy), budget: budget(9) },
    )
    const done = answer(incoming, bot)
    await ring(20_000)
    const ended = await done
    bot.memory.note(unsend)
    answers.resolve('頭')
    expect(await outcomes(ended)).toEqual(['late', policy === 'Say' ? 'dropped' : 'unsent'])
    expect(said.slice(1)).toEqual([['r1', [text('wait')]]])
  })
})

describe('a rule that forwards to a Bot', () => {
  const to = { to: { url: 'http://other.hunters.svc.cluster.local', bot: true } } as const

  it('hands the webhook over, and says nothing itself', async () => {
    const handed: unknown[] = []
    const handOver: Answering['handOver'] = async (...args) => void handed.push(args)
    const { bot, said, asked } = conversation(to, { handOver })
    expect(await outcomes(answer(incoming, bot))).toEqual(['forwarded'])
    expect(handed).toEqual([[{ url: to.to.url, incoming, rule: 'rathalos/0' }, 20_000]])
    expect([said, asked]).toEqual([[], []])
  })

  it('does not hand over what was handed over', async () => {
    const { bot, said } = conversation(to)
    const { outcome, error } = await answer(incoming, bot)
    expect([outcome, String(error)]).toEqual(['failed', expect.stringContaining('not forwarded to a Bot again')])
    expect(said).toEqual([])
  })

  it('says what the rule has for it when the other Bot refuses', async () => {
    const handOver = () => Promise.reject(new ForwardError('no', false))
    const { bot, said } = conversation({ ...to, failed: [text('sorry')] }, { handOver })
    expect((await answer(incoming, bot)).outcome).toBe('failed')
    expect(said).toEqual([['r1', [text('sorry')]]])
  })

  it.each<[string, (handed: PromiseWithResolvers<void>) => void, string]>([
    ['did it then', ({ resolve }) => resolve(), 'forwarded'],
    ['could not be reached', ({ reject }) => reject(new ForwardError('no', true)), 'failed'],
  ])('waits no longer than the rule says, and tells when the other %s', async (_what, end, outcome) => {
    const handed = Promise.withResolvers<void>()
    const { bot, said, ring } = conversation(to, { handOver: () => handed.promise })
    const done = answer(incoming, bot)
    await ring(20_000)
    const ended = await done
    end(handed)
    expect(await outcomes(ended)).toEqual(['forwarded', outcome])
    expect(said).toEqual([])
  })
})
