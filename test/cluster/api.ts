import https from 'node:https'
import { KubeConfig } from '@kubernetes/client-node'

export interface Answer {
  readonly status: number
  readonly body: unknown
}

/** Speaks JSON with the API server that KUBECONFIG names. */
export async function connect(): Promise<(method: string, path: string, body?: unknown) => Promise<Answer>> {
  const config = new KubeConfig()
  config.loadFromDefault()
  const server = config.getCurrentCluster()?.server
  if (!server) throw new Error('KUBECONFIG names no cluster')
  const options: https.RequestOptions = { agent: new https.Agent({ keepAlive: true }) }
  await config.applyToHTTPSOptions(options)
  return (method, path, body) => send(new URL(path, server), { ...options, method }, body)
}

const send = (url: URL, options: https.RequestOptions, body: unknown): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const headers = { ...options.headers, 'content-type': 'application/json', accept: 'application/json' }
    const request = https.request(url, { ...options, headers }, async (response) => {
      const parts: Buffer[] = await response.toArray()
      resolve({ status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(parts).toString()) })
    })
    request.on('error', reject)
    request.end(body === undefined ? undefined : JSON.stringify(body))
  })
