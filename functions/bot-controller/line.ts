import type { Credentials } from '../core/secret.ts'
import type { ChannelAnswers } from '../edge/line/ask.ts'

/** What is to be asked of LINE. */
export interface Question {
  readonly credentials: Credentials
  /** Hash of what goes into the question: remembered when LINE has answered, so that the same is not asked twice. */
  readonly hash: string
  /** The webhook URL that LINE should have, and is to test; absent = it is not ours to set, or not yet. */
  readonly url?: string
}

/** What LINE said to it. */
export interface LineAnswers extends ChannelAnswers {
  readonly question: Question
}
