import { createHash, randomBytes } from 'node:crypto'
import { Refused } from './refused.ts'

/** What a channel is given by hand; the rest is derived from its id, so that it is the same after a restart. */
export interface ChannelConfig {
  readonly id: string
  readonly secret: string
  readonly name?: string | undefined
  /** The bot's user ID, `U` and 32 hex digits. */
  readonly destination?: string | undefined
  readonly accessToken?: string | undefined
  /** The Bot that the channel is for, `NAMESPACE/NAME`, where somebody knows it before its webhook is set. */
  readonly bot?: string | undefined
}

/** One channel's state, as the LINE Developers console and Official Account Manager hold it. */
export interface Channel {
  readonly id: string
  readonly name: string
  readonly destination: string
  readonly basicId: string
  /** The long-lived token; stateless ones are issued besides it. */
  readonly accessToken: string
  readonly bot?: string | undefined
  secret: string
  endpoint?: string | undefined
  /** The console's “Use webhook”. */
  active: boolean
  /** The console's “Webhook redelivery”. */
  redelivery: boolean
  chatMode: 'bot' | 'chat'
  markAsReadMode: 'auto' | 'manual'
  /** Messages a month; absent = no limit. */
  quota?: number | undefined
  /** Messages sent this month, counted per recipient; replies are free. */
  consumption: number
}

/** `basics/channel-access-token`: a stateless token lives 15 minutes and cannot be revoked. */
const statelessSeconds = 900

const digest = (text: string): string => createHash('sha256').update(text).digest('hex')

const channelFor = (config: ChannelConfig): Channel => ({
  id: config.id,
  secret: config.secret,
  name: config.name ?? config.id,
  destination: config.destination ?? `U${digest(`destination ${config.id}`).slice(0, 32)}`,
  basicId: `@${digest(`basicId ${config.id}`).slice(0, 8)}`,
  accessToken: config.accessToken ?? `long-lived-${digest(`accessToken ${config.id}`).slice(0, 40)}`,
  ...(config.bot === undefined ? {} : { bot: config.bot }),
  active: true,
  redelivery: false,
  chatMode: 'bot',
  markAsReadMode: 'auto',
  consumption: 0,
})

/** `NAMESPACE/NAME` of the Bot that the channel's webhook leads to, or is meant for. */
export const botOf = ({ endpoint, bot }: Partial<Pick<Channel, 'endpoint' | 'bot'>>): string | undefined =>
  /\/webhook\/([^/?]+\/[^/?]+)$/.exec(endpoint ?? '')?.[1] ?? bot

export interface IssuedToken {
  readonly accessToken: string
  readonly expiresInSeconds: number
}

export interface Channels {
  /** Adds a channel, or replaces the one with the same id. */
  add(config: ChannelConfig): Channel
  byId(id: string): Channel | undefined
  /** By an `Authorization` header's value; undefined = no, unknown or expired token. */
  byAuthorization(header: string | undefined): Channel | undefined
  list(): readonly Channel[]
  /** A stateless token, or undefined when id and secret do not belong together. */
  issueToken(id: string, secret: string): IssuedToken | undefined
}

/** `now` gives ms since the epoch. */
export const makeChannels = (configs: readonly ChannelConfig[], now: () => number): Channels => {
  const channels = new Map<string, Channel>()
  const stateless = new Map<string, { readonly channelId: string; readonly expiresAt: number }>()

  const add = (config: ChannelConfig): Channel => {
    const channel = channelFor(config)
    channels.set(channel.id, channel)
    return channel
  }
  for (const config of configs) add(config)

  const forgetExpired = (): void => {
    for (const [token, { expiresAt }] of stateless) {
      if (expiresAt > now()) return
      stateless.delete(token)
    }
  }

  const byToken = (token: string): Channel | undefined => {
    const issued = stateless.get(token)
    if (issued) return issued.expiresAt > now() ? channels.get(issued.channelId) : undefined
    return [...channels.values()].find(({ accessToken }) => accessToken === token)
  }

  return {
    add,
    byId: (id) => channels.get(id),
    byAuthorization: (header) => {
      const token = /^Bearer +(\S+)$/i.exec(header ?? '')?.[1]
      return token === undefined ? undefined : byToken(token)
    },
    list: () => [...channels.values()],
    issueToken: (id, secret) => {
      const channel = channels.get(id)
      if (!channel || channel.secret !== secret) return undefined
      forgetExpired()
      const accessToken = `stateless-${randomBytes(48).toString('base64url')}`
      stateless.set(accessToken, { channelId: id, expiresAt: now() + statelessSeconds * 1000 })
      return { accessToken, expiresInSeconds: statelessSeconds }
    },
  }
}

/** Throws a `Refused` where there is none. */
export const channelNamed = (channels: Channels, id: string): Channel => {
  const channel = channels.byId(id)
  if (!channel) throw new Refused(404, `no channel ${JSON.stringify(id)}; GET /_simulator/channels lists them`)
  return channel
}
