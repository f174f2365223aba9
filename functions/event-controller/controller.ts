import { Event, EventBinding, Namespace } from '../core/kinds.ts'
import { label } from '../core/names.ts'
import type { Ref } from '../core/object.ts'
import type { Plan } from '../core/plan.ts'
import { act } from '../edge/act.ts'
import { ApiError, type Cluster } from '../edge/cluster.ts'
import type { Controller } from '../edge/controller.ts'
import { crowd } from '../edge/crowd.ts'
import type { Log } from '../edge/log.ts'
import type { Judge } from './bind.ts'
import { changesRules, reconcile } from './reconcile.ts'
import { see } from './see.ts'

export interface EventControllerOptions {
  readonly cluster: Cluster
  readonly judge: Judge
  readonly now: () => Date
  readonly log: Log
}

/**
 * Before other rules are put in force, a second without another change, five at most: a hundred files applied at once
 * become one or two Revisions (without it, 20 template changes in 5 s made 11).
 */
const quietMs = 1_000
const atMostMs = 5_000

/** Namespaces that a sweep looks at together: each costs five lists. */
const sweepAtOnce = 4

/** The rules' controller. A key is a namespace: all bindings in it are compiled from the same Events. */
export function eventController({ cluster, judge, now, log }: EventControllerOptions): Controller {
  const plan = async (namespace: string): Promise<Plan> => reconcile(await see(cluster, namespace), judge, now())

  return {
    keysOf: async ({ namespace }) => [namespace],
    async reconcile(namespace, turn) {
      try {
        let next = await plan(namespace)
        if (changesRules(next)) {
          await turn.quiet(quietMs, atMostMs)
          next = await plan(namespace)
        }
        const [failure] = await act(cluster, next.steps, log)
        return failure ? { ended: 'again', because: failure.error.message } : next.outcome
      } catch (error) {
        // Not opted in, or no more; the Bots of the namespace say so.
        if (isForbidden(error)) return { ended: 'refused', because: `may not read in namespace ${namespace}` }
        throw error
      }
    },
    sweeps: (change) =>
      change.apiVersion === Event.apiVersion && (change.kind === Event.kind || change.kind === EventBinding.kind),
    async unsettled(_sweep, found) {
      const namespaces = await cluster.list(Namespace, { labels: `${label.bots}=true` })
      await crowd(namespaces, sweepAtOnce, async ({ metadata: { name } }) => {
        const next = await plan(name).catch((error: unknown) => {
          if (!isForbidden(error)) throw error
          log.warn('not all RoleBindings are there', { namespace: name })
        })
        const served = new Map<string, Ref>(next?.steps.map(({ serves }) => [`${serves.kind}/${serves.name}`, serves]))
        for (const ref of served.values()) await found(ref)
      })
    },
  }
}

const isForbidden = (error: unknown) => error instanceof ApiError && error.status === 403
