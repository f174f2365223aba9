import { uses } from '../core/bound.ts'
import type { Change } from '../core/change.ts'
import { Bot, ConfigMap, EventBinding, Secret } from '../core/kinds.ts'
import { type Kind, type Obj, refTo, type Stored } from '../core/object.ts'
import type { Outcome, Plan } from '../core/plan.ts'
import type { Bot as BotResource } from '../core/resources/bot.ts'
import type { Credentials } from '../core/secret.ts'
import { urlAt } from '../core/webhook/address.ts'
import { act, type Failure, rehearse } from '../edge/act.ts'
import { ApiError, type Cluster, isForbidden } from '../edge/cluster.ts'
import type { Controller } from '../edge/controller.ts'
import { crowd } from '../edge/crowd.ts'
import { ask, type Budget } from '../edge/line/ask.ts'
import type { Line, WebhookTest } from '../edge/line.ts'
import type { Log } from '../edge/log.ts'
import type { Turn } from '../edge/turns.ts'
import { bindingsOf } from './facts.ts'
import type { Gauge } from './gauges.ts'
import type { LineAnswers, Question } from './line.ts'
import { makePace } from './pace.ts'
import { questionFor } from './question.ts'
import { changesService, reconcile } from './reconcile.ts'
import { givenUpAt, retriesPerSweep, retryIsDue } from './retry.ts'
import { type BotSeen, type Service, see } from './see.ts'
import { listedNames } from './status.ts'
import type { BotDefaults } from './wanted.ts'

export interface BotControllerOptions {
  readonly cluster: Cluster
  readonly defaults: BotDefaults
  /** A client for one channel. */
  readonly line: (credentials: Credentials) => Line
  /** As edge/knock.ts does. */
  readonly knock: (url: string, channelSecret: string) => Promise<number>
  readonly now: () => Date
  readonly log: Log
  readonly gauge?: Gauge
}

/** Several bindings that change together, as when they share an Event, make one Revision. */
const quietMs = 500
const atMostMs = 5_000

/** Bots that a sweep looks at together; an hourly one asks LINE for each, and all must fit into a Trigger's 90 s. */
const sweepAtOnce = 12

