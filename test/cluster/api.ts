import https from 'node:https'
import { KubeConfig } from '@kubernetes/client-node'

export interface Answer {
  readonly status: number
  /** JSON where the API server sent JSON, else text. */
  readonly body: unknown
}

export type Send = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<Answer>

/** Speaks JSON with the API server that KUBECONFIG names. */
export async function connect(): Promise<Send> {
  const config = new KubeConfig()
  config.loadFromDefault()
  const server = config.getCurrentCluster()?.server
  if (!server) throw new Error('KUBECONFIG names no cluster')
  const options: https.RequestOptions = { agent: new https.Agent({ keepAlive: true }) }
  await config.applyToHTTPSOptions(options)
  return (method, path, body, headers) =>
    send(new URL(path, server), { ...options, method, headers: { ...options.headers, ...headers } }, body)
}

const send = (url: URL, options: https.RequestOptions, body: unknown): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', accept: 'application/json', ...options.headers }
    const request = https.request(url, { ...options, headers }, async (response) => {
      const parts: Buffer[] = await response.toArray()
      resolve({ status: response.statusCode ?? 0, body: read(Buffer.concat(parts).toString()) })
    })
    request.on('error', reject)
    request.end(body === undefined ? undefined : JSON.stringify(body))
  })

function read(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
