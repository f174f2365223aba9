import { z } from 'zod'
import type { Platform } from '../line/app.ts'
import { channelNamed } from '../line/channels.ts'
import { userIdFor } from '../line/people.ts'
import { Refused } from '../line/refused.ts'

/** What a person does on the page, as one JSON object. */

const id = z.string().min(1)
const place = { channel: id, user: id, group: id.optional() }
const users = z.array(id).min(1)

const act = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('say'), ...place, message: z.looseObject({ type: z.string() }) }),
  z.strictObject({
    do: z.literal('postback'),
    ...place,
    data: z.string(),
    params: z.record(z.string(), z.string()).optional(),
    displayText: z.string().optional(),
  }),
  z.strictObject({ do: z.enum(['follow', 'unfollow']), channel: id, user: id }),
  z.strictObject({ do: z.enum(['join', 'leave']), channel: id, group: id }),
  z.strictObject({ do: z.enum(['enter', 'exit']), channel: id, group: id, users }),
  z.strictObject({ do: z.literal('redeliver'), channel: id, webhookEventIds: users }),
  z.strictObject({ do: z.literal('person'), name: z.string().trim().min(1).max(20) }),
  z.strictObject({ do: z.literal('group'), channel: id, name: z.string().trim().min(1).max(50), users }),
  z.strictObject({
    do: z.literal('console'),
    channel: id,
    active: z.boolean().optional(),
    redelivery: z.boolean().optional(),
  }),
])
type Act = z.output<typeof act>
type Doing<Name extends Act['do']> = Extract<Act, { do: Name }>

const addPerson = ({ people, happenings }: Platform, { name }: Doing<'person'>) => {
  const userId = userIdFor(name)
  people.add({ userId, displayName: name })
  happenings.tell({ kind: 'people' })
  return { userId }
}

const addGroup = async ({ groups, acts }: Platform, given: Doing<'group'>) => {
  if (groups.find(given.name)) throw new Refused(409, `there is a group ${given.name} already`)
  const { groupId } = groups.add(given.name, given.users)
  // The group is there even where the bot cannot be told of it.
  await acts.join(given.channel, groupId).catch((error: unknown) => {
    if (!(error instanceof Refused)) throw error
  })
  return { groupId }
}

const changeConsole = ({ channels, happenings }: Platform, given: Doing<'console'>) => {
  const channel = channelNamed(channels, given.channel)
  channel.active = given.active ?? channel.active
  channel.redelivery = given.redelivery ?? channel.redelivery
  happenings.tell({ kind: 'channel', channel: channel.id })
  return {}
}

const doIt = async (platform: Platform, given: Act): Promise<object> => {
  const { acts } = platform
  switch (given.do) {
    case 'say':
      return acts.say(given, given.message)
    case 'postback':
      return acts.postback(given, given)
    case 'follow':
    case 'unfollow':
      return acts[given.do](given.channel, given.user)
    case 'join':
    case 'leave':
      return acts[given.do](given.channel, given.group)
    case 'enter':
    case 'exit':
      return acts[given.do](given.channel, given.group, given.users)
    case 'redeliver':
      return acts.redeliver(given.channel, given.webhookEventIds)
    case 'person':
      return addPerson(platform, given)
    case 'group':
      return addGroup(platform, given)
    case 'console':
      return changeConsole(platform, given)
  }
}

/** Does what the JSON says. Rejects with a `Refused` that says why not. */
export const perform = async (platform: Platform, json: unknown): Promise<object> => {
  const given = act.safeParse(json)
  if (!given.success) throw new Refused(400, z.prettifyError(given.error))
  return doIt(platform, given.data)
}
