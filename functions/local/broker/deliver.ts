import type { OutgoingHttpHeaders } from 'node:http'
import type { Clock } from './clock.ts'
import type { Resolve } from './destination.ts'
import type { Trigger } from './manifest.ts'
import { type Answered, post } from './post.ts'

export interface Delivery {
  readonly headers: OutgoingHttpHeaders
  readonly body: Buffer
}

const retried = (status: number) => [404, 408, 409, 429].includes(status) || status >= 500

/** Whether the subscriber took it, after all the tries that its Trigger allows. Rejects only when `signal` says stop. */
export async function deliver(
  { metadata, spec }: Trigger,
  event: Delivery,
  { resolve, clock, signal }: { resolve: Resolve; clock: Clock; signal: AbortSignal },
): Promise<boolean> {
  const { retry, backoffDelay, timeout } = spec.delivery
  for (let tried = 0; ; tried += 1) {
    const status = await tryOnce(
      resolve(spec.subscriber, metadata.namespace),
      event,
      AbortSignal.any([signal, clock.limit(timeout)]),
    )
    if (signal.aborted) throw signal.reason
    if (status < 300) return true
    if (!retried(status) || tried === retry) return false
    await clock.wait(backoffDelay * 2 ** tried, signal)
  }
}

async function tryOnce(url: string | undefined, { headers, body }: Delivery, signal: AbortSignal): Promise<number> {
  if (url === undefined) return 503
  try {
    return statusOf(await post(url, headers, body, signal))
  } catch {
    return 503
  }
}

/** A subscriber may answer with an event, or nothing: anything else in a 2xx is taken for a mistake. */
const statusOf = ({ status, body }: Answered) => (status < 300 && body.length > 0 ? 502 : status)
