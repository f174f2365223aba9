import { tenantBindings } from '../core/access.ts'
import { label, systemNamespace } from '../core/names.ts'
import { type Cluster, clusterOfUser } from './cluster.ts'
import { type Command, done, type Ended, misused, namespaceIn, refused } from './command.ts'

export const command: Command = {
  usage: 'disable NAMESPACE [--dry-run]',
  summary:
    'Takes back what enable did: the Services of Bots stay, but nothing there is looked at any more, and after some minutes nothing is let in. --dry-run prints the kubectl commands for it.',
  async run(args) {
    const given = namespaceIn(args)
    if (!given) return misused(command.usage)
    return given.dryRun ? done(commandsFor(given.namespace)) : disable(given.namespace, await clusterOfUser())
  },
}

function commandsFor(namespace: string): string {
  const names = tenantBindings(namespace).map(({ metadata }) => metadata.name)
  return [
    `kubectl label namespace ${namespace} ${label.bots}-`,
    `kubectl delete rolebinding --namespace ${namespace} --ignore-not-found ${names.join(' ')}`,
  ].join('\n')
}

/** The label goes first: the source fails as a whole where it sees the label and may not read. */
export async function disable(namespace: string, cluster: Cluster): Promise<Ended> {
  if (namespace === systemNamespace) return refused(`${systemNamespace} is linebot’s own, and stays`)
  if (!(await cluster.labelsOf(namespace))) return refused(`there is no namespace ${namespace}`)
  await cluster.unlabel(namespace, label.bots)
  for (const binding of tenantBindings(namespace)) await cluster.remove(binding)
  return done(`namespace ${namespace} is disabled: changes in it are no longer looked at`)
}
