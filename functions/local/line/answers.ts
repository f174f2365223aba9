import type { Json } from '../../core/shape.ts'
import type { Channel } from './channels.ts'

/** One authorised call, parsed. */
export interface Ask {
  readonly channel: Channel
  readonly requestId: string
  /** The JSON body; `{}` where there is none. */
  readonly body: Json
  param(name: string): string
  header(name: string): string | undefined
}

export interface Answer {
  readonly status: number
  readonly body: object
  readonly headers?: Readonly<Record<string, string>>
  /** Sent instead of the body, which stays for the record. */
  readonly bytes?: Buffer
}

export const ok = (body: object): Answer => ({ status: 200, body })

export const refused = (status: number, message: string): Answer => ({ status, body: { message } })
