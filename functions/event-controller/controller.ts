import { Namespace } from '../core/kinds.ts'
import { label } from '../core/names.ts'
import type { Ref } from '../core/object.ts'
import type { Plan } from '../core/plan.ts'
import { act } from '../edge/act.ts'
import { ApiError, type Cluster } from '../edge/cluster.ts'
import type { Controller } from '../edge/controller.ts'
import type { Log } from '../edge/log.ts'
import { changesRules, type Judge, reconcile } from './reconcile.ts'
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
    async unsettled() {
      const namespaces = await cluster.list(Namespace, { labels: `${label.bots}=true` })
      const found = new Map<string, Ref>()
      for (const { metadata } of namespaces) {
        const next = await plan(metadata.name).catch((error: unknown) => {
          if (!isForbidden(error)) throw error
          log.warn('not all RoleBindings are there', { namespace: metadata.name })
        })
        for (const { serves } of next?.steps ?? [])
          found.set(`${serves.kind}/${serves.namespace}/${serves.name}`, serves)
      }
      return [...found.values()]
    },
  }
}

const isForbidden = (error: unknown) => error instanceof ApiError && error.status === 403