/** The Bots' controller; a key is `NAMESPACE/BOT`. */
export function botController({ cluster, defaults, line, knock, now, log, gauge }: BotControllerOptions): Controller {
  const pace = makePace(now)
  const plan = (seen: BotSeen): Plan => reconcile(seen, defaults, now())

  /** Whether a run would write something now, another try of a failed Revision aside: when that failed, none was due. */
  const isNews = (seen: BotSeen): boolean => {
    const failed = retryIsDue(seen, now()) ? givenUpAt(seen) : undefined
    return reconcile(seen, defaults, failed === undefined ? now() : new Date(failed)).steps.length > 0
  }

  const settledSight = async (namespace: string, name: string, turn: Turn) => {
    const seen = await see(cluster, namespace, name)
    if (!seen?.service || bindingsOf(seen).length < 2 || !changesService(plan(seen))) return seen
    await turn.quiet(quietMs, atMostMs)
    return see(cluster, namespace, name)
  }

  /** `known`: how a test went that LINE need not carry out again. */
  const askLine = async (seen: BotSeen, question: Question, set: boolean, known?: WebhookTest) => {
    const { credentials, url } = question
    const client = line(credentials)
    const paced: Line = known ? { ...client, testWebhookEndpoint: async () => known } : client
    const door = inside(seen)
    const knocking = door === undefined ? undefined : () => knock(door, credentials.channelSecret)
    const asking = { url, set, test: 'Always', knock: knocking, holder: otherThan(seen.bot) } as const
    return { question, ...(await ask(paced, asking)) }
  }

  /** A Bot that has had this channel and now has another leaves its URL behind, and holds nothing. */
  const otherThan =
    ({ metadata: { uid } }: BotSeen['bot']) =>
    async (url: string, userId: string): Promise<string | undefined> => {
      const bots = await cluster.list<Stored<BotResource>>(Bot)
      const other = bots.find(
        ({ metadata, status }) => status?.url === url && status.channel?.userId === userId && metadata.uid !== uid,
      )
      return other && `${other.metadata.namespace}/${other.metadata.name}`
    }

  /** What LINE says to what is to be asked of it; `held` where its test failed a moment ago. */
  const asked = async (
    seen: BotSeen,
    { fresh, set }: { readonly fresh: boolean; readonly set: boolean },
  ): Promise<LineAnswers | 'held' | undefined> => {
    const question = questionFor(seen, defaults, fresh)
    if (!question) return undefined
    const key = `${seen.bot.metadata.uid}/${question.hash}`
    const known = question.url === undefined ? undefined : pace.known(key)
    if (known === 'failed') return 'held'
    const answers: LineAnswers = await askLine(seen, question, set, known)
    const { test, failed } = answers
    if (!known && (test || (failed?.at === 'webhook' && failed.how !== 'early'))) pace.tested(key, test)
    return answers
  }

  /** First the Service, so that it starts while LINE is asked; what comes back of it is part of the status. */
  const applied = async (seen: BotSeen): Promise<BotSeen> => {
    let object: Obj | undefined
    const writes = plan(seen).steps.filter((step) => step.do !== 'status')
    const [failure] = await act(cluster, writes, log, (one) => (object = one))
    if (failure) return { ...seen, refusal: refusalOf(failure) }
    return object ? withService(seen, object) : seen
  }

  const run = async (before: BotSeen, fresh: boolean): Promise<Outcome> => {
    const seen = await applied(before)
    const answers = await asked(seen, { fresh, set: true })
    const { steps, outcome } = plan(typeof answers === 'object' ? { ...seen, line: answers } : seen)
    gauge?.(told(seen.bot, steps), now(), typeof answers === 'object' ? answers : {})
    const [failure] = await act(
      cluster,
      steps.filter((step) => step.do === 'status'),
      log,
    )
    if (failure) return { ended: 'again', because: failure.error.message }
    return answers === 'held' ? { ended: 'again', because: 'the webhook’s test failed a moment ago' } : outcome
  }

  /** As LINE answers now, nothing changed there. That it does not answer is no news of a Bot. */
  const peeked = async (seen: BotSeen): Promise<Peek> => {
    const said = await asked(seen, { fresh: true, set: false })
    if (typeof said !== 'object') return { seen }
    // What is pushed is counted, and no news of the Bot either: its status would be written every hour.
    const { quota, consumption, ...answers } = said
    const budget = { ...(quota !== undefined && { quota }), ...(consumption !== undefined && { consumption }) }
    return { budget, seen: answers.failed && answers.failed.how !== 'refused' ? seen : { ...seen, line: answers } }
  }

  /** As a run would leave it: a Service that the API server refuses, as it did before, is no news of the Bot. */
  const rehearsed = async (seen: BotSeen): Promise<BotSeen> => {
    const [failure] = await rehearse(cluster, plan(seen).steps)
    if (!failure) return seen
    const refused = { ...seen, refusal: refusalOf(failure) }
    const asBefore = lasts(failure) && plan(refused).steps.length === 0
    return refused.refusal.final || asBefore ? refused : seen
  }

  /** The EventBinding that changed, if one did and is still there; `unread` in a namespace that takes no bots any more. */
  const bindingOf = async (change: Change): Promise<Obj | 'unread' | undefined> => {
    if (!isOf(change, EventBinding)) return undefined
    try {
      const bindings = await cluster.list(EventBinding, { namespace: change.namespace })
      return bindings.find(({ metadata }) => metadata.name === change.name)
    } catch (error) {
      if (isForbidden(error)) return 'unread'
      throw error
    }
  }

  return {
    async keysOf(change) {
      // A Bot's Service has its name.
      if (isOf(change, Bot) || change.apiVersion.startsWith('serving.knative.dev/')) {
        return [`${change.namespace}/${change.name}`]
      }
      const bots = await cluster.list<Stored<BotResource>>(Bot, { namespace: change.namespace })
      const binding = bots.some(({ spec }) => spec.selector) ? await bindingOf(change) : undefined
      return bots
        .filter((bot) => concerns(change, bot, binding))
        .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
    },
    async reconcile(key, turn, fresh) {
      const [namespace = '', name = ''] = key.split('/')
      const seen = await settledSight(namespace, name, turn)
      return seen ? run(seen, fresh) : { ended: 'settled' } // gone: owner references clean up
    },
    sweeps: (change) => isOf(change, Bot),
    async unsettled(sweep, found) {
      let retries = 0
      await crowd(await cluster.list(Bot), sweepAtOnce, async ({ metadata }) => {
        const live = await see(cluster, metadata.namespace ?? '', metadata.name)
        if (!live) return
        const seen = await rehearsed(live)
        const peek: Peek = sweep === 'hourly' ? await peeked(seen) : { seen }
        gauge?.(seen.bot, now(), peek.budget)
        // What LINE says nobody could have told of, and of an hour that has passed nobody does.
        const lost = isNews(seen)
        const rings = lost || isNews(peek.seen) || (plan(seen).steps.length > 0 && retries++ < retriesPerSweep)
        if (rings) await found(refTo(Bot, seen.bot), lost)
      })
    },
  }
}

