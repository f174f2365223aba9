import { createHash } from 'node:crypto'

/** A group that a person made. Groups that only webhooks have named are known to `People` alone. */
export interface Group {
  readonly groupId: string
  readonly name: string
  /** User IDs. */
  readonly members: Set<string>
  /** The channel of the bot in it: LINE lets one official account into a group (group-chats). */
  bot?: string | undefined
}

export interface Groups {
  /** Makes a group; one that has the name already is given back with the members added. */
  add(name: string, members: readonly string[]): Group
  byId(groupId: string): Group | undefined
  /** By ID, or else by name. */
  find(idOrName: string): Group | undefined
  list(): readonly Group[]
}

const idFor = (name: string): string => `C${createHash('sha256').update(`group ${name}`).digest('hex').slice(0, 32)}`

export const makeGroups = (): Groups => {
  const groups = new Map<string, Group>()
  const find = (idOrName: string): Group | undefined =>
    groups.get(idOrName) ?? [...groups.values()].find(({ name }) => name === idOrName)
  return {
    add: (name, members) => {
      const group = find(name) ?? { groupId: idFor(name), name, members: new Set<string>() }
      for (const member of members) group.members.add(member)
      groups.set(group.groupId, group)
      return group
    },
    byId: (groupId) => groups.get(groupId),
    find,
    list: () => [...groups.values()],
  }
}
