import { Event, EventBinding, Namespace } from '../core/kinds.ts'
import type { LinearRegex } from '../core/linear.ts'
import { label } from '../core/names.ts'
import type { Ref } from '../core/object.ts'
import type { Plan, Step } from '../core/plan.ts'
import { act, type Failure, rehearse } from '../edge/act.ts'
import { ApiError, type Cluster, isForbidden } from '../edge/cluster.ts'
import type { Controller } from '../edge/controller.ts'
import { crowd } from '../edge/crowd.ts'
import type { Log } from '../edge/log.ts'
import { changesRules, reconcile } from './reconcile.ts'
import { type RulesSeen, see } from './see.ts'
import { refusedStatus } from './status.ts'

export interface EventControllerOptions {
  readonly cluster: Cluster
  readonly linear: LinearRegex
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
export function eventController({ cluster, linear, now, log }: EventControllerOptions): Controller {
  const look = async (namespace: string): Promise<Looked> => {
    const seen = await see(cluster, namespace)
    return { seen, plan: reconcile(seen, linear, now()) }
  }

  /** Bindings whose rules the API server refuses, as their status says already: no news, however long it lasts. */
  const knownRefusals = async ({ seen, plan }: Looked): Promise<ReadonlySet<string>> => {
    const failures = (await rehearse(cluster, plan.steps)).filter(({ error }) => isRefusal(error))
    const news = new Set(refusals(failures, seen, now()).map(({ serves }) => nameOf(serves)))
    return new Set(failures.map(({ step }) => nameOf(step.serves)).filter((name) => !news.has(name)))
  }

  return {
    keysOf: async ({ namespace }) => [namespace],
    async reconcile(namespace, turn) {
      try {
        let { seen, plan } = await look(namespace)
        if (changesRules(plan)) {
          await turn.quiet(quietMs, atMostMs)
          ;({ seen, plan } = await look(namespace))
        }
        const failures = await act(cluster, plan.steps, log)
        await act(cluster, refusals(failures, seen, now()), log)
        const [failure] = failures
        return failure ? { ended: 'again', because: failure.error.message } : plan.outcome
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
        const next = await look(name).catch((error: unknown) => {
          if (!isForbidden(error)) throw error
          log.warn('not all RoleBindings are there', { namespace: name })
        })
        if (!next) return
        const refused = await knownRefusals(next)
        const served = new Map<string, Ref>(next.plan.steps.map(({ serves }) => [nameOf(serves), serves]))
        for (const [key, ref] of served) if (!refused.has(key)) await found(ref, true)
      })
    },
  }
}

const nameOf = ({ kind, name }: Ref) => `${kind}/${name}`

interface Looked {
  readonly seen: RulesSeen
  readonly plan: Plan
}

/** What is told where the API server will not have a binding's ConfigMaps: what may pass by itself is not. */
const refusals = (failures: readonly Failure[], { bindings }: RulesSeen, now: Date): Step[] =>
  failures.flatMap(({ step, error }) => {
    const { kind, name } = step.serves
    const binding = bindings.find(({ metadata }) => kind === EventBinding.kind && metadata.name === name)
    return binding && step.do === 'apply' && isRefusal(error) ? refusedStatus(binding, error.message, now) : []
  })

/** 404: the namespace or its owner is going; 409 and 429: somebody else was quicker, or many were. */
const isRefusal = (error: Error) =>
  error instanceof ApiError && error.status >= 400 && error.status < 500 && ![404, 409, 429].includes(error.status)
