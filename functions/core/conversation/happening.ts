import type { Act, Chat, ConversationStep } from '../conversation.ts'
import { isRepliableType } from '../events.ts'
import type { Json } from '../shape.ts'
import { idFor } from './people.ts'

/** What was said before in the conversation, as far as later steps speak of it. */
export interface Before {
  /** Events so far. */
  readonly count: number
  /** ID of the last message of each speaker. */
  readonly lastMessages: ReadonlyMap<string, string>
}

/** Whom a mention of the bot names. */
export interface Mentioned {
  readonly userId: string
  readonly displayName: string
}

type Acting = Pick<ConversationStep, 'as' | 'chat' | 'at'>

/** The LINE webhook event of an act, the same for the same conversation. A press has become what it does before. */
export function eventFor(act: Exclude<Act, { do: 'press' }>, acting: Acting, before: Before, bot: Mentioned): Json {
  const number = before.count + 1
  const what = contentOf(act, acting.as, before, bot)
  return {
    mode: 'active',
    // A millisecond each, so that a later edit is later.
    timestamp: acting.at.getTime() + before.count,
    webhookEventId: `01${String(number).padStart(24, '0')}`,
    deliveryContext: { isRedelivery: false },
    source: sourceOf(acting),
    ...(isRepliableType(String(what.type)) && { replyToken: `reply-token-${number}` }),
    ...what,
  }
}

/** The type of the LINE event of an act; of a press it depends on what is pressed. */
export function typeOf(act: Act): string | undefined {
  if (act.do === 'press') return undefined
  if (act.do === 'happen') return act.event.type
  return act.do === 'say' || act.do === 'send' ? 'message' : act.do === 'edit' ? 'messageEdited' : act.do
}

/** The ID that the message of the n-th event has. */
export const messageIdOf = (count: number): string => String(500_000_000_000_000_000n + BigInt(count))

function sourceOf({ as, chat }: { as: string; chat: Chat }): Json {
  const userId = idFor('user', as)
  if (chat.in === 'user') return { type: 'user', userId }
  const id = idFor(chat.in, chat.name)
  return chat.in === 'group' ? { type: 'group', groupId: id, userId } : { type: 'room', roomId: id, userId }
}

function contentOf(act: Exclude<Act, { do: 'press' }>, as: string, before: Before, bot: Mentioned): Json {
  const id = messageIdOf(before.count + 1)
  switch (act.do) {
    case 'say':
      return { type: 'message', message: { id, ...textOf(act, bot) } }
    case 'send':
      return { type: 'message', message: { id, ...act.content } }
    case 'edit':
      return {
        type: 'messageEdited',
        message: { id: before.lastMessages.get(as) ?? id, type: 'text', text: act.text, quoteToken: `quote-${id}` },
      }
    case 'unsend':
      return { type: 'unsend', unsend: { messageId: before.lastMessages.get(as) ?? id } }
    case 'postback':
      return { type: 'postback', postback: { data: act.data, ...(act.params && { params: act.params }) } }
    case 'happen':
      return act.event
  }
}

function textOf({ text, mention }: { text: string; mention: boolean }, { userId, displayName }: Mentioned): Json {
  if (!mention) return { type: 'text', text, quoteToken: 'quote' }
  const mentionee = { index: 0, length: displayName.length + 1, type: 'user', userId, isSelf: true }
  return { type: 'text', text: `@${displayName} ${text}`, quoteToken: 'quote', mention: { mentionees: [mentionee] } }
}
