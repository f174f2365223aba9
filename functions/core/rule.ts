import type { messagingApi } from '@line/bot-sdk'
import type { Schedule } from './schedule.ts'

/** In the order of preference: an earlier kind wins over a later one at the same priority. */
export const matchKinds = ['Exact', 'Prefix', 'Contains', 'Regex', 'Fuzzy'] as const
export type MatchKind = (typeof matchKinds)[number]

/** LINE's words for where a chat happens. */
export const chatTypes = ['user', 'group', 'room'] as const
export type ChatType = (typeof chatTypes)[number]

/** LINE's kinds of message content. */
export const contentTypes = ['text', 'image', 'video', 'audio', 'file', 'location', 'sticker'] as const
export type ContentType = (typeof contentTypes)[number]

/** A LINE message object; every string in it may hold templates. */
export type Message = messagingApi.Message

/** What a value of LINE's event must be, in the words of Kubernetes' selectors. */
export interface Requirement {
  /** A dotted path, see `valueAt` in core/events.ts. */
  readonly key: string
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist'
  /** For In and NotIn. */
  readonly values?: readonly string[]
}

/** Who is asked for the answer. */
export interface Forward {
  readonly to: {
    readonly url: string
    /** The URL is that of another Bot of the namespace. */
    readonly bot?: true
  }
  /** 1–25. */
  readonly timeoutSeconds: number
  /** What to say when the answer takes longer; absent = what the Bot does about late answers. */
  readonly late?: readonly Message[]
  /** What to say when there is none; absent = nothing. */
  readonly failed?: readonly Message[]
}

/**
 * One rule of an Event, compiled: checked, defaults filled in, fields that mean nothing left out.
 * It travels as JSON from the event-controller to the bot, so it holds data only.
 */
export interface Rule {
  /** The Event's name. */
  readonly event: string
  /** Its place in the Event's `spec.rules`. */
  readonly index: number
  /** LINE's word, or of a type that we do not know yet. */
  readonly type: string
  readonly match: MatchKind
  /** As written; none = anything matches. For a postback they are compared with its `data`. */
  readonly keywords: readonly string[]
  /** Message content kinds it is for; absent = text where there are keywords, else any. */
  readonly content?: readonly ContentType[]
  readonly in?: readonly ChatType[]
  readonly mentioned?: boolean
  /** All of these must hold. */
  readonly where?: readonly Requirement[]
  readonly schedule?: Schedule
  /** Higher wins. */
  readonly priority: number
  /** What to answer: one of these is picked at random, each 1–5 messages. Empty where `forward` finds the answer. */
  readonly replies: readonly (readonly Message[])[]
  readonly forward?: Forward
}

/** What one file of a ConfigMap holds: the rules of one EventBinding, or a part of them. */
export interface RuleFile {
  readonly binding: string
  /** Of the EventBinding; it comes before a rule's own. */
  readonly priority: number
  readonly rules: readonly Rule[]
}
