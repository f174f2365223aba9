import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { botOf } from '../local/line/channels.ts'

/** The stand-in of LINE that `npm start` starts, and what its users do there. */

/** A call that the platform refused, or that did not reach it. Its message is for the user. */
export class Failed extends Error {}

export type Ask = <T>(schema: z.ZodType<T>, method: string, path: string, body?: object) => Promise<T>

export const platformAt =
  (address: string): Ask =>
  async (schema, method, path, body) => {
    const response = await fetch(new URL(`/_simulator${path}`, address), {
      method,
      ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
    }).catch((error: unknown) => {
      throw new Failed(`local mode does not answer at ${address}: start it with npm start`, { cause: error })
    })
    const text = await response.text()
    if (!response.ok) throw new Failed(messageIn(text))
    return schema.parse(text === '' ? undefined : JSON.parse(text))
  }

const messageIn = (text: string): string => z.object({ message: z.string() }).parse(JSON.parse(text)).message

const channelSchema = z.object({
  id: z.string(),
  name: z.string(),
  destination: z.string(),
  bot: z.string().optional(),
  endpoint: z.string().optional(),
  active: z.boolean(),
})
export type Channel = z.output<typeof channelSchema>

const message = z.looseObject({ type: z.string() })
const reply = z.object({
  status: z.number(),
  request: z.object({ messages: z.array(message) }).optional(),
  response: z
    .object({
      message: z.string().default('it said nothing more'),
      details: z.array(z.object({ message: z.string(), property: z.string() })).default([]),
    })
    .optional(),
})
type Reply = z.output<typeof reply>
export type Message = z.output<typeof message>

const schemas = {
  channels: z.object({ channels: z.array(channelSchema), starting: z.boolean().default(false) }),
  users: z.object({ users: z.array(z.object({ userId: z.string(), displayName: z.string() })) }),
  groups: z.object({
    groups: z.array(
      z.object({
        groupId: z.string(),
        name: z.string(),
        members: z.array(z.string()),
        bot: z.string().optional(),
      }),
    ),
  }),
  group: z.object({ groupId: z.string() }),
  user: z.object({ userId: z.string() }),
  outcome: z.object({
    error: z.string().optional(),
    status: z.number().optional(),
    detail: z.string(),
    webhookEventIds: z.array(z.string()),
  }),
  replies: z.object({ replies: z.array(reply) }),
  nothing: z.unknown(),
}

/** A Bot as LINE's channels name it. */
export interface Wanted {
  readonly bot: string
  /** Absent = the only one that has the bot. */
  readonly namespace?: string | undefined
}

const lookAgainMs = 200

/**
 * Throws `Failed` where LINE would not tell the bot of anything. While bots are on their way there, as when local mode
 * has just been started, it is waited for, at most so long.
 */
export async function channelOf(ask: Ask, wanted: Wanted, seconds: number): Promise<Channel> {
  const end = performance.now() + seconds * 1000
  for (;;) {
    const { channels, starting } = await ask(schemas.channels, 'GET', '/channels')
    const found = channelIn(channels, wanted)
    if (!(found instanceof Failed)) return found
    if (!starting) throw found
    if (performance.now() > end) throw new Failed(stillStarting(wanted, seconds))
    await sleep(lookAgainMs)
  }
}

const stillStarting = ({ bot }: Wanted, seconds: number) =>
  `bots are still starting, and ${bot} has no webhook at LINE after ${seconds} s; its conditions say what it waits for: kubectl --kubeconfig .local/kubeconfig describe lbot ${bot}`

function channelIn(channels: readonly Channel[], { bot, namespace }: Wanted): Channel | Failed {
  const named = channels.filter((channel) => botOf(channel)?.split('/')[1] === bot)
  const [channel, another] = named.filter((one) => namespace === undefined || botOf(one)?.split('/')[0] === namespace)
  const others = [...new Set(channels.flatMap((one) => botOf(one) ?? []))].toSorted()
  if (!channel) return new Failed(noBot(namespace === undefined ? bot : `${namespace}/${bot}`, others))
  if (another) return new Failed(`there are ${named.map(botOf).join(' and ')}: say which with --namespace`)
  if (channel.endpoint === undefined) {
    return new Failed(
      `${botOf(channel)} has no webhook at LINE yet; its conditions say what is missing: kubectl --kubeconfig .local/kubeconfig describe lbot ${bot}`,
    )
  }
  if (!channel.active) return new Failed(`LINE does not use the webhook of ${botOf(channel)}: “Use webhook” is off`)
  return channel
}

