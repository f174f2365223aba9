import type { Incoming, IncomingMessage } from '../incoming.ts'
import { normalize } from '../normalize.ts'
import type { Rule } from '../rule.ts'

/** How a Bot behaves in groups and rooms (`Bot.spec.groups`). */
export interface Groups {
  readonly answer: 'Always' | 'WhenMentioned'
  readonly prefix?: string
}

/** One Incoming as rules see it. */
export interface Heard {
  readonly type: string
  /** What keywords are compared with, normalised; absent when nothing was written. */
  readonly text?: string
  readonly content?: string
  readonly chat?: string
  readonly mentioned: boolean
  /** False for talk in a group that the bot should stay out of. */
  readonly forUs: boolean
}

/**
 * In a group or room the prefix counts as a mention. It and mentions of the bot are cut off before keywords are
 * compared, whether they were needed or not: the same words mean the same thing however the bot was called.
 */
export function hear(incoming: Incoming, groups: Groups): Heard {
  const { type, message, source } = incoming
  const inGroup = source?.type === 'group' || source?.type === 'room'
  const written = type === 'postback' ? incoming.postback?.data : textOf(message)
  const whole = typeof written === 'string' ? normalize(written) : undefined
  const text = inGroup && type === 'message' && groups.prefix ? withoutPrefix(whole, normalize(groups.prefix)) : whole
  const mentioned = selfMentions(message).length > 0 || text !== whole
  return {
    type,
    ...(text !== undefined && { text }),
    ...(message && { content: message.type }),
    ...(source && { chat: source.type }),
    mentioned,
    forUs: mentioned || !inGroup || type !== 'message' || groups.answer === 'Always',
  }
}

/** Whether the rule's filters let it answer this; its keywords are another matter. */
export const allows = ({ content, in: chats, mentioned, keywords }: Rule, heard: Heard): boolean =>
  (content ? content.some((kind) => kind === heard.content) : keywords.length === 0 || heard.text !== undefined) &&
  (!chats || chats.some((chat) => chat === heard.chat)) &&
  (mentioned === undefined || mentioned === heard.mentioned)

/** The text without the mentions of the bot. Offsets count UTF-16 units, as JavaScript does. */
function textOf(message: IncomingMessage | undefined): string | undefined {
  if (message?.type !== 'text' || typeof message.text !== 'string') return undefined
  // From the back, so that the earlier offsets still hold.
  return selfMentions(message)
    .toSorted((a, b) => b.index - a.index)
    .reduce((text, { index, length }) => `${text.slice(0, index)} ${text.slice(index + length)}`, message.text)
}

function selfMentions(message: IncomingMessage | undefined) {
  const mentionees = message?.mention?.mentionees
  return Array.isArray(mentionees) ? mentionees.filter((mentionee) => mentionee?.isSelf === true) : []
}

function withoutPrefix(text: string | undefined, prefix: string): string | undefined {
  if (!text?.startsWith(prefix)) return text
  const rest = text.slice(prefix.length)
  // "bot" is no prefix of "bottle"; other scripts do not write spaces between words.
  return /[a-z0-9]$/.test(prefix) && /^[a-z0-9]/.test(rest) ? text : rest.trimStart()
}
