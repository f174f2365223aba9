import { describe, expect, it } from 'vitest'
import { keyOf, questionIn, ruleFor, ticketFor, ticketIn } from '../../../functions/core/forward/ticket.ts'
import type { Incoming } from '../../../functions/core/incoming.ts'
import { readIncoming } from '../../../functions/core/webhook.ts'
import { ruleOf } from '../../bot/bot.ts'

const forward = { to: { url: 'http://llm' }, timeoutSeconds: 20 }
const rule = { ...ruleOf(), forward }
const files = [{ binding: 'b', priority: 0, rules: [ruleOf(), { ...rule, index: 1 }, { ...rule, event: 'another' }] }]

/** As LINE sends it. */
const asked = (members: object = {}) => ({
  type: 'message',
  mode: 'active',
  timestamp: 1_777_636_800_123,
  webhookEventId: '01HXAMPLE0000000000000000A',
  replyToken: '0123456789abcdef0123456789abcdef',
  deliveryContext: { isRedelivery: false },
  source: { type: 'user', userId: 'U1' },
  message: {
    type: 'text',
    id: '555123456789012345',
    quoteToken: 'q'.repeat(80),
    markAsReadToken: 'm'.repeat(80),
    text: '火龍？',
  },
  ...members,
})
const there = <T>(found: T | undefined): T => {
  if (found === undefined) throw new Error('nothing was found')
  return found
}
const read = (event: object): Incoming => there(readIncoming(event))
const tap = (data: string, source: object = { type: 'user', userId: 'U1' }) =>
  read({ type: 'postback', webhookEventId: 'tap', replyToken: 'fresh', source, postback: { data } })

describe('a ticket', () => {
  it('brings the question back, with its own ID and without what is spent', () => {
    const data = ticketFor(read(asked()), rule)
    const tapped = tap(data)
    const ticket = there(ticketIn(tapped))
    expect(data.length).toBeLessThanOrEqual(300)
    expect(ticket).toMatchObject({ id: '01HXAMPLE0000000000000000A', rule: keyOf(rule) })
    expect(questionIn(ticket, tapped)?.raw).toEqual({
      type: 'message',
      timestamp: 1_777_636_800_123,
      webhookEventId: '01HXAMPLE0000000000000000A',
      source: { type: 'user', userId: 'U1' },
      message: { type: 'text', id: '555123456789012345', text: '火龍？' },
    })
  })

  it('of a question in a group knows who asked, whoever taps', () => {
    const source = { type: 'group', groupId: 'C1', userId: 'Uasker' }
    const tapped = tap(ticketFor(read(asked({ source })), rule), { ...source, userId: 'Uother' })
    const ticket = there(ticketIn(tapped))
    expect(questionIn(ticket, tapped)).toMatchObject({ source, message: { text: '火龍？' } })
  })

  it.each([100, 130, 200, 5000])('of a question of %i characters has at most 300 itself', (length) => {
    const data = ticketFor(read(asked({ message: { type: 'text', id: '1', text: '火'.repeat(length) } })), rule)
    expect(data.length).toBeLessThanOrEqual(300)
    expect(questionIn(there(ticketIn(tap(data))), tap(data)) === undefined).toBe(length > 150)
  })

  it.each([
    'menu=1',
    '',
    'linebot.dev/late ',
    'linebot.dev/late {}',
    'linebot.dev/late []',
    'linebot.dev/late [1,2]',
    'linebot.dev/late ["a"',
    'linebot.dev/late',
  ])('is not %j', (data) => {
    expect(ticketIn(tap(data))).toBeUndefined()
  })

  it('is only in a postback', () => {
    expect(ticketIn({ ...tap(ticketFor(read(asked()), rule)), type: 'message' })).toBeUndefined()
  })

  it('names a rule that forwards', () => {
    expect(ruleFor(keyOf({ ...rule, index: 1 }), files)).toMatchObject({ binding: 'b', rule: { index: 1 } })
    expect(ruleFor(keyOf(ruleOf()), files)).toBeUndefined()
  })
})