const noBot = (name: string, others: readonly string[]) =>
  others.length === 0
    ? `there is no bot ${name}, nor any other: kubectl --kubeconfig .local/kubeconfig apply -f config/samples/hello.yaml`
    : [
        `there is no bot ${name} with a channel at LINE, but ${others.join(', ')};`,
        `if you have applied it, its conditions say what is missing: kubectl --kubeconfig .local/kubeconfig describe lbot ${name.split('/').at(-1)}`,
      ].join(' ')

/** The ID of the user of this name, who is made where there is none; the same for the same name. */
export const meet = async (ask: Ask, displayName: string): Promise<string> =>
  (await ask(schemas.user, 'POST', '/users', { displayName })).userId

/** The user's ID; who is not there is made. */
export async function userFor(ask: Ask, idOrName: string): Promise<string> {
  const { users } = await ask(schemas.users, 'GET', '/users')
  const found = users.find(({ userId, displayName }) => userId === idOrName || displayName === idOrName)
  return found?.userId ?? (await meet(ask, idOrName))
}

/** The group's ID, with the user and the bot in it. */
export async function groupFor(ask: Ask, { id: channel }: Channel, idOrName: string, user: string): Promise<string> {
  const { groups } = await ask(schemas.groups, 'GET', '/groups')
  const found = groups.find(({ groupId, name }) => groupId === idOrName || name === idOrName)
  const { groupId } = found ?? (await ask(schemas.group, 'POST', '/groups', { name: idOrName, members: [user] }))
  if (found?.bot === undefined) await ask(schemas.nothing, 'POST', '/join', { channel, group: groupId })
  if (found && !found.members.includes(user)) {
    await ask(schemas.nothing, 'POST', '/enter', { channel, group: groupId, users: [user] })
  }
  return groupId
}

/** What became of what somebody did: LINE's word on the webhook, and the bot's tries to reply. */
export interface Told {
  readonly outcome: z.output<typeof schemas.outcome>
  readonly replies: readonly Reply[]
}

/** Does it, and waits until the bot has replied, at most so long. */
export async function tell(ask: Ask, path: '/say' | '/events', body: object, seconds: number): Promise<Told> {
  const outcome = await ask(schemas.outcome, 'POST', path, body)
  // After a time-out the answer may still come: the bot has the webhook.
  const hopes = outcome.error === undefined || outcome.error === 'request_timeout'
  const waitMs = hopes ? seconds * 1000 : 0
  const query = new URLSearchParams({ webhookEventId: outcome.webhookEventIds[0] ?? '', waitMs: String(waitMs) })
  const { replies } = await ask(schemas.replies, 'GET', `/replies?${query}`)
  return { outcome, replies }
}

/** The messages that LINE has shown, or why there are none. */
export function shown({ outcome, replies }: Told, seconds: number): readonly Message[] | string {
  const taken = replies.find(({ status }) => status === 200)
  if (taken) return taken.request?.messages ?? []
  const [refusal] = replies
  if (refusal) return `LINE refused the answer (${refusal.status}): ${reasonOf(refusal)}`
  if (outcome.status !== undefined && outcome.error !== undefined)
    return `the webhook failed with status ${outcome.status}`
  if (outcome.error !== undefined) return `the webhook failed: ${outcome.detail}`
  return `no answer within ${seconds} s; npx linebot explain says which rules fit, npx linebot doctor whether those they forward to are Ready`
}

const reasonOf = ({ response }: Reply): string =>
  [response?.message, ...(response?.details ?? []).map((one) => `${one.property}: ${one.message}`)].join('\n')
