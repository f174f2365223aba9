import { list, object, parseJson, text } from '../../core/shape.ts'

export type LineErrorKind =
  | 'rateLimit'
  | 'quota'
  | 'invalidReplyToken'
  | 'unauthorized'
  | 'badRequest'
  /** A 5xx, no answer in time, no connection, or an answer that is not LINE's. Only this one is tried again. */
  | 'unavailable'

export interface LineErrorDetail {
  readonly message?: string
  readonly property?: string
}

interface LineErrorParts {
  readonly kind: LineErrorKind
  readonly message: string
  /** 0 when LINE did not answer. */
  readonly status?: number
  readonly details?: readonly LineErrorDetail[]
  readonly requestId?: string | undefined
  /** Whether LINE may have done what was asked all the same. */
  readonly ambiguous?: boolean
}

/** What LINE refused, or why it could not be asked. The message is LINE's own where it has one; it holds no token. */
export class LineError extends Error {
  override readonly name = 'LineError'
  readonly kind: LineErrorKind
  readonly status: number
  readonly details: readonly LineErrorDetail[]
  readonly requestId: string | undefined
  readonly ambiguous: boolean

  constructor({ kind, message, status = 0, details = [], requestId, ambiguous = false }: LineErrorParts) {
    super(message)
    this.kind = kind
    this.status = status
    this.details = details
    this.requestId = requestId
    this.ambiguous = ambiguous
  }
}

const readDetail = object<LineErrorDetail>({ message: text, property: text })
const readBody = object<{ message?: string; details?: LineErrorDetail[]; error?: string; error_description?: string }>({
  message: text,
  details: list(readDetail),
  error: text,
  error_description: text,
})

/**
 * The error in an answer that is not 2xx. The Messaging API says `message` and `details` (whose `property` is a
 * path or a JSON pointer), the token endpoint `error` and `error_description`.
 */
export function lineErrorFrom(answer: { status: number; requestId?: string | undefined; body: string }): LineError {
  const { status, requestId } = answer
  const body = readBody(parseJson(answer.body)) ?? {}
  const message = body.message ?? body.error_description ?? body.error ?? `LINE answered ${status}`
  const kind = body.error === undefined ? kindOf(status, message) : tokenKindOf(status)
  return new LineError({ kind, message, status, details: body.details ?? [], requestId, ambiguous: status >= 500 })
}

// LINE's texts are no contract; these two are told apart from their neighbours by nothing else.
function kindOf(status: number, message: string): LineErrorKind {
  if (status === 429) return /monthly limit/i.test(message) ? 'quota' : 'rateLimit'
  if (status === 401 || status === 403) return 'unauthorized'
  if (status === 400 && message === 'Invalid reply token') return 'invalidReplyToken'
  return status >= 400 && status < 500 ? 'badRequest' : 'unavailable'
}

/** The token endpoint is asked for one thing only, so whatever it refuses is the channel's ID or secret. */
function tokenKindOf(status: number): LineErrorKind {
  if (status === 429) return 'rateLimit'
  return status >= 400 && status < 500 ? 'unauthorized' : 'unavailable'
}
