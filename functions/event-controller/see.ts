import { Bot, ConfigMap, Event, EventBinding, Revision } from '../core/kinds.ts'
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
}

/** Reads the namespace as it is now: always these five lists. */
export async function see(cluster: Cluster, namespace: string): Promise<RulesSeen> {
  const [events, bindings, bots, configMaps, revisions] = await Promise.all([
    cluster.list<Stored<EventResource>>(Event, { namespace }),
    cluster.list<Stored<BindingResource>>(EventBinding, { namespace }),
    cluster.list<Stored<BotResource>>(Bot, { namespace }),
    cluster.list(ConfigMap, { namespace, labels: label.binding, metadataOnly: true }),
    cluster.list(Revision, { namespace, labels: label.bot, metadataOnly: true }),
  ])
  return { namespace, events, bindings, bots, configMaps, revisions }
}
