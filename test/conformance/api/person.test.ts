import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type Cluster, clusterOfUser } from '../../../functions/cli/cluster.ts'
import { bindingFor } from '../../../functions/core/access.ts'
import { openServer, type Server } from './server.ts'

/** What `linebot enable` and `disable` do, through Kubernetes’ own client for JavaScript. */

let server: Server
let namespace: string
let cluster: Cluster
beforeAll(async () => {
  server = await openServer()
  namespace = await server.namespace()
  vi.stubEnv('KUBECONFIG', server.kubeconfig)
  cluster = await clusterOfUser()
  vi.unstubAllEnvs()
}, 30_000)
afterAll(() => server.close())

it('finds what must be there first', async () => {
  const needed = ['serving.knative.dev', 'eventing.knative.dev', 'sources.knative.dev', 'linebot.dev']
  expect(await cluster.groups()).toEqual(expect.arrayContaining(needed))
  for (const path of ['eventing.knative.dev/v1/triggers', 'sources.knative.dev/v1/apiserversources']) {
    expect((await server.send('GET', `/apis/${path}`)).status).toBe(200)
  }
})

it('binds the Roles in a namespace, and again', async () => {
  const binding = bindingFor('source', namespace, 'ClusterRole')
  await cluster.apply(binding)
  await cluster.apply(binding)
  const path = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings/${binding.metadata.name}`
  expect((await server.send('GET', path)).body).toMatchObject(binding)
  await cluster.remove(binding)
  await cluster.remove(binding)
  expect((await server.send('GET', path)).status).toBe(404)
})

it('labels a namespace, and takes the label off', async () => {
  // Another label than the one that opts in: a cluster that looks on is left alone.
  const labels = { 'example.com/label': 'true' }
  await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } })
  expect(await cluster.labelsOf(namespace)).toMatchObject(labels)
  await cluster.unlabel(namespace, 'example.com/label')
  await cluster.unlabel(namespace, 'example.com/label')
  expect(await cluster.labelsOf(namespace)).toEqual({ 'kubernetes.io/metadata.name': namespace })
})

it('is told in words what is not there', async () => {
  expect(await cluster.labelsOf('conf-none')).toBeUndefined()
  await expect(cluster.unlabel('conf-none', 'a')).rejects.toThrow('namespaces "conf-none" not found')
})
