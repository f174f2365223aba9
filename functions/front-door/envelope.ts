import type { IncomingHttpHeaders } from 'node:http'
import { type Carried, deliveryFrom } from '../core/webhook/event.ts'

/** One webhook request on its way to its bot: LINE's exact bytes, and what makes them LINE's. */
export interface Envelope extends Carried {
  readonly body: Buffer
}

/** The envelope in a CloudEvent's headers and a body; undefined when it is none. The signature may be wrong. */
export function envelopeFrom(headers: IncomingHttpHeaders, body: Buffer): Envelope | undefined {
  const delivery = deliveryFrom(headers)
  if (!delivery) return undefined
  const { namespace, bot, id, arrivedAt, signature = '' } = delivery
  const { 'content-type': contentType } = delivery.headers
  return { namespace, bot, id, arrivedAt, signature, ...(contentType !== undefined && { contentType }), body }
}
