import type { Incoming, IncomingMessage } from '../incoming.ts'
import { normalize } from '../normalize.ts'

/** How a Bot behaves in groups and rooms (`Bot.spec.groups`). */
export interface Groups {
  readonly answer: 'Always' | 'WhenMentioned'
  readonly prefix?: string
}

/** One Incoming as rules see it. */
export interface Heard {
  readonly incoming: Incoming
  readonly now: Date
  /** What was written, normalised; absent when nothing was. */
  readonly text?: string
  /** What keywords are compared with: the text, and before it what is left without the comma of “bot, menu”. */
  readonly texts: readonly string[]
  /** The same as the user wrote it, with more before it where a prefix was cut off. */
  readonly written?: string
  readonly content?: string
  readonly chat?: string
  readonly mentioned: boolean
  /** Why the bot stays out of this, whatever its rules say. */
  readonly silent?: string
}

/** What people write: keywords, mentions and the prefix are about these. */
const isTalk = (type: string) => type === 'message' || type === 'messageEdited'

/**
 * In a group or room the prefix counts as a mention. It and mentions of the bot are cut off before keywords are
 * compared, whether they were needed or not: the same words mean the same thing however the bot was called.
 */
export function hear(incoming: Incoming, groups: Groups, now: Date): Heard {
  const { type, message, source } = incoming
  const inGroup = source?.type === 'group' || source?.type === 'room'
  const written = type === 'postback' ? incoming.postback?.data : isTalk(type) ? textOf(message) : undefined
  const whole = typeof written === 'string' ? normalize(written) : undefined
  const text = inGroup && isTalk(type) && groups.prefix ? withoutPrefix(whole, normalize(groups.prefix)) : whole
  const mentioned = selfMentions(message).length > 0 || text !== whole
  const silent = whySilent(incoming, inGroup && isTalk(type) && !mentioned, groups)
  return {
    incoming,
    now,
    ...(text !== undefined && { text }),
    texts: text ? (mentioned ? textsBehindName(text) : [text]) : [],
    ...(written !== undefined && { written }),
    ...(message && { content: message.type }),
    ...(source && { chat: source.type }),
    mentioned,
    ...(silent !== undefined && { silent }),
  }
}

function whySilent({ mode }: Incoming, amongOthers: boolean, { answer, prefix }: Groups): string | undefined {
  if (mode === 'standby') return 'standby: another module of the channel holds the chat'
  if (!amongOthers || answer === 'Always') return undefined
  const called = prefix ? `mentioned, nor called by ${prefix}` : 'mentioned'
  return `talk among others: the bot was not ${called} (spec.groups of the Bot)`
}

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

/** Of full width too, for the text is normalised. A number keeps its point. */
const mark = String.raw`[,、:;。!?…]|\.(?!\d)`
const firstMarks = new RegExp(`^(?:${mark})+\\s*`)
const allMarks = new RegExp(`^(?:\\s|${mark})+`)

/** All is kept too, since a keyword may begin with a mark of its own, as “.help” does. */
function textsBehindName(text: string): string[] {
  const texts = [text.replace(allMarks, ''), text.replace(firstMarks, ''), text]
  return [...new Set(texts)].filter((one) => one !== '')
}

function withoutPrefix(text: string | undefined, prefix: string): string | undefined {
  if (!text?.startsWith(prefix)) return text
  const rest = text.slice(prefix.length)
  // "bot" is no prefix of "bottle"; other scripts do not write spaces between words.
  return /[a-z0-9]$/.test(prefix) && /^[a-z0-9]/.test(rest) ? text : rest.trimStart()
}
