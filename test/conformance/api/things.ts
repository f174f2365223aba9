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
