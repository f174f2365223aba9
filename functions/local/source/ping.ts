import { type Clock, makeClock } from '../broker/clock.ts'
import type { Resolve } from '../broker/destination.ts'
import { pingSource } from './manifest.ts'
import { send } from './send.ts'

export interface PingOptions {
  /** A PingSource. Throws where it asks for what is not played. */
  readonly manifest: unknown
  readonly resolve: Resolve
  readonly clock?: Clock
}

export interface Ping {
  /** As if its time had come; says whether it was taken. */
  ring(): Promise<boolean>
  stop(): void
}

/** Rings at its time, and by hand. */
export function startPing({ manifest, resolve, clock = makeClock() }: PingOptions): Ping {
  const { metadata, spec } = pingSource.parse(manifest)
  const { name, namespace } = metadata
  const life = new AbortController()
  const told = {
    type: 'dev.knative.sources.ping',
    source: `/apis/v1/namespaces/${namespace}/pingsources/${name}`,
    namespace,
  }
  const ring = () => send(() => resolve(spec.sink, namespace), told, life.signal, clock)
  let timer = setTimeout(tick, untilNext(spec.schedule, new Date())).unref()
  function tick(): void {
    // Rejects only when it is stopped.
    ring().catch(() => {})
    timer = setTimeout(tick, untilNext(spec.schedule, new Date())).unref()
  }
  return {
    ring,
    stop: () => {
      clearTimeout(timer)
      life.abort()
    },
  }
}

/** Milliseconds from `now` to the schedule's next minute; 1 at least, so that no minute counts twice. */
export function untilNext(schedule: string, now: Date): number {
  const minute = schedule.split(' ')[0] ?? '*'
  const next = new Date(now)
  next.setUTCSeconds(0, 0)
  next.setUTCMinutes(next.getUTCMinutes() + 1)
  const ahead = minute === '*' ? 0 : (60 + Number(minute) - next.getUTCMinutes()) % 60
  return next.getTime() + ahead * 60_000 - now.getTime()
}
