import type { IncomingHttpHeaders } from 'node:http'
import { type Address, isAddress } from './address.ts'

/**
 * The CloudEvent 1.0, in binary mode, that carries a webhook to its bot: these headers, and LINE's bytes as they are.
 * Front doors and bots of two releases call each other during an upgrade, so that no name here ever changes.
 */
const type = 'dev.linebot.webhook'

/** Extensions and attributes that a bot reads. */
export const header = {
  time: 'ce-time',
  signature: 'ce-linesignature',
  /** Of a hand-over from Bot to Bot: the one Incoming that it is about. */
  webhookEventId: 'ce-webhookeventid',
  /** `true` on a hand-over from Bot to Bot, which goes no further. */
  forwarded: 'ce-forwarded',
} as const

/** A webhook on its way to its bot, but for its bytes. */
export interface Carried extends Address {
  /** The CloudEvent's; every try carries the same. */
  readonly id: string
  /** Milliseconds since the epoch; all limits of time count from here. */
  readonly arrivedAt: number
  readonly signature: string
  readonly contentType?: string
}

export function webhookHeadersFor({ id, arrivedAt, namespace, bot, signature, contentType }: Carried) {
  return {
    'ce-specversion': '1.0',
    'ce-id': id,
    'ce-type': type,
    'ce-source': `/namespaces/${namespace}/bots/${bot}`,
    [header.time]: new Date(arrivedAt).toISOString(),
    'ce-botnamespace': namespace,
    'ce-botname': bot,
    [header.signature]: signature,
    ...(contentType === undefined ? {} : { 'content-type': contentType }),
  }
}

/** The same, for the one of its Incomings that a Bot hands over to another one. */
export const handOverHeadersFor = (carried: Carried, webhookEventId: string) => ({
  ...webhookHeadersFor(carried),
  [header.webhookEventId]: webhookEventId,
  [header.forwarded]: 'true',
})

/** A webhook as the Broker brings it back. */
export interface Delivery extends Address {
  readonly id: string
  readonly arrivedAt: number
  readonly signature: string | undefined
  /** For the bot: the same CloudEvent, its extensions included. */
  readonly headers: Readonly<Record<string, string>>
}

/** Undefined when the headers are not those of a webhook's CloudEvent. The signature may be missing or wrong. */
export function deliveryFrom(headers: IncomingHttpHeaders): Delivery | undefined {
  const attribute = (name: string) => headers[`ce-${name}`]?.toString() ?? ''
  const [namespace, bot, time] = [attribute('botnamespace'), attribute('botname'), attribute('time')]
  const id = attribute('id')
  const isOurs = attribute('specversion') === '1.0' && attribute('type') === type && id !== ''
  if (!isOurs || !isAddress(namespace, bot) || !rfc3339.test(time) || Number.isNaN(Date.parse(time))) return undefined
  const signature = headers[header.signature]?.toString()
  return { namespace, bot, id, arrivedAt: Date.parse(time), signature, headers: eventHeaders(headers) }
}

/** Date.parse alone takes much more than a CloudEvent's time. */
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i

const eventHeaders = (headers: IncomingHttpHeaders) =>
  Object.fromEntries(
    Object.entries(headers).filter(
      (one): one is [string, string] =>
        (one[0].startsWith('ce-') || one[0] === 'content-type') && typeof one[1] === 'string',
    ),
  )
