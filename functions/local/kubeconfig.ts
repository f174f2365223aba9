import { toYaml } from '../edge/yaml.ts'

/** What kubectl needs to talk to the local API server: plain HTTP, over which it shows no token. */
export const kubeconfigFor = (server: string): string =>
  toYaml({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'linebot',
    // Nothing to verify over plain HTTP, without which Kubernetes' own JavaScript client does not talk it.
    clusters: [{ name: 'linebot', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'you', user: {} }],
    contexts: [{ name: 'linebot', context: { cluster: 'linebot', user: 'you', namespace: 'default' } }],
  })
