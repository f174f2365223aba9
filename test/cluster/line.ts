import { setTimeout as sleep } from 'node:timers/promises'
import { world } from './world.ts'

/** LINE as its users have it: this process asks the stand-in that the whole run shares. */

export interface Channel {
  readonly id: string
  readonly secret: string
}

/** A webhook that was sent: what LINE got for it. */
export interface Sent {
  /** Absent = no answer within LINE's 2 s. */
  readonly status?: number
  /** Until LINE had its answer. */
  readonly ms: number
  readonly error?: string
  readonly webhookEventIds: readonly string[]
  /** Milliseconds since the epoch. */
  readonly sentAt: number
}

export interface Reply {
  readonly status: number
  /** From sending the webhook until the reply arrived. */
  readonly ms: number
  readonly time: number
  readonly request: { readonly messages: readonly Message[] }
  readonly response: unknown
}

export interface Message {
  readonly type: string
  readonly text?: string
  readonly [more: string]: unknown
}

async function simulate<T>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`http://127.0.0.1:${world.port}/_simulator${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
  // The stand-in's own shape, asserted by its tests.
  return (text === '' ? undefined : JSON.parse(text)) as T
}

let channels = 0

/** A channel that no other story has. */
export async function makeChannel(story: string): Promise<Channel> {
  channels += 1
  const channel = { id: `${story}-${channels}`, secret: `secret of ${story} ${channels}` }
  await simulate('POST', '/channels', channel)
  return channel
}

export const changeChannel = (channel: Channel, change: Record<string, unknown>): Promise<{ accessToken: string }> =>
  simulate('PATCH', `/channels/${channel.id}`, change)

export const channelAtLine = async (channel: Channel): Promise<{ endpoint?: string }> =>
  (await simulate<{ channels: { id: string; endpoint?: string }[] }>('GET', '/channels')).channels.find(
    ({ id }) => id === channel.id,
  ) ?? {}

const user = 'U00000000000000000000000000000001'
await simulate('POST', '/users', { userId: user, displayName: 'Hunter' })

export const say = (channel: Channel, text: string, where: Record<string, unknown> = {}): Promise<Sent> =>
  simulate('POST', '/say', { channel: channel.id, user, text, ...where })

export const sendEvents = (channel: Channel, events: readonly unknown[], where: Record<string, unknown> = {}) =>
  simulate<Sent>('POST', '/events', { channel: channel.id, user, events, ...where })

/** Exact bytes; signed as LINE signs where no signature is given. */
export const sendBytes = (channel: Channel, body: string, signature?: string | null): Promise<Sent> =>
  simulate('POST', '/webhook', { channel: channel.id, body, ...(signature !== undefined && { signature }) })

export const repliesTo = async ({ webhookEventIds }: Sent): Promise<readonly Reply[]> => {
  const all = await Promise.all(
    webhookEventIds.map((id) => simulate<{ replies: Reply[] }>('GET', `/replies?webhookEventId=${id}`)),
  )
  return all.flatMap(({ replies }) => replies)
}

/** The first reply to what was sent; throws after `seconds` without one. */
export async function replyTo(sent: Sent, seconds = 30): Promise<Reply> {
  const end = performance.now() + seconds * 1000
  for (;;) {
    const [reply] = await repliesTo(sent)
    if (reply) return reply
    if (performance.now() > end) throw new Error(`no reply within ${seconds} s to ${JSON.stringify(sent)}`)
    await sleep(25)
  }
}

export const textOf = (reply: Reply): string | undefined => reply.request.messages[0]?.text

/** What the bot answers to a text. */
export const answerTo = async (channel: Channel, text: string, where?: Record<string, unknown>) =>
  textOf(await replyTo(await say(channel, text, where)))

/** A tap on a button. */
export const tap = (channel: Channel, data: string): Promise<Sent> =>
  simulate('POST', '/postback', { channel: channel.id, user, data })
