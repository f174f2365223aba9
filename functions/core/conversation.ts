import type { Json } from './shape.ts'

/** A conversation with a bot, as a test tells it: somebody does something, and the bot answers so. */

export interface Conversation {
  readonly name: string
  readonly steps: readonly ConversationStep[]
}

export interface ConversationStep {
  /** In the test file, as in `conversations[0].steps[1]`. */
  readonly path: string
  /** Who does it, by name. */
  readonly as: string
  readonly chat: Chat
  readonly at: Date
  readonly act: Act
  readonly forward?: TargetAnswer
  readonly expected: Expected
}

export interface Chat {
  readonly in: 'user' | 'group' | 'room'
  /** Of the group or room. */
  readonly name: string
}

export type Act =
  | { readonly do: 'say'; readonly text: string; readonly mention: boolean }
  /** A message that is no text: LINE's message content, without an ID. */
  | { readonly do: 'send'; readonly content: Json }
  /** Changes what was last said. */
  | { readonly do: 'edit'; readonly text: string }
  | { readonly do: 'unsend' }
  /** Presses a button of the bot's last answer, or chooses in its picker; `column` from 1, in a carousel. */
  | { readonly do: 'press'; readonly label: string; readonly column?: number; readonly params?: Json }
  | { readonly do: 'postback'; readonly data: string; readonly params?: Json }
  /** Any LINE event; what it does not say is filled in. */
  | {
      readonly do: 'happen'
      readonly event: Json & { readonly type: string }
      /** Of those who come or go. */
      readonly names?: readonly string[]
    }

/** What the target of a rule's `forward` does. */
export interface TargetAnswer {
  readonly status: number
  readonly contentType: string
  readonly body: string
  /** It answers only when the bot has given up waiting. */
  readonly late: boolean
}

/** Text that must be equal, or a part of a LINE message object. */
export type ExpectedMessage = string | Json

export interface Expected {
  /** Any of these; an empty one is silence. */
  readonly answers?: readonly (readonly ExpectedMessage[])[]
  /** Of the rule that answers: `EVENT` or `EVENT/INDEX`. */
  readonly rule?: string
}
