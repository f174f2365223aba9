import { expect, it } from 'vitest'
import { makeReplyTokens } from '../../../functions/local/line/reply-tokens.ts'

const minute = 60_000
const sent = { token: 't', channelId: 'c', webhookEventId: 'e' }

const at = (start: number) => {
  const clock = { now: start }
  return { clock, tokens: makeReplyTokens(() => clock.now) }
}

it.each([
  ['at once', 0, 'c', true],
  ['just within the minute', minute - 1, 'c', true],
  ['after a minute', minute, 'c', false],
  ['for another channel', 0, 'd', false],
])('a token is good %s: %#', (_when, later, channelId, good) => {
  const { clock, tokens } = at(1000)
  tokens.issue({ ...sent, sentAt: clock.now })
  clock.now += later
  expect(tokens.find('t', channelId) !== undefined).toBe(good)
})

it('a token that nobody issued is no good', () => {
  expect(at(0).tokens.find('000000', 'c')).toBeUndefined()
})

it('a used token stays used, even when its event is sent again, and is still known by its event', () => {
  const { clock, tokens } = at(0)
  tokens.issue({ ...sent, sentAt: 0 })
  tokens.use('t')
  expect(tokens.find('t', 'c')).toBeUndefined()
  tokens.issue({ ...sent, sentAt: clock.now })
  expect(tokens.find('t', 'c')).toBeUndefined()
  expect(tokens.eventOf('t')?.webhookEventId).toBe('e')
})

it.each([
  ['a minute more', 5 * minute, minute - 1, true],
  ['no more than a minute', 5 * minute, minute, false],
  ['not beyond 20 minutes', 19.5 * minute, minute - 1, false],
])('sent again, a token lives %s', (_what, again, later, good) => {
  const { clock, tokens } = at(0)
  tokens.issue({ ...sent, sentAt: 0 })
  clock.now = again
  tokens.issue({ ...sent, sentAt: again })
  clock.now += later
  expect(tokens.find('t', 'c') !== undefined).toBe(good)
})

it('forgets tokens that can never be good again', () => {
  const { clock, tokens } = at(0)
  tokens.issue({ ...sent, sentAt: 0 })
  clock.now = 20 * minute
  tokens.issue({ ...sent, token: 'u', sentAt: clock.now })
  expect(tokens.eventOf('t')).toBeUndefined()
})
