import type { Change } from '../core/change.ts'
import { Bot, EventBinding, Secret } from '../core/kinds.ts'
import { type Kind, type Obj, type Ref, refTo, type Stored } from '../core/object.ts'
import type { Outcome, Plan } from '../core/plan.ts'
import type { Bot as BotResource } from '../core/resources/bot.ts'
import { act } from '../edge/act.ts'
import type { Cluster } from '../edge/cluster.ts'
import type { Controller } from '../edge/controller.ts'
import type { Credentials, Line } from '../edge/line.ts'
import type { Log } from '../edge/log.ts'
import type { Turn } from '../edge/turns.ts'
import { bindingsOf } from './facts.ts'
import { ask } from './line.ts'
import { questionFor } from './question.ts'
import { changesService, reconcile } from './reconcile.ts'
import { type BotSeen, type Service, see } from './see.ts'
import type { BotDefaults } from './wanted.ts'

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
  const plan = (seen: BotSeen): Plan => reconcile(seen, defaults, now())

  const settledSight = async (namespace: string, name: string, turn: Turn) => {
    const seen = await see(cluster, namespace, name)
    if (!seen?.service || bindingsOf(seen).length < 2 || !changesService(plan(seen))) return seen
    await turn.quiet(quietMs, atMostMs)
    return see(cluster, namespace, name)
  }

  const asked = async (seen: BotSeen, fresh: boolean, set: boolean): Promise<BotSeen> => {
    const question = questionFor(seen, defaults, fresh)
    return question ? { ...seen, line: await ask(line(question.credentials), question, { set }) } : seen
  }

  const run = async (seen: BotSeen, fresh: boolean): Promise<Outcome> => {
    // First the Service, so that it starts while LINE is asked; the generation it gets is part of the status.
    let applied: Obj | undefined
    const writes = plan(seen).steps.filter((step) => step.do !== 'status')
    const refused = await act(cluster, writes, log, (object) => (applied = object))
    const known = await asked(applied ? withService(seen, applied) : seen, fresh, true)
    const { steps, outcome } = plan(known)
    const untold = await act(
      cluster,
      steps.filter((step) => step.do === 'status'),
      log,
    )
    const [failure] = [...refused, ...untold]
    return failure ? { ended: 'again', because: failure.error.message } : outcome
  }

  return {
    async keysOf(change) {
      // A Bot's Service has its name.
      if (isOf(change, Bot) || change.apiVersion.startsWith('serving.knative.dev/')) {
        return [`${change.namespace}/${change.name}`]
      }
      const bots = await cluster.list<Stored<BotResource>>(Bot, { namespace: change.namespace })
      return bots.filter((bot) => concerns(change, bot)).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
    },
    async reconcile(key, turn, fresh) {
      const [namespace = '', name = ''] = key.split('/')
      const seen = await settledSight(namespace, name, turn)
      return seen ? run(seen, fresh) : { ended: 'settled' } // gone: owner references clean up
    },
    async unsettled(hourly) {
      const found: Ref[] = []
      for (const { metadata } of await cluster.list(Bot)) {
        const seen = await see(cluster, metadata.namespace ?? '', metadata.name)
        if (!seen) continue
        const known = hourly ? await asked(seen, true, false) : seen
        // That LINE does not answer now is no news of the Bot.
        const { steps } = plan(known.line?.failed?.how === 'unavailable' ? seen : known)
        if (steps.length > 0) found.push(refTo(Bot, seen.bot))
      }
      return found
    },
  }
}

/** What was seen, with the Service as our apply came back with it. */
function withService(seen: BotSeen, service: Service): BotSeen {
  const { generation } = service.metadata
  return { ...seen, service, ...(generation !== undefined && { appliedGeneration: generation }) }
}

const isOf = (change: Change, { apiVersion, kind }: Kind) => change.apiVersion === apiVersion && change.kind === kind

/** Whether a Bot may have to follow the change. One too many costs a look, one too few waits for the sweep. */
function concerns(change: Change, { metadata, spec, status }: Stored<BotResource>): boolean {
  if (isOf(change, Secret)) return spec.channel.secretName === change.name
  if (!isOf(change, EventBinding)) return true
  const uses = status?.rules?.bindings?.includes(change.name) ?? false
  return uses || spec.selector !== undefined || metadata.name === change.name
}
