import { pushesOf } from '../core/metrics/push.ts'
import type { Series } from '../core/metrics/series.ts'
import { type Exchange, makeExchange } from './exchange.ts'
import type { Log } from './log.ts'

/** Brings what a process counted to a front door, which is scraped for it: whoever sleeps cannot be. */
export interface Pusher {
  /** Some work has ended: what it counted goes when it has been quiet for a second. Keeps no process from its end. */
  readonly soon: () => void
  /** Sends what there is. Resolves when that is done, or has failed and is kept for the next time. Never rejects. */
  readonly flush: () => Promise<void>
}

export interface PusherOptions {
  /** Absent = what is counted goes nowhere. */
  readonly url: string | undefined
  readonly log: Log
  readonly quietMs?: number
  /** Of work that never goes quiet. */
  readonly atMostMs?: number
  readonly timeoutMs?: number
}

export function makePusher(
  series: Series,
  { url, log, quietMs = 1_000, atMostMs = 10_000, timeoutMs = 2_000 }: PusherOptions,
): Pusher {
  let timer: NodeJS.Timeout | undefined
  let waitingSince: number | undefined
  let sending = Promise.resolve()
  const exchange = makeExchange()

  const send = async () => {
    const pushes = pushesOf(series.take())
    if (url === undefined) return
    try {
      for (; pushes[0]; pushes.shift()) await post(exchange, new URL(url), pushes[0].body, timeoutMs)
    } catch (error) {
      log.debug('numbers were not taken; they are kept', { error })
      const kept = pushes.flatMap(({ samples }) => samples)
      giveBack(series, kept)
    }
  }

  const flush = () => {
    clearTimeout(timer)
    waitingSince = undefined
    sending = sending.then(send)
    return sending
  }

  return {
    soon() {
      waitingSince ??= performance.now()
      clearTimeout(timer)
      const leftMs = Math.max(0, waitingSince + atMostMs - performance.now())
      timer = setTimeout(() => void flush(), Math.min(quietMs, leftMs)).unref()
    },
    flush,
  }
}

/** What was set meanwhile is newer than what could not be sent. */
function giveBack(series: Series, samples: Parameters<typeof pushesOf>[0]): void {
  const newer = series.take()
  for (const sample of [...samples, ...newer]) series.merge(sample)
}

/** On a connection of its own, so that front doors get equal shares, and none is kept. */
async function post(exchange: Exchange, url: URL, text: string, timeoutMs: number): Promise<void> {
  const body = Buffer.from(text)
  const headers = { 'content-type': 'application/json', 'content-length': body.length }
  const asked = { method: 'POST', url, headers, body, agent: false, timeoutMs, maxAnswerBytes: 64 * 1024 } as const
  const { status } = await exchange(asked)
  if (status !== 204) throw new Error(`the front door answered ${status}`)
}
