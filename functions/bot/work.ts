import type { Incoming } from '../core/incoming.ts'
import type { Letter } from '../edge/forward.ts'
import { LineError } from '../edge/line.ts'
import type { Log } from '../edge/log.ts'
import type { Done } from './answer.ts'
import type { Counts } from './counts.ts'
import type { Once } from './dedupe.ts'
import type { Waited } from './waited.ts'

export interface WorkOptions {
  /** The letter is absent where another Bot handed the webhook over: it goes no further. */
  readonly answer: (incoming: Incoming, letter: Letter | undefined) => Promise<Done>
  readonly once: Once
  readonly counts: Counts
  readonly waited: Waited
  readonly log: Log
}

/** What to do for one webhook request. */
export interface Errand {
  readonly events: readonly Incoming[]
  /** Absent: another Bot handed it over. */
  readonly letter?: Letter
  /** When its webhook arrived, in milliseconds since the epoch. */
  readonly arrivedAt: number
}

/** What came of it. */
export interface Work {
  /** 503 when doing all of it again may help. */
  readonly status: 204 | 503
  /** Resolves when its late answers have come to an end. */
  readonly later: Promise<unknown>
}

/** Each Incoming alone, all at once: one that fails stops no other. */
export async function work({ events, ...errand }: Errand, options: WorkOptions): Promise<Work> {
  const all = await Promise.all(events.map((incoming) => workOne(incoming, errand, options)))
  return { status: all.some(({ again }) => again) ? 503 : 204, later: Promise.all(all.map(({ later }) => later)) }
}

interface One {
  readonly again: boolean
  readonly later: Promise<void> | undefined
}

async function workOne(
  incoming: Incoming,
  { letter, arrivedAt }: Omit<Errand, 'events'>,
  options: WorkOptions,
): Promise<One> {
  const { once, answer, counts, waited, log } = options
  const started = performance.now()
  const seconds = () => (performance.now() - started) / 1000
  const done = await once(onceKey(incoming, letter), () => answer(incoming, letter))
  counts.incomings.add({ type: incoming.type, outcome: done.outcome })
  counts.seconds.observe(seconds())
  waited(done, arrivedAt)
  happened('Incoming', done, incoming, seconds(), log)
  return { again: done.again ?? false, later: done.later && ended(done.later) }

  async function ended(later: Promise<Done>): Promise<void> {
    const end = await later
    counts.late.add({ outcome: end.outcome })
    happened('Late answer', end, incoming, seconds(), log)
  }
}

/** A Bot that forwards to itself must not wait for itself. */
const onceKey = ({ webhookEventId }: Incoming, letter: Letter | undefined) =>
  letter || webhookEventId === undefined ? webhookEventId : `forwarded ${webhookEventId}`

function happened(what: string, done: Done, incoming: Incoming, seconds: number, log: Log): void {
  const { outcome, match, error, again, unconfirmed } = done
  const { type, webhookEventId, deliveryContext } = incoming
  log[outcome === 'failed' ? 'error' : 'info'](`${what} was ${outcome}${unconfirmed ? ' (unconfirmed)' : ''}`, {
    type,
    webhookEventId,
    redelivery: deliveryContext?.isRedelivery,
    rule: match && `${match.rule.event}/${match.rule.index}`,
    binding: match?.binding,
    keyword: match?.keyword,
    ...reasonOf(error),
    again,
    ms: Math.round(seconds * 1000),
  })
}

/** LINE's details name the member of the message that it did not like. */
const reasonOf = (error: unknown) =>
  error instanceof LineError
    ? { error: error.message, kind: error.kind, details: error.details, requestId: error.requestId }
    : { error }
