import type { ChatType } from './rule.ts'

/** One LINE webhook event as far as the bot reads it. Unknown types, missing members and new ones are all allowed. */
export interface Incoming {
  readonly type: string
  readonly mode?: string
  readonly timestamp?: number
  readonly webhookEventId?: string
  readonly replyToken?: string
  readonly source?: {
    readonly type: ChatType | (string & {})
    readonly userId?: string
    readonly groupId?: string
    readonly roomId?: string
  }
  readonly deliveryContext?: { readonly isRedelivery?: boolean }
  readonly message?: IncomingMessage
  /** LINE's event as it was parsed, for paths into it and for who is asked to answer it; absent = this is all of it. */
  readonly raw?: Readonly<Record<string, unknown>>
  readonly postback?: { readonly data?: string; readonly params?: Readonly<Record<string, string>> }
}

export interface IncomingMessage {
  readonly id?: string
  readonly type: string
  readonly text?: string
  readonly packageId?: string
  readonly stickerId?: string
  readonly mention?: {
    readonly mentionees?: readonly {
      readonly index: number
      readonly length: number
      readonly type?: string
      readonly isSelf?: boolean
    }[]
  }
}

/** A webhook's body: what LINE calls the envelope. */
export interface Webhook {
  readonly destination?: string
  readonly events: readonly Incoming[]
}
