import type { Cluster } from '../../edge/cluster.ts'
import type { ApiServerSource } from './manifest.ts'

const Deployment = { apiVersion: 'apps/v1', kind: 'Deployment', plural: 'deployments' } as const
const manager = 'apiserversource'

/** Writes the source's Deployment; `ready` changes its status, which is what those hear who watch it. */
export async function announce(
  cluster: Cluster,
  { metadata: { name, namespace } }: ApiServerSource,
): Promise<{ ready(): Promise<void> }> {
  const { apiVersion, kind } = Deployment
  const metadata = { name: `apiserversource-${name}`, namespace }
  const labels = { 'eventing.knative.dev/sourceName': name }
  await cluster.apply(Deployment, { apiVersion, kind, metadata: { ...metadata, labels } }, manager)
  return {
    async ready() {
      const progressing = { type: 'Progressing', status: 'True', lastUpdateTime: new Date().toISOString() }
      const object = { apiVersion, kind, metadata, status: { readyReplicas: 1, conditions: [progressing] } }
      await cluster.apply(Deployment, object, manager, 'status')
    },
  }
}
