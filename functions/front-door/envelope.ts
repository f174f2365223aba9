import type { IncomingHttpHeaders } from 'node:http'
import { type Address, isAddress } from './address.ts'

/** One webhook request on its way to its bot: LINE's exact bytes, and what makes them LINE's. */
export interface Envelope extends Address {
  /** The CloudEvent's; every try carries the same. */
  readonly id: string
  /** Milliseconds since the epoch; all limits of time count from here. */
  readonly arrivedAt: number
  readonly signature: string
  readonly contentType?: string
  readonly body: Buffer
}

const type = 'dev.linebot.webhook'

/** A CloudEvent in binary mode: these headers, and the body as it is. */
export function headersFor({ id, arrivedAt, namespace, bot, signature, contentType }: Omit<Envelope, 'body'>) {
  return {
    'ce-specversion': '1.0',
    'ce-id': id,
    'ce-type': type,
    'ce-source': `/namespaces/${namespace}/bots/${bot}`,
    'ce-time': new Date(arrivedAt).toISOString(),
    'ce-botnamespace': namespace,
    'ce-botname': bot,
    'ce-linesignature': signature,
    ...(contentType === undefined ? {} : { 'content-type': contentType }),
  }
}

/** The envelope in a CloudEvent's headers and a body; undefined when it is none. The signature may be wrong. */
export function envelopeFrom(headers: IncomingHttpHeaders, body: Buffer): Envelope | undefined {
  const delivery = deliveryFrom(headers)
  if (!delivery) return undefined
  const { namespace, bot, id, arrivedAt, signature = '' } = delivery
  const { 'content-type': contentType } = delivery.headers
  return { namespace, bot, id, arrivedAt, signature, ...(contentType !== undefined && { contentType }), body }
}

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
  const signature = headers['ce-linesignature']?.toString()
  return { namespace, bot, id, arrivedAt: Date.parse(time), signature, headers: eventHeaders(headers) }
}

/** Date.parse alone takes much more than a CloudEvent's time. */
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i

const eventHeaders = (headers: IncomingHttpHeaders) =>
  Object.fromEntries(
    Object.entries(headers).filter(
      (header): header is [string, string] =>
        (header[0].startsWith('ce-') || header[0] === 'content-type') && typeof header[1] === 'string',
    ),
  )
