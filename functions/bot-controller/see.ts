import { Bot, ConfigMap, CoreService, EventBinding, KnativeService, Namespace, Secret } from '../core/kinds.ts'
import { label, systemNamespace } from '../core/names.ts'
import type { Obj, Stored } from '../core/object.ts'
import type { EventBinding as BindingResource } from '../core/resources/binding.ts'
import type { Bot as BotResource } from '../core/resources/bot.ts'
import type { SecretObject } from '../core/secret.ts'
import { type Cluster, isForbidden } from '../edge/cluster.ts'
import type { LineAnswers } from './line.ts'

/** What we read of a Knative Service. */
export interface Service extends Obj {
  readonly spec?: {
    readonly template?: { readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> } }
  }
  readonly status?: {
    readonly observedGeneration?: number
    readonly url?: string
    readonly address?: { readonly url?: string }
    readonly latestCreatedRevisionName?: string
    readonly latestReadyRevisionName?: string
    readonly conditions?: readonly {
      readonly type: string
      readonly status: string
      readonly reason?: string
      readonly message?: string
      readonly lastTransitionTime?: string
    }[]
  }
}

/** Everything that one Bot depends on. */
export interface BotSeen {
  readonly bot: Stored<BotResource>
  /** Whether its namespace opted in. Where it did not, or where we may not read, the rest is not there. */
  readonly access: 'Enabled' | 'LabelMissing' | 'Forbidden'
  readonly secret?: SecretObject | undefined
  /** All of the namespace: which ones the Bot uses is decided, not read. */
  readonly bindings: readonly Stored<BindingResource>[]
  /** Names of the ConfigMaps with rules that exist. */
  readonly configMaps: ReadonlySet<string>
  readonly service?: Service | undefined
  /** A plain Kubernetes Service, not Knative's, has the Bot's name. */
  readonly nameTaken: boolean
  readonly frontDoor?: Service | undefined
  /** The Service's generation that our apply in this run came back with. */
  readonly appliedGeneration?: number
  /** Why the API server refused the Service in this run; `denied`: it is not allowed, as by a quota or a policy. */
  readonly refusal?: { readonly final: boolean; readonly denied?: true; readonly message: string }
  /** What LINE answered in this run; absent = not asked. */
  readonly line?: LineAnswers
}

/** Reads the Bot and all it depends on as they are now: at most nine reads. Undefined = there is no such Bot. */
export async function see(cluster: Cluster, namespace: string, name: string): Promise<BotSeen | undefined> {
  const bot = await cluster.get<Stored<BotResource>>({ ...Bot, namespace, name })
  if (!bot || bot.metadata.deletionTimestamp) return undefined
  const nothing = { bindings: [], configMaps: new Set<string>(), nameTaken: false }
  const home = await cluster.get({ ...Namespace, name: namespace })
  if (home?.metadata.labels?.[label.bots] !== 'true') return { bot, access: 'LabelMissing', ...nothing }
  try {
    return { bot, access: 'Enabled', ...(await surroundings(cluster, bot, namespace)) }
  } catch (error) {
    if (isForbidden(error)) return { bot, access: 'Forbidden', ...nothing }
    throw error
  }
}

async function surroundings(cluster: Cluster, bot: Stored<BotResource>, namespace: string) {
  const { name } = bot.metadata
  const [secret, { bindings, configMaps }, service, plain, frontDoor] = await Promise.all([
    cluster.get<SecretObject>({ ...Secret, namespace, name: bot.spec.channel.secretName }),
    rulesOf(cluster, namespace),
    cluster.get<Service>({ ...KnativeService, namespace, name }),
    cluster.get({ ...CoreService, namespace, name }),
    cluster.get<Service>({ ...KnativeService, namespace: systemNamespace, name: 'front-door' }),
  ])
  // Knative makes a plain Service of the same name for its own; only without a Knative Service is it in the way.
  const nameTaken = service === undefined && plain !== undefined && !madeByKnative(plain)
  return {
    secret,
    bindings,
    configMaps: new Set(configMaps.map((one) => one.metadata.name)),
    service,
    nameTaken,
    frontDoor,
  }
}

/** The bindings first: what a status names was written before it, so it is there unless somebody took it away. */
async function rulesOf(cluster: Cluster, namespace: string) {
  const bindings = await cluster.list<Stored<BindingResource>>(EventBinding, { namespace })
  const configMaps = await cluster.list(ConfigMap, { namespace, labels: label.binding, metadataOnly: true })
  return { bindings, configMaps }
}

const madeByKnative = ({ metadata }: Obj) =>
  (metadata.ownerReferences ?? []).some(({ apiVersion }) => apiVersion.startsWith('serving.knative.dev/'))
