import { type Answer, type Ask, ok, refused } from './answers.ts'
import type { User } from './people.ts'
import type { State } from './state.ts'

/** Who the bot is, and whom it talks to. */

export const botInfo = ({ channel }: Ask): Answer =>
  ok({
    userId: channel.destination,
    basicId: channel.basicId,
    displayName: channel.name,
    chatMode: channel.chatMode,
    markAsReadMode: channel.markAsReadMode,
  })

const profileOf = (user: User | undefined): Answer =>
  user ? ok({ userId: user.userId, displayName: user.displayName }) : refused(404, 'Not found')

export const profile = ({ channel, param }: Ask, { people }: State): Answer =>
  profileOf(people.profile(channel.id, param('userId')))

export const member = ({ channel, param }: Ask, { people }: State): Answer =>
  profileOf(people.member(channel.id, param('chatId'), param('userId')))

/** LINE has this at api-data.line.me. */
export const content = ({ param }: Ask, { contents }: State): Answer => {
  const found = contents.find(param('messageId'))
  if (!found) return refused(404, 'not found')
  return { status: 200, body: {}, bytes: found.bytes, headers: { 'content-type': found.type } }
}
