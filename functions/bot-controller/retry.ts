import { annotation } from '../core/names.ts'
import type { BotSeen } from './see.ts'

/**
 * From the failure of a Revision to the next try. A node that is full for long, or a registry, makes one pod of a Bot
 * an hour.
 */
const retryMs = 60 * 60_000

/** What Knative says of a container that ended by itself: another pod of the same would do so too. */
const crashed = 'Container failed with'

/**
 * When the newest Revision failed, if another of the same may succeed; undefined = it did not, or Knative goes on with
 * it. One that never ran is given up for good when its time is over (its `progress-deadline` and 30 s), also where a
 * node was full or a registry away, and the Service stays as it is: it is just what was asked for.
 */
export function givenUpAt({ service }: Pick<BotSeen, 'service'>): string | undefined {
  const { status, metadata } = service ?? {}
  if (!status?.latestCreatedRevisionName || status.observedGeneration !== metadata?.generation) return undefined
  if (status.latestCreatedRevisionName === status.latestReadyRevisionName) return undefined
  const told = status.conditions?.find(({ type }) => type === 'ConfigurationsReady')
  const failed = told?.status === 'False' && told.reason === 'RevisionFailed' && !told.message?.includes(crashed)
  return failed ? told.lastTransitionTime : undefined
}

const triedAfter = ({ service }: Pick<BotSeen, 'service'>) =>
  service?.spec?.template?.metadata?.annotations?.[annotation.triedAfter]

/**
 * Bots that a sweep rings for nothing but another try. Those that failed together, as when an upgrade found the nodes
 * full, would start their pods together again; the next sweep takes the next ones.
 */
export const retriesPerSweep = 20

/** Whether the newest Revision failed an hour ago, and was not tried again since: one try for one failure. */
export function retryIsDue(seen: Pick<BotSeen, 'service'>, now: Date): boolean {
  const failed = givenUpAt(seen)
  return failed !== undefined && failed !== triedAfter(seen) && now.getTime() - Date.parse(failed) >= retryMs
}

/** The failure after which the Revision was tried again, as its template says: the same as now, or another try. */
export const retryOf = (seen: Pick<BotSeen, 'service'>, now: Date): string | undefined =>
  retryIsDue(seen, now) ? givenUpAt(seen) : triedAfter(seen)
