/** Small right objects, and where they live. */

export const ours = (namespace: string, plural: string, name = '') =>
  `/apis/linebot.dev/v1alpha1/namespaces/${namespace}/${plural}${name && `/${name}`}`

export const core = (namespace: string, plural: string, name = '') =>
  `/api/v1/namespaces/${namespace}/${plural}${name && `/${name}`}`

export const bot = (name: string, spec: object = {}, metadata: object = {}) => ({
  apiVersion: 'linebot.dev/v1alpha1',
  kind: 'Bot',
  metadata: { name, ...metadata },
  spec: { channel: { secretName: 's' }, ...spec },
})

export const binding = (name: string, spec: object = {}, metadata: object = {}) => ({
  apiVersion: 'linebot.dev/v1alpha1',
  kind: 'EventBinding',
  metadata: { name, ...metadata },
  spec: { selector: {}, ...spec },
})

export const configMap = (name: string, data: object = {}, metadata: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...metadata },
  data,
})

/** Kubernetes’ own Event: a Notice about an object. */
export const notice = (name: string, namespace: string, about: object) => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name, namespace },
  involvedObject: { namespace, ...about },
  type: 'Warning',
  reason: 'Why',
  message: 'this is why',
  source: { component: 'conformance' },
  firstTimestamp: '2026-01-01T00:00:00Z',
  lastTimestamp: '2026-01-01T00:00:00Z',
  count: 1,
})

export const knativeService = (name: string) => ({
  apiVersion: 'serving.knative.dev/v1',
  kind: 'Service',
  metadata: { name },
  spec: { template: { spec: { containers: [{ image: 'registry.example.com/none:latest' }] } } },
})
