import type { Change } from '../core/change.ts'
import { Bot, EventBinding, Namespace, Secret } from '../core/kinds.ts'
import { label } from '../core/names.ts'
import { type Ref, refTo, type Stored } from '../core/object.ts'
import type { Bot as BotResource } from '../core/resources/bot.ts'
import { act } from '../edge/act.ts'
import type { Cluster } from '../edge/cluster.ts'
import type { Controller } from '../edge/controller.ts'
import type { Credentials, Line } from '../edge/line.ts'
import type { Log } from '../edge/log.ts'
import type { Turn } from '../edge/turns.ts'
import { ask } from './line.ts'
import { changesService, questionFor, reconcile } from './reconcile.ts'
import { type BotSeen, type Service, see } from './see.ts'
import { type BotDefaults, bindingsOf } from './wanted.ts'

export interface BotControllerOptions {
  readonly cluster: Cluster
  readonly defaults: BotDefaults
  /** A client for one channel. */
  readonly line: (credentials: Credentials) => Line
  readonly now: () => Date
  readonly log: Log
}

/** Several bindings that change together, as when they share an Event, make one Revision. */
const quietMs = 500
const atMostMs = 5_000

/** The Bots' controller; a key is `NAMESPACE/BOT`. */
export function botController({ cluster, defaults, line, now, log }: BotControllerOptions): Controller {
  const asked = async (seen: BotSeen, fresh: boolean, set: boolean): Promise<BotSeen> => {
    const question = questionFor(seen, defaults, fresh)
    return question ? { ...seen, line: await ask(line(question.credentials), question, { set }) } : seen
  }

  const run = async (namespace: string, name: string, turn: Turn, fresh: boolean) => {
    let seen = await see(cluster, namespace, name)
    if (!seen) return { ended: 'settled' } as const // gone: owner references clean up
    if (seen.service && bindingsOf(seen).length > 1 && changesService(reconcile(seen, defaults, now()))) {
      await turn.quiet(quietMs, atMostMs)
      seen = (await see(cluster, namespace, name)) ?? seen
    }
    // First the Service, so that it starts while LINE is asked; its new generation is part of the status.
    const writes = reconcile(seen, defaults, now()).steps.filter((step) => step.do !== 'status')
    const failures = await act(cluster, writes, log, (object) => {
      // The apply of a Service came back with that Service.
      if (seen) seen = { ...seen, service: object as Service, ...generationOf(object) }
    })
    seen = await asked(seen, fresh, true)
    const plan = reconcile(seen, defaults, now())
    failures.push(
      ...(await act(
        cluster,
        plan.steps.filter((step) => step.do === 'status'),
        log,
      )),
    )
    const [failure] = failures
    return failure ? ({ ended: 'again', because: failure.error.message } as const) : plan.outcome
  }

  return {
    async keysOf(change) {
      if (isOf(change, Bot)) return [`${change.namespace}/${change.name}`]
      // A Bot's Service has its name.
      if (change.apiVersion.startsWith('serving.knative.dev/')) return [`${change.namespace}/${change.name}`]
      const bots = await cluster.list<Stored<BotResource>>(Bot, { namespace: change.namespace })
      return bots.filter((bot) => concerns(change, bot)).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
    },
    reconcile(key, turn, fresh) {
      const [namespace = '', name = ''] = key.split('/')
      return run(namespace, name, turn, fresh)
    },
    async unsettled(hourly) {
      const found: Ref[] = []
      for (const { metadata } of await cluster.list(Bot)) {
        const seen = await see(cluster, metadata.namespace ?? '', metadata.name)
        if (!seen) continue
        const now_ = now()
        const checked = hourly ? await asked(seen, true, false) : seen
        const plan = reconcile(checked.line?.failed?.how === 'unavailable' ? seen : checked, defaults, now_)
        if (plan.steps.length > 0) found.push(refTo(Bot, seen.bot))
      }
      return found
    },
  }
}

const isOf = (change: Change, kind: { apiVersion: string; kind: string }) =>
  change.apiVersion === kind.apiVersion && change.kind === kind.kind

/** Whether a Bot may have to follow the change. One too many costs a look, one too few waits for the sweep. */
function concerns(change: Change, bot: Stored<BotResource>): boolean {
  if (isOf(change, Secret)) return bot.spec.channel.secretName === change.name
  if (isOf(change, EventBinding)) {
    return (
      bot.spec.selector !== undefined ||
      bot.metadata.name === change.name ||
      (bot.status?.rules?.bindings?.includes(change.name) ?? false)
    )
  }
  return true
}

const generationOf = ({ metadata }: { metadata: { generation?: number } }) =>
  metadata.generation === undefined ? {} : { appliedGeneration: metadata.generation }