/** A Bot as a sweep sees it. */
interface Peek {
  readonly seen: BotSeen
  readonly budget?: Budget
}

/** 400 and 422 are Knative's and the schema's word on what was asked for; everything else may pass, a 403 seldom by itself. */
function refusalOf({ error }: Failure): NonNullable<BotSeen['refusal']> {
  const status = error instanceof ApiError ? error.status : 0
  return {
    final: [400, 422].includes(status),
    ...(status === 403 && { denied: true }),
    message: error.message.slice(0, 1000),
  }
}

/** Not allowed, as by a quota or a policy: somebody changes that, or nobody; another try of the same does not. */
const lasts = ({ error }: Failure): boolean =>
  error instanceof ApiError && error.status >= 400 && error.status < 500 && ![404, 409, 429].includes(error.status)

/** The Bot's webhook at the front door, by its name inside the cluster. */
function inside({ bot, frontDoor }: BotSeen): string | undefined {
  const { name, namespace = '' } = bot.metadata
  const root = frontDoor?.status?.address?.url
  return bot.spec.delivery === 'Direct' || !root ? undefined : urlAt(root, { namespace, bot: name })
}

/** What was seen, with the Service as our apply came back with it. */
function withService(seen: BotSeen, service: Service): BotSeen {
  const { generation } = service.metadata
  return { ...seen, service, ...(generation !== undefined && { appliedGeneration: generation }) }
}

/** The Bot with the status that the plan gives it. */
function told(bot: BotSeen['bot'], steps: Plan['steps']): BotSeen['bot'] {
  const object = steps.flatMap((step) => (step.do === 'status' ? step.object : []))[0]
  // A Bot's plan has no other status than the Bot's.
  return object ? { ...bot, status: (object as BotSeen['bot']).status } : bot
}

const isOf = (change: Change, { apiVersion, kind }: Kind) => change.apiVersion === apiVersion && change.kind === kind

/**
 * Whether a Bot may have to follow the change; `changed` is its EventBinding as it is now. One too many
 * costs a look, one too few waits for the sweep. A Bot that used what has left its selector says so in its status; a run
 * that is about to write that there is rung by its writing.
 */
function concerns(change: Change, bot: Stored<BotResource>, changed: Obj | 'unread' | undefined): boolean {
  const { metadata, spec, status } = bot
  if (isOf(change, Secret)) return spec.channel.secretName === change.name
  const used = status?.rules?.bindings ?? []
  // What is beyond a full list may be used too.
  const mayUse = used.length >= listedNames ? () => true : (is: (binding: string) => boolean) => used.some(is)
  if (isOf(change, ConfigMap)) return mayUse((binding) => change.name.startsWith(`${binding}-rules-`))
  if (!isOf(change, EventBinding)) return false
  if (metadata.name === change.name || mayUse((binding) => binding === change.name)) return true
  return changed === 'unread' ? spec.selector !== undefined : changed !== undefined && uses(bot, changed)
}
