import type { Incoming, IncomingMessage, Webhook } from './incoming.ts'

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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A value if it is what LINE describes, else undefined. */
type Reader<T> = (value: unknown) => T | undefined
type Readers<T> = { readonly [Key in keyof T]-?: Reader<T[Key]> }

const text: Reader<string> = (value) => (typeof value === 'string' ? value : undefined)
const number: Reader<number> = (value) => (typeof value === 'number' ? value : undefined)
const truth: Reader<boolean> = (value) => (typeof value === 'boolean' ? value : undefined)
const anyList: Reader<unknown[]> = (value) => (Array.isArray(value) ? value : undefined)

const list =
  <T>(read: Reader<T>): Reader<T[]> =>
  (value) =>
    anyList(value)
      ?.map(read)
      .filter((item) => item !== undefined)

const texts: Reader<Record<string, string>> = (value) =>
  isObject(value)
    ? Object.fromEntries(
        Object.entries(value).filter((entry): entry is [string, string] => text(entry[1]) !== undefined),
      )
    : undefined

/** An object with the members that can be read; undefined when a required one is missing. */
function object<T extends object>(readers: Readers<T>, ...required: readonly (keyof T)[]): Reader<T> {
  const names = Object.keys(readers)
  // `Readers` has a reader of the right type for every member of T, which Object.entries forgets.
  const readerOf = readers as Readonly<Record<string, Reader<unknown>>>
  return (value) => {
    if (!isObject(value)) return undefined
    const read = names.map((name) => [name, Object.hasOwn(value, name) ? readerOf[name]?.(value[name]) : undefined])
    const found: Record<PropertyKey, unknown> = Object.fromEntries(read.filter(([, member]) => member !== undefined))
    // Its members are those of T, each read by its own reader, and the required ones are there.
    return required.every((name) => name in found) ? (found as T) : undefined
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const readEnvelope = object<{ destination?: string; events: unknown[] }>(
  { destination: text, events: anyList },
  'events',
)

type Mention = NonNullable<IncomingMessage['mention']>
type Mentionee = NonNullable<Mention['mentionees']>[number]

const readMentionee = object<Mentionee>({ index: number, length: number, type: text, isSelf: truth }, 'index', 'length')

const readIncoming = object<Incoming>(
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
