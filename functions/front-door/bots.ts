import { setRecent } from '../core/recent.ts'
import type { Bot } from '../core/resources/bot.ts'
import { credentialsOf, type SecretObject } from '../core/secret.ts'
import type { Address } from '../core/webhook/address.ts'
import { isForbidden } from '../edge/cluster.ts'
import { makeGate } from '../edge/gate.ts'
import type { Log } from '../edge/log.ts'
import type { Limits } from './limits.ts'
import { makeQuiet } from './quiet.ts'
import { within } from './within.ts'

/** What a webhook needs to know of a Bot. */
export interface KnownBot extends Address {
  /** The current one and the one before; none when the Secret or its `channelSecret` is missing. */
  readonly secrets: readonly string[]
  readonly suspended: boolean
  /** The bot's Service in the cluster; undefined until the bot-controller knows it. */
  readonly url: string | undefined
}

/** `Unreachable`: the API server does not answer and nothing was read before. */
export type Lookup = KnownBot | 'NotFound' | 'Unreachable'

export interface Bots {
  /**
   * As read at most a minute ago, mostly some seconds; or before the API server went away, or began to refuse the
   * reading, which is believed after some minutes of it. Never throws.
   */
  find(address: Address): Promise<Lookup>
  /** Reads again, because what `find` gave does not fit: unless the Bot was read again for that a moment ago. */
  findAgain(address: Address): Promise<Lookup>
}

/** Live reads; undefined where there is none, and throws when there is no answer. */
export interface Read {
  bot(namespace: string, name: string): Promise<Bot | undefined>
  secret(namespace: string, name: string): Promise<SecretObject | undefined>
}

interface Entry {
  readonly bot: KnownBot
  readonly askedAt: number
  readonly askedAgainAt: number
  /** When the first of the refusals came that nothing else has followed. */
  readonly refusedAt?: number
}

export function makeBots(read: Read, log: Log, limits: Limits, now: () => number): Bots {
  const known = new Map<string, Entry>()
  const unknown = new Map<string, number>()
  const reading = new Map<string, Promise<Lookup>>()
  const gate = makeGate(limits.maxReads)
  const quiet = makeQuiet(limits.againMs, now)

  const remember = (key: string, bot: KnownBot | undefined, askedAt: number): Lookup => {
    unknown.delete(key)
    if (bot) {
      known.set(key, { bot, askedAt, askedAgainAt: known.get(key)?.askedAgainAt ?? Number.NEGATIVE_INFINITY })
      return bot
    }
    known.delete(key)
    setRecent(unknown, key, now(), limits.maxUnknown)
    return 'NotFound'
  }

  const keep = (key: string, { bot, askedAgainAt }: Entry, asked: Pick<Entry, 'askedAt' | 'refusedAt'>): Lookup => {
    known.set(key, { bot, askedAgainAt, ...asked })
    return bot
  }

  const withoutReading = (key: string, askedAt: number, error: unknown): Lookup => {
    if (quiet('unreachable')) log.warn('Bot could not be read', { bot: key, error: String(error) })
    const entry = known.get(key)
    if (!isForbidden(error)) return entry ? keep(key, entry, { askedAt }) : 'Unreachable'
    // What the API server says of every name in a namespace that did not opt in: there are no Bots of ours there.
    if (!entry) return remember(key, undefined, askedAt)
    const { refusedAt = askedAt } = entry
    if (askedAt - refusedAt < limits.refusedMs) return keep(key, entry, { askedAt, refusedAt })
    log.warn('Bot is not served any more: its namespace lets nobody read it', { bot: key })
    return remember(key, undefined, askedAt)
  }

  /** One read at a time for a Bot; whoever comes meanwhile gets the same answer. */
  const ask = (key: string, address: Address): Promise<Lookup> => {
    const underWay = reading.get(key)
    if (underWay) return underWay
    const askedAt = now()
    const asked = gate(() => readBot(read, address))
      .then((bot) => remember(key, bot, askedAt))
      .catch((error: unknown) => withoutReading(key, askedAt, error))
      .finally(() => reading.delete(key))
    reading.set(key, asked)
    return asked
  }

  const askInTime = (key: string, address: Address, otherwise: Lookup) =>
    within(ask(key, address), limits.lookupMs, otherwise)

  const find = async (address: Address): Promise<Lookup> => {
    const key = keyOf(address)
    const entry = known.get(key)
    if (entry) {
      const age = now() - entry.askedAt
      if (age >= limits.staleMs) return askInTime(key, address, entry.bot)
      if (age >= limits.refreshMs) void ask(key, address)
      return entry.bot
    }
    const missedAt = unknown.get(key)
    if (missedAt !== undefined && now() - missedAt < limits.unknownMs) return 'NotFound'
    return askInTime(key, address, 'Unreachable')
  }

  return {
    find,
    async findAgain(address) {
      const key = keyOf(address)
      const entry = known.get(key)
      if (!entry) return find(address)
      if (!reading.has(key)) {
        if (now() - entry.askedAgainAt < limits.againMs) return entry.bot
        known.set(key, { ...entry, askedAgainAt: now() })
      }
      return askInTime(key, address, entry.bot)
    },
  }
}

const keyOf = ({ namespace, bot }: Address) => `${namespace}/${bot}`

async function readBot(read: Read, { namespace, bot: name }: Address): Promise<KnownBot | undefined> {
  const bot = await read.bot(namespace, name)
  if (!bot) return undefined
  const secret = await read.secret(namespace, bot.spec.channel.secretName)
  const { channelSecret, channelSecretPrevious } = credentialsOf(secret)
  return {
    namespace,
    bot: name,
    secrets: [channelSecret, channelSecretPrevious].filter((value) => value !== undefined),
    suspended: bot.spec.suspend,
    url: bot.status?.address?.url,
  }
}
