import type { Log } from '../edge/log.ts'
import type { Answered } from './answered.ts'
import { type Envelope, headersFor } from './envelope.ts'
import type { Limits } from './limits.ts'
import type { Counts } from './metrics.ts'
import type { Send } from './post.ts'
import { makeWork } from './work.ts'

/** `Taken` by the Broker, or answered · `Refused`: the Broker will never take it · `Expired`: its reply tokens are dead. */
export type Ending = 'Taken' | 'Refused' | 'Expired'

export interface Handover {
  /** Tries until it ends, 50 s after arrival at the latest. Never throws. */
  carry(envelope: Envelope): Promise<Ending>
  /** Tries at once what waits for its next try, and resolves when nothing is held any more. */
  drain(): Promise<void>
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

  const tryOnce = async (envelope: Envelope, timeoutMs: number): Promise<Ending | 'Again'> => {
    if (!sink) return 'Refused'
    const { body } = envelope
    const said = await send({ url: sink, headers: headersFor(envelope), body, timeoutMs }).catch(String)
    const ending = typeof said === 'number' ? judge(said) : 'Again'
    if (ending !== 'Taken')
      log.debug('Broker did not take a webhook', { ...fieldsOf(envelope), ending, answered: said })
    return ending
  }

  const carry = async (envelope: Envelope): Promise<Ending> => {
    let backoffMs = limits.firstBackoffMs
    for (;;) {
      const leftMs = envelope.arrivedAt + limits.expiresMs - now()
      if (leftMs <= 0) return 'Expired'
      const ending = await tryOnce(envelope, leftMs)
      if (ending !== 'Again') return ending
      // One failing Trigger of several makes a failure of all, and another one's may be it.
      if (answered.has(envelope.id)) return 'Taken'
      await pauses.pause(Math.min(backoffMs, Math.max(0, envelope.arrivedAt + limits.expiresMs - now())))
      backoffMs = Math.min(backoffMs * 2, limits.maxBackoffMs)
      counts.retries.add()
    }
  }

  const tell = (envelope: Envelope, ending: Ending): Ending => {
    counts.handovers.add({ outcome: ending })
    if (ending === 'Expired') counts.expired.add({ at: 'Handover' })
    if (ending !== 'Taken') log.error(`Webhook was lost: ${reasons[ending]}`, { ...fieldsOf(envelope), ending })
    return ending
  }

  return {
    carry: (envelope) => held.add(carry(envelope).then((ending) => tell(envelope, ending))),
    drain() {
      if (held.size > 0) log.info('Handing over what is held before going', { held: held.size })
      pauses.endAll()
      return held.done()
    },
  }
}

const reasons = {
  Refused: 'the Broker refused it for good; see that K_SINK is a Broker',
  Expired:
    'the Broker did not take it while its reply tokens lived; see that the Broker is Ready, and why the bot fails',
} as const

const fieldsOf = ({ namespace, bot, id }: Envelope) => ({ namespace, bot, id })

function judge(status: number): Ending | 'Again' {
  if (status >= 200 && status < 300) return 'Taken'
  // 500 is also what its ingress says while the channel is away, and while a Trigger is replaced.
  return [404, 429, 500, 502, 503, 504].includes(status) ? 'Again' : 'Refused'
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
