import { webhookHeadersFor } from '../core/webhook/event.ts'
import type { Log } from '../edge/log.ts'
import type { Answered } from './answered.ts'
import type { Envelope } from './envelope.ts'
import { idsIn } from './ids.ts'
import type { Limits } from './limits.ts'
import type { Counts } from './metrics.ts'
import type { Send } from './post.ts'
import { makeWork } from './work.ts'

/**
 * `Taken` by the Broker, or answered · `Refused`: no Broker will ever take it, or there is none · `Expired`: its reply
 * tokens are dead.
 */
export type Ending = 'Taken' | 'Refused' | 'Expired'

interface Ended {
  readonly ending: Ending
  /** What the Broker answered to the last try, or why it did not. */
  readonly said: number | string | undefined
}

interface Try {
  readonly ending: Ending | 'Again'
  readonly said: number | string
}

export interface Handover {
  /**
   * Tries until it ends, 50 s after arrival at the latest. Never throws. What is refused before it is `acknowledged`
   * is not lost: LINE is told.
   */
  carry(envelope: Envelope, how: Carrying): Promise<Ending>
  /** Tries at once what waits for its next try, and resolves when nothing is held any more. */
  drain(): Promise<void>
}

interface Carrying {
  readonly acknowledged: () => boolean
  /** Whether LINE's signature is known to be right: else its Bot may be a name that a stranger made up. */
  readonly verified: boolean
}

export interface HandoverParts {
  /** Absent = there is no Broker to hand over to. */
  readonly sink: URL | undefined
  /** What /deliver here knows. */
  readonly answered: Answered
  readonly send: Send
  readonly log: Log
  readonly counts: Pick<Counts, 'handovers' | 'retries' | 'held' | 'expired'>
  readonly limits: Limits
  readonly now: () => number
}

export function makeHandover({ sink, answered, send, log, counts, limits, now }: HandoverParts): Handover {
  const held = makeWork((size) => counts.held.set(size))
  const pauses = makePauses()

  const tryOnce = async (envelope: Envelope, timeoutMs: number): Promise<Try> => {
    if (!sink) return { ending: 'Refused', said: 'no K_SINK' }
    const { body } = envelope
    const said = await send({ url: sink, headers: webhookHeadersFor(envelope), body, timeoutMs }).catch(String)
    const ending = typeof said === 'number' ? judge(said) : 'Again'
    if (ending !== 'Taken')
      log.debug('Broker did not take a webhook', { ...fieldsOf(envelope), ending, answered: said })
    return { ending, said }
  }

  const tryAll = async (envelope: Envelope): Promise<Ended> => {
    let backoffMs = limits.firstBackoffMs
    let said: Try['said'] | undefined
    for (;;) {
      const leftMs = envelope.arrivedAt + limits.expiresMs - now()
      if (leftMs <= 0) return { ending: 'Expired', said }
      const tried = await tryOnce(envelope, leftMs)
      said = tried.said
      if (tried.ending !== 'Again') return { ending: tried.ending, said }
      // One failing Trigger of several makes a failure of all, and another one's may be it.
      if (answered.has(envelope.id)) return { ending: 'Taken', said }
      await pauses.pause(Math.min(backoffMs, Math.max(0, envelope.arrivedAt + limits.expiresMs - now())))
      backoffMs = Math.min(backoffMs * 2, limits.maxBackoffMs)
      counts.retries.add()
    }
  }

  const tell = (envelope: Envelope, { ending, said }: Ended, { acknowledged, verified }: Carrying): void => {
    const lost = ending === 'Expired' || acknowledged()
    counts.handovers.add({ outcome: ending === 'Refused' && lost ? 'Lost' : ending })
    if (ending === 'Taken') return
    const { namespace, bot } = envelope
    if (ending === 'Expired') counts.expired.add({ at: 'Handover', ...(verified && { namespace, bot }) })
    const fields = { ...fieldsOf(envelope), ...idsIn(envelope.body), ending, answered: said }
    if (lost) log.error(`Webhook was lost: ${reasons[ending]}`, fields)
    else log.warn(`Webhook got 503: ${reasons[ending]}`, fields)
  }

  const carry = async (envelope: Envelope, how: Carrying): Promise<Ending> => {
    const ended = await tryAll(envelope)
    tell(envelope, ended, how)
    return ended.ending
  }

  return {
    carry: (envelope, how) => held.add(carry(envelope, how)),
    drain() {
      if (held.size > 0) log.info('Handing over what is held before going', { held: held.size })
      pauses.endAll()
      return held.done()
    },
  }
}

const reasons = {
  Refused: 'no Broker takes such a request, or there is none; see what it answered, and K_SINK',
  Expired:
    'the Broker did not take it while its reply tokens lived; see that K_SINK is a Broker and Ready, and why the bot fails',
} as const

const fieldsOf = ({ namespace, bot, id }: Envelope) => ({ namespace, bot, id })

/** Too large, its media type, its headers too large: of the request itself, which is the same at every try. */
const neverTaken: ReadonlySet<number> = new Set([413, 415, 431])

/**
 * Everything else may be mended while the reply tokens live: a Broker that is deleted and made again (404), one whose
 * informer is behind (400), a policy of Knative's or a mesh's (401, 403), a channel that is away (500), a Trigger that
 * is replaced (500). LINE may have its 200 by then, so that nobody else would send it again.
 */
function judge(status: number): Ending | 'Again' {
  if (status >= 200 && status < 300) return 'Taken'
  return neverTaken.has(status) ? 'Refused' : 'Again'
}

/** Pauses that can all be ended early. */
function makePauses() {
  const open = new Set<() => void>()
  return {
    pause: (ms: number) =>
      new Promise<void>((resolve) => {
        const end = () => {
          clearTimeout(timer)
          open.delete(end)
          resolve()
        }
        const timer = setTimeout(end, ms)
        open.add(end)
      }),
    endAll() {
      for (const end of open) end()
    },
  }
}
