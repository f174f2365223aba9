import { create, get, remove } from './kube.ts'
import { until } from './until.ts'
import { world } from './world.ts'

/** Lets a pod of the cluster tell the Broker what the hourly PingSource tells it. */
export async function ringForSweep(): Promise<void> {
  const name = `sweep-${Date.now()}`
  const broker = 'http://broker-ingress.knative-eventing.svc.cluster.local/linebot-system/changes'
  const ring = `require('node:http').request('${broker}', { method: 'POST', headers: {
    'ce-specversion': '1.0', 'ce-id': '${name}', 'ce-source': '/story', 'ce-type': 'dev.knative.sources.ping'
  } }, (response) => process.exit(response.statusCode === 202 ? 0 : 1)).end()`
  const containers = [{ name: 'ring', image: world.image, command: ['/nodejs/bin/node', '-e', ring] }]
  await create('Pod', 'default', { metadata: { name }, spec: { restartPolicy: 'OnFailure', containers } })
  await until(
    'the Broker took the ring',
    60,
    async () => (await get('Pod', 'default', name))?.status.phase === 'Succeeded',
  )
  await remove('Pod', 'default', name)
}
