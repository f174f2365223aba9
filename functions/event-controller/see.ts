import { Bot, Broker, ConfigMap, Event, EventBinding, Revision } from '../core/kinds.ts'
import { label } from '../core/names.ts'
import type { Obj, Stored } from '../core/object.ts'
import type { EventBinding as BindingResource } from '../core/resources/binding.ts'
import type { Bot as BotResource } from '../core/resources/bot.ts'
import type { EventResource } from '../core/resources/event.ts'
import type { Cluster } from '../edge/cluster.ts'

/** Everything of a namespace that its rules depend on. */
export interface RulesSeen {
  readonly namespace: string
  readonly events: readonly Stored<EventResource>[]
  readonly bindings: readonly Stored<BindingResource>[]
  readonly bots: readonly Stored<BotResource>[]
  /** Metadata of the ConfigMaps with compiled rules. */
  readonly configMaps: readonly Obj[]
  /** Metadata of the Revisions of bots: each names the rules it mounts. */
  readonly revisions: readonly Obj[]
  /** The URLs of the Brokers that Events forward to, by name; one that is missing, or has none yet, is not here. */
  readonly brokerUrls: ReadonlyMap<string, string>
}

/** Reads the namespace as it is now: always these five lists, and the Brokers that Events forward to. */
export async function see(cluster: Cluster, namespace: string): Promise<RulesSeen> {
  const [events, bindings, bots, configMaps, revisions] = await Promise.all([
    cluster.list<Stored<EventResource>>(Event, { namespace }),
    cluster.list<Stored<BindingResource>>(EventBinding, { namespace }),
    cluster.list<Stored<BotResource>>(Bot, { namespace }),
    cluster.list(ConfigMap, { namespace, labels: label.binding, metadataOnly: true }),
    cluster.list(Revision, { namespace, labels: label.bot, metadataOnly: true }),
  ])
  const brokerUrls = await urlsOf(brokersIn(events), namespace, cluster)
  return { namespace, events, bindings, bots, configMaps, revisions, brokerUrls }
}

/** Names of the Brokers that Events forward to. */
function brokersIn(events: readonly EventResource[]): Set<string> {
  const refs = events.flatMap(({ spec }) => spec.rules.map(({ forward }) => forward?.to.ref))
  const brokers = refs.filter((ref) => ref?.kind === Broker.kind && ref.apiVersion === Broker.apiVersion)
  return new Set(brokers.map((ref) => ref?.name ?? ''))
}

type BrokerObject = Obj & { readonly status?: { readonly address?: { readonly url?: string } } }

async function urlsOf(names: ReadonlySet<string>, namespace: string, cluster: Cluster) {
  const found = await Promise.all(
    Array.from(names, async (name) => {
      const broker = await cluster.get<BrokerObject>({ ...Broker, namespace, name })
      return [name, broker?.status?.address?.url] as const
    }),
  )
  return new Map(found.flatMap(([name, url]) => (url === undefined ? [] : [[name, url] as const])))
}
