import { existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { botOf } from '../local/line/channels.ts'
import { type Command, done, type Ended, misused, refused } from './command.ts'

export const command: Command = {
  usage: 'say BOT TEXT [--as USER] [--group GROUP] [--namespace NS] [--wait SECONDS] [--json]',
  summary:
    'Writes to a bot of local mode as a LINE user would, and prints what it answers. Users and groups that are new are made.',
  async run(args) {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options })
    const [bot, text] = positionals
    const seconds = Number(values.wait)
    if (!bot || !text || positionals.length !== 2 || !(seconds > 0 && seconds <= 600)) return misused(command.usage)
    const { as: user, group, namespace, json } = values
    return say({ bot, text, user, group, namespace, seconds, json }, platformAt(addressOf(process.env)))
  },
}

const options = {
  as: { type: 'string', default: 'You' },
  group: { type: 'string' },
  namespace: { type: 'string', short: 'n' },
  wait: { type: 'string', default: '10' },
  json: { type: 'boolean', default: false },
} as const

const fallback = 'http://127.0.0.1:7072'

/** Where local mode's LINE platform listens: as told, or as `npm start` has left it in the working directory. */
function addressOf({ LINEBOT_LOCAL: told }: NodeJS.ProcessEnv): string {
  if (told) return told
  return existsSync('.local/line') ? readFileSync('.local/line', 'utf8').trim() : fallback
}

interface Saying {
  readonly bot: string
  readonly text: string
  /** ID or name. */
  readonly user: string
  /** ID or name. */
  readonly group?: string | undefined
  /** Absent = the only one that has the bot. */
  readonly namespace?: string | undefined
  readonly seconds: number
  readonly json: boolean
}

/** A call that the platform refused, or that did not reach it. Its message is for the user. */
class Failed extends Error {}

type Ask = <T>(schema: z.ZodType<T>, method: string, path: string, body?: object) => Promise<T>

const platformAt =
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
  bot: z.string().optional(),
  endpoint: z.string().optional(),
  active: z.boolean(),
})
type Channel = z.output<typeof channelSchema>

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

const schemas = {
  channels: z.object({ channels: z.array(channelSchema) }),
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

async function say(saying: Saying, ask: Ask): Promise<Ended> {
  try {
    const { channels } = await ask(schemas.channels, 'GET', '/channels')
    const channel = channelOf(channels, saying)
    const user = await userFor(ask, saying.user)
    const group = saying.group === undefined ? undefined : await groupFor(ask, channel, saying.group, user)
    const sent = { channel: channel.id, user, text: saying.text, ...(group === undefined ? {} : { group }) }
    const outcome = await ask(schemas.outcome, 'POST', '/say', sent)
    // After a time-out the answer may still come: the bot has the webhook.
    const hopes = outcome.error === undefined || outcome.error === 'request_timeout'
    const waitMs = hopes ? saying.seconds * 1000 : 0
    const query = new URLSearchParams({ webhookEventId: outcome.webhookEventIds[0] ?? '', waitMs: String(waitMs) })
    const { replies } = await ask(schemas.replies, 'GET', `/replies?${query}`)
    return endedWith(replies, outcome, saying)
  } catch (error) {
    if (error instanceof Failed) return refused(error.message)
    throw error
  }
}

function channelOf(channels: readonly Channel[], { bot, namespace }: Saying): Channel {
  const named = channels.filter((channel) => botOf(channel)?.split('/')[1] === bot)
  const [channel, another] = named.filter((one) => namespace === undefined || botOf(one)?.split('/')[0] === namespace)
  const others = [...new Set(channels.flatMap((one) => botOf(one) ?? []))].toSorted()
  if (!channel) throw new Failed(noBot(namespace === undefined ? bot : `${namespace}/${bot}`, others))
  if (another) throw new Failed(`there are ${named.map(botOf).join(' and ')}: say which with --namespace`)
  if (channel.endpoint === undefined) {
    throw new Failed(
      `${botOf(channel)} has no webhook at LINE yet; its conditions say what is missing: kubectl --kubeconfig .local/kubeconfig describe lbot ${bot}`,
    )
  }
  if (!channel.active) throw new Failed(`LINE does not use the webhook of ${botOf(channel)}: “Use webhook” is off`)
  return channel
}

const noBot = (name: string, others: readonly string[]) =>
  others.length === 0
    ? `there is no bot ${name}, nor any other: kubectl --kubeconfig .local/kubeconfig apply -f config/samples/hello.yaml`
    : [
        `there is no bot ${name} with a channel at LINE, but ${others.join(', ')};`,
        `if you have applied it, its conditions say what is missing: kubectl --kubeconfig .local/kubeconfig describe lbot ${name.split('/').at(-1)}`,
      ].join(' ')

async function userFor(ask: Ask, idOrName: string): Promise<string> {
  const { users } = await ask(schemas.users, 'GET', '/users')
  const found = users.find(({ userId, displayName }) => userId === idOrName || displayName === idOrName)
  return found?.userId ?? (await ask(schemas.user, 'POST', '/users', { displayName: idOrName })).userId
}

/** The group's ID, with the user and the bot in it. */
async function groupFor(ask: Ask, { id: channel }: Channel, idOrName: string, user: string): Promise<string> {
  const { groups } = await ask(schemas.groups, 'GET', '/groups')
  const found = groups.find(({ groupId, name }) => groupId === idOrName || name === idOrName)
  const { groupId } = found ?? (await ask(schemas.group, 'POST', '/groups', { name: idOrName, members: [user] }))
  if (found?.bot === undefined) await ask(schemas.nothing, 'POST', '/join', { channel, group: groupId })
  if (found && !found.members.includes(user)) {
    await ask(schemas.nothing, 'POST', '/enter', { channel, group: groupId, users: [user] })
  }
  return groupId
}

function endedWith(replies: readonly Reply[], outcome: z.output<typeof schemas.outcome>, saying: Saying): Ended {
  const taken = replies.find(({ status }) => status === 200)
  if (taken) return done((taken.request?.messages ?? []).map(saying.json ? oneLine : inWords).join('\n'))
  const [refusal] = replies
  if (refusal) return refused(`LINE refused the answer (${refusal.status}): ${reasonOf(refusal)}`)
  if (outcome.status !== undefined && outcome.error !== undefined)
    return refused(`the webhook failed with status ${outcome.status}`)
  if (outcome.error !== undefined) return refused(`the webhook failed: ${outcome.detail}`)
  return refused(`no answer within ${saying.seconds} s; npx linebot explain says which rules fit`)
}

const reasonOf = ({ response }: Reply): string =>
  [response?.message, ...(response?.details ?? []).map((one) => `${one.property}: ${one.message}`)].join('\n')

type Message = z.output<typeof message>

const oneLine = (given: Message): string => JSON.stringify(given)

const word = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')

/** A message as a line of text; only text itself may have more lines. */
function inWords(given: Message): string {
  if (given.type === 'text' || given.type === 'textV2') return word(given['text'])
  if (given.type === 'sticker') return `[sticker ${word(given['packageId'])}/${word(given['stickerId'])}]`
  if (given.type === 'location') return `[location ${word(given['title'])}, ${word(given['address'])}]`
  const rest = word(given['altText'] ?? given['originalContentUrl'])
  return `[${given.type}${rest ? ` ${rest}` : ''}]`
}
