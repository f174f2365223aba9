import { valueAt } from '../core/events.ts'
import type { ForwardAnswer } from '../core/forward/answer.ts'
import type { Incoming } from '../core/incoming.ts'
import type { Match } from '../core/match.ts'
import { setRecent } from '../core/recent.ts'

/** What came of a forward: messages, or why there are none. */
export type Told = Pick<ForwardAnswer, 'messages'> | { readonly error: unknown }

/** A forward under way or done. */
export interface Asking {
  readonly incoming: Incoming
  readonly match: Match
  /** Never rejects. */
  readonly told: Promise<Told>
}

/** What a pod knows of what happened before. It dies with the pod, and then a few answers too many are the worst. */
export interface Memory {
  /** To be told of every Incoming, first of all. */
  note(incoming: Incoming): void
  /** Why nobody waits for an answer to this any more: a later edit is known, or its message was taken back. */
  gone(incoming: Incoming): 'outdated' | 'unsent' | undefined
  /** By the question's webhookEventId. */
  asking(id: string | undefined): Asking | undefined
  keep(asking: Asking): void
  forget(asking: Asking): void
}

/** Of messages, and of answers that may be as large as five messages. */
const maxMessages = 10_000
const maxAnswers = 200

export function makeMemory(): Memory {
  const edits = new Map<string, number>()
  const unsent = new Map<string, true>()
  const answers = new Map<string, Asking>()
  return {
    note(incoming) {
      const taken = incoming.type === 'unsend' ? valueAt(incoming, 'unsend.messageId') : undefined
      if (taken !== undefined) setRecent(unsent, taken, true, maxMessages)
      const id = incoming.message?.id
      const { timestamp } = incoming
      if (id !== undefined && timestamp !== undefined && timestamp > (edits.get(id) ?? 0)) {
        setRecent(edits, id, timestamp, maxMessages)
      }
    },
    gone({ message, timestamp }) {
      if (message?.id === undefined) return undefined
      if (unsent.has(message.id)) return 'unsent'
      // The same time may be the same event, sent again.
      return timestamp !== undefined && timestamp < (edits.get(message.id) ?? 0) ? 'outdated' : undefined
    },
    asking: (id) => (id === undefined ? undefined : answers.get(id)),
    keep(asking) {
      const id = asking.incoming.webhookEventId
      if (id !== undefined) setRecent(answers, id, asking, maxAnswers)
    },
    forget(asking) {
      const id = asking.incoming.webhookEventId
      if (id !== undefined && answers.get(id) === asking) answers.delete(id)
    },
  }
}
