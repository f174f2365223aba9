import type { Json } from '../../core/shape.ts'
import { type Answer, type Ask, ok, refused } from './answers.ts'
import type { Channel } from './channels.ts'
import { text } from './checks.ts'
import { newMessageId, newQuoteToken } from './events.ts'
import { tooMany } from './faults.ts'
import { isQuotable, refusalOf } from './messages.ts'
import { isRetryKey } from './retry-keys.ts'
import type { State } from './state.ts'

/** Reply, push and their validation (messages). */

const anyLength = text(Number.MAX_SAFE_INTEGER)

const sentMessage = (message: unknown): object =>
  isQuotable(message) ? { id: newMessageId(), quoteToken: newQuoteToken() } : { id: newMessageId() }

const messagesOf = ({ messages }: Json): readonly unknown[] => (Array.isArray(messages) ? messages : [])

const sentMessages = (body: Json): readonly object[] => messagesOf(body).map(sentMessage)

/** retrying-api-request: the key is refused everywhere but in push-like calls. LINE documents no text for it. */
const keyRefused = refused(400, 'The retry key is not supported by this API')

export const reply = ({ channel, body, header }: Ask, { replyTokens, happenings }: State): Answer => {
  if (header('x-line-retry-key') !== undefined) return keyRefused
  const refusal = refusalOf(body, { replyToken: anyLength })
  if (refusal) return { status: 400, body: refusal }
  const token = String(body['replyToken'])
  const found = replyTokens.find(token, channel.id)
  if (!found) return refused(400, 'Invalid reply token')
  replyTokens.use(token)
  const { chat, webhookEventId } = found
  if (chat !== undefined)
    happenings.tell({
      kind: 'answer',
      channel: channel.id,
      chat,
      via: 'reply',
      messages: messagesOf(body),
      webhookEventId,
    })
  return ok({ sentMessages: sentMessages(body) })
}

const isOverQuota = ({ quota, consumption }: Channel, count: number): boolean =>
  quota !== undefined && consumption + count > quota

const pushOnce = ({ channel, body }: Ask, { people, groups, happenings }: State): Answer => {
  const to = String(body['to'])
  const count = groups.byId(to)?.members.size ?? people.recipients(channel.id, to)
  if (count === 0) return refused(400, 'Failed to send messages')
  if (isOverQuota(channel, count)) return refused(429, tooMany.monthly)
  channel.consumption += count
  // To somebody who has blocked the bot LINE answers the same, and shows nothing.
  if (!people.hasBlocked(channel.id, to))
    happenings.tell({ kind: 'answer', channel: channel.id, chat: to, via: 'push', messages: messagesOf(body) })
  return ok({ sentMessages: sentMessages(body) })
}

export const push = (ask: Ask, state: State): Answer => {
  const { channel, body, header, requestId } = ask
  const key = header('x-line-retry-key')
  if (key !== undefined && !isRetryKey(key)) return refused(400, 'Invalid retry key')
  const refusal = refusalOf(body, { to: anyLength })
  if (refusal) return { status: 400, body: refusal }
  const before = key === undefined ? undefined : state.retryKeys.accepted(channel.id, key)
  if (before) {
    return {
      status: 409,
      body: { message: 'The retry key is already accepted', ...before.answer },
      headers: { 'x-line-accepted-request-id': before.requestId },
    }
  }
  const answer = pushOnce(ask, state)
  if (key !== undefined && answer.status === 200) {
    state.retryKeys.accept(channel.id, key, { requestId, answer: { ...answer.body } })
  }
  return answer
}

export const validate = ({ body, header }: Ask): Answer => {
  if (header('x-line-retry-key') !== undefined) return keyRefused
  const refusal = refusalOf(body)
  return refusal ? { status: 400, body: refusal } : ok({})
}

export const quota = ({ channel }: Ask): Answer =>
  ok(channel.quota === undefined ? { type: 'none' } : { type: 'limited', value: channel.quota })

export const consumption = ({ channel }: Ask): Answer => ok({ totalUsage: channel.consumption })
