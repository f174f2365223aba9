import { valueAt } from '../events.ts'
import type { Incoming } from '../incoming.ts'
import type { Match } from '../match.ts'

/** The value that a name stands for; undefined where there is none, which is written as nothing. */
export type Names = (name: string) => string | undefined

/** What templates may tell of one Incoming, besides what it carries. */
export interface Telling {
  readonly match?: Match
  /** LINE's profile of `personIn(incoming)`. */
  readonly profile?: Readonly<Partial<Record<(typeof profileMembers)[number], string | undefined>>>
  /** LINE's summary of the group. */
  readonly group?: { readonly groupName?: string | undefined }
  /** The Bot's name. */
  readonly bot: string
  readonly now: Date
}

const profileMembers = ['displayName', 'language', 'pictureUrl', 'statusMessage'] as const

/** Names that LINE must be asked the profile of `personIn(incoming)` for. */
export const profileNames: ReadonlySet<string> = new Set(profileMembers.map((member) => `user.${member}`))

interface Named {
  readonly about: string
  readonly value: (incoming: Incoming, told: Telling) => string | undefined
}

const table = {
  'user.displayName': {
    about: 'The name that the user shows at LINE; nothing where LINE does not tell it.',
    value: (_, { profile }) => profile?.displayName,
  },
  'user.id': { about: 'The user ID.', value: (incoming) => personIn(incoming)?.userId },
  'user.language': {
    about: 'The language of the user’s LINE, such as `ja`; told by friends of the bot only, and not in groups.',
    value: (_, { profile }) => profile?.language,
  },
  'user.statusMessage': {
    about: 'What the user wrote under the name; not in groups.',
    value: (_, { profile }) => profile?.statusMessage,
  },
  'user.pictureUrl': { about: 'The user’s picture, HTTPS.', value: (_, { profile }) => profile?.pictureUrl },
  'group.id': { about: 'The group ID, in a group.', value: ({ source }) => source?.groupId },
  'group.name': { about: 'The group’s name, in a group.', value: (_, { group }) => group?.groupName },
  'room.id': { about: 'The room ID, in a room.', value: ({ source }) => source?.roomId },
  'chat.id': {
    about: 'The ID of the group, of the room, or else of the user.',
    value: ({ source }) => source?.groupId ?? source?.roomId ?? source?.userId,
  },
  'bot.name': { about: 'The Bot’s name.', value: (_, { bot }) => bot },
  now: { about: 'This moment; write it with `date`.', value: (_, told) => told.now.toISOString() },
  'match.keyword': {
    about: 'The keyword that matched, as it is written in the rule.',
    value: (_, { match }) => match?.keyword,
  },
} as const satisfies Readonly<Record<string, Named>>

/** Every name that is there in all rules. */
export const names: Readonly<Record<string, Named>> = table

/** Whose name and ID `user.…` means: who did it, or the first of those who joined. */
export function personIn(incoming: Incoming): Incoming['source'] {
  const { type, source } = incoming
  const joined = type === 'memberJoined' ? valueAt(incoming, 'joined.members.0.userId') : undefined
  return source && joined !== undefined ? { ...source, userId: joined } : source
}

/** What each name stands for in the answer to this Incoming. */
export const namesFor =
  (incoming: Incoming, told: Telling): Names =>
  (name) => {
    const groups = told.match?.groups ?? {}
    const group = name.startsWith('match.') ? name.slice('match.'.length) : ''
    if (Object.hasOwn(groups, group)) return groups[group]
    if (Object.hasOwn(names, name)) return names[name]?.value(incoming, told)
    if (name.startsWith('event.')) return valueAt(incoming, name.slice('event.'.length))
    return name.startsWith('data.') ? valueAt(incoming, name) : undefined
  }
