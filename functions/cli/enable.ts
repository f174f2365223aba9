import { tenantBindings } from '../core/access.ts'
import { group, label, systemNamespace } from '../core/names.ts'
import { toDocuments } from '../edge/yaml.ts'
import { type Cluster, clusterOfUser } from './cluster.ts'
import { type Command, done, type Ended, misused, namespaceIn, refused } from './command.ts'

export const command: Command = {
  usage: 'enable NAMESPACE [--dry-run]',
  summary: 'Lets linebot work in a namespace: its RoleBindings, then the label. --dry-run prints them as YAML.',
  async run(args) {
    const given = namespaceIn(args)
    if (!given) return misused(command.usage)
    return given.dryRun ? done(yamlFor(given.namespace)) : enable(given.namespace, await clusterOfUser())
  },
}

const labelled = (namespace: string) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: namespace, labels: { [label.bots]: 'true' } },
})

/** The label comes last: the source fails as a whole where it sees the label and may not read. */
const wanted = (namespace: string) => [...tenantBindings(namespace), labelled(namespace)]

const yamlFor = (namespace: string) => toDocuments(wanted(namespace))

/** What must be there first, and what to do where it is not. */
const needed = [
  ['serving.knative.dev', 'no Knative Serving in the cluster: install it, https://knative.dev/docs/install/'],
  ['eventing.knative.dev', 'no Knative Eventing in the cluster: install it, https://knative.dev/docs/install/'],
  [
    'sources.knative.dev',
    'no Knative sources in the cluster: they come with Knative Eventing, https://knative.dev/docs/install/',
  ],
  [group, 'linebot is not in the cluster: kubectl apply -f linebot.yaml'],
] as const

/** Does all of it again each time: what is there already stays. */
export async function enable(namespace: string, cluster: Cluster): Promise<Ended> {
  if (namespace === systemNamespace)
    return refused(`${systemNamespace} is linebot’s own; choose another namespace for bots`)
  const groups = await cluster.groups()
  const missing = needed.filter(([name]) => !groups.includes(name)).map(([, todo]) => todo)
  if (missing.length > 0) return refused(missing.join('\n'))
  if (!(await cluster.labelsOf(namespace))) {
    return refused(`there is no namespace ${namespace}: kubectl create namespace ${namespace}`)
  }
  for (const object of wanted(namespace)) await cluster.apply(object)
  return done(`namespace ${namespace} is enabled: Bots, Events and EventBindings in it now work`)
}
