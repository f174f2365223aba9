import type { LocalHappening, LocalHappenings } from './page/happenings.ts'
import type { Happening, Whose } from './serving/start.ts'

export interface News extends LocalHappenings {
  /** For Serving: a process begins or ends. */
  happened(what: Happening): void
  /** For Serving: a process wrote a line. */
  wrote(from: Whose, line: string): void
}

/** What Serving tells, as the page wants to hear it: how many processes of a Service answer, and how many begin to. */
export function makeNews(): News {
  const listeners = new Set<(happening: LocalHappening) => void>()
  const pods = new Map<string, { pods: number; starting: number }>()
  const tell = (happening: LocalHappening) => {
    for (const listener of listeners) listener(happening)
  }
  return {
    on(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    happened({ namespace, service, what }) {
      const key = `${namespace}/${service}`
      const now = pods.get(key) ?? { pods: 0, starting: 0 }
      const next = {
        pods: Math.max(0, now.pods + (what === 'awake' ? 1 : what === 'asleep' ? -1 : 0)),
        starting: Math.max(0, now.starting + (what === 'waking' ? 1 : what === 'asleep' ? 0 : -1)),
      }
      pods.set(key, next)
      tell({ kind: 'serving', namespace, service, ...next })
    },
    wrote: ({ namespace, service }, line) => tell({ kind: 'log', namespace, service, line }),
  }
}
