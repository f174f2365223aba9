import { setRecent } from '../core/recent.ts'
import type { Done } from './answer.ts'

/** Does the work for an ID, unless it is being done or has been done. */
export type Once = (id: string | undefined, work: () => Promise<Done>) => Promise<Done>

/**
 * Remembers the last `size` webhookEventIds. A duplicate of work in flight ends as that work ends; of work that is
 * done it ends at once; work that may go better another time is forgotten. It dies with the pod, and then the reply
 * token, which works once, keeps an answer single. `work` must not reject.
 */
export function makeOnce(size = 10_000): Once {
  const known = new Map<string, Promise<Done>>()
  return async (id, work) => {
    if (id === undefined) return await work()
    const first = known.get(id)
    if (first) return { outcome: 'duplicate', again: (await first).again ?? false }
    const working = work()
    setRecent(known, id, working, size)
    const done = await working
    if (done.again && known.get(id) === working) known.delete(id)
    return done
  }
}
