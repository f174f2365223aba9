import type { Incoming, IncomingMessage, Webhook } from './incoming.ts'
import { anyList, isObject, list, number, object, parseJson, text, texts, truth } from './shape.ts'

/**
 * A webhook's body as far as we read it, or undefined when it is not a webhook at all. Never throws. LINE adds
 * types and members without notice, so what is not as LINE describes it is left out and the rest still counts:
 * a member of another type is absent, an event that is no object or has no type is skipped.
 */
export function parseWebhook(body: Buffer): Webhook | undefined {
  const envelope = readEnvelope(parseJson(body.toString()))
  if (!envelope) return undefined
  const events = envelope.events.map(readIncoming).filter((incoming) => incoming !== undefined)
  return { ...envelope, events }
}

const readEnvelope = object<{ destination?: string; events: unknown[] }>(
  { destination: text, events: anyList },
  'events',
)

type Mention = NonNullable<IncomingMessage['mention']>
type Mentionee = NonNullable<Mention['mentionees']>[number]

const readMentionee = object<Mentionee>({ index: number, length: number, type: text, isSelf: truth }, 'index', 'length')

const readKnown = object<Omit<Incoming, 'raw'>>(
  {
    type: text,
    mode: text,
    timestamp: number,
    webhookEventId: text,
    replyToken: text,
    source: object<NonNullable<Incoming['source']>>({ type: text, userId: text, groupId: text, roomId: text }, 'type'),
    deliveryContext: object<NonNullable<Incoming['deliveryContext']>>({ isRedelivery: truth }),
    message: object<IncomingMessage>(
      {
        id: text,
        type: text,
        text,
        packageId: text,
        stickerId: text,
        mention: object<Mention>({ mentionees: list(readMentionee) }),
      },
      'type',
    ),
    postback: object<NonNullable<Incoming['postback']>>({ data: text, params: texts }),
  },
  'type',
)

/** One LINE event, as in a webhook's `events`. */
export function readIncoming(event: unknown): Incoming | undefined {
  const known = readKnown(event)
  return known && isObject(event) ? { ...known, raw: event } : undefined
}
