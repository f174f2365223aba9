import type { Json } from '../../core/shape.ts'
import { type Call, makeMemory } from './calls.ts'

/** What happens at the platform, as it happens. */
export type Happening =
  /** A person did something in LINE; it is in the chat whether or not the bot is told. */
  | {
      readonly kind: 'event'
      readonly channel: string
      readonly chat?: string
      readonly event: Json
      /** What a postback shows as said. */
      readonly displayText?: string
    }
  /** A webhook was sent. Its outcome names its id. */
  | {
      readonly kind: 'webhook'
      readonly id: number
      readonly channel: string
      readonly url: string
      readonly headers: Readonly<Record<string, string | readonly string[]>>
      readonly body: string
      readonly webhookEventIds: readonly string[]
      readonly redelivery: boolean
    }
  | {
      readonly kind: 'outcome'
      readonly id: number
      readonly channel: string
      readonly status?: number
      readonly ms: number
      /** LINE's reason; absent = taken. */
      readonly error?: string
      readonly detail: string
    }
  | { readonly kind: 'call'; readonly call: Call }
  /** LINE took messages of a bot, and they are in the chat now. */
  | {
      readonly kind: 'answer'
      readonly channel: string
      readonly chat: string
      readonly via: 'reply' | 'push'
      readonly messages: readonly unknown[]
      /** A reply's event. */
      readonly webhookEventId?: string
    }
  /** A channel is new, or its console says something else. */
  | { readonly kind: 'channel'; readonly channel: string }
  /** Users, friends or groups changed. */
  | { readonly kind: 'people' }

/** A happening with its place in the order, from 1, and its time in ms since the epoch. */
export type Happened = Happening & { readonly seq: number; readonly time: number }

export interface Happenings {
  tell(happening: Happening): void
  /** The last ones, oldest first. */
  list(): readonly Happened[]
  /** Calls the listener for each from now on; gives what ends that. */
  on(listener: (happened: Happened) => void): () => void
}

const kept = 1000

export const makeHappenings = (now: () => number): Happenings => {
  const memory = makeMemory<Happened>(kept)
  const listeners = new Set<(happened: Happened) => void>()
  let seq = 0
  return {
    tell: (happening) => {
      seq += 1
      const happened = { ...happening, seq, time: now() }
      memory.add(happened)
      for (const listener of listeners) listener(happened)
    },
    list: () => memory.list(),
    on: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
