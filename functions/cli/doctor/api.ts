import http from 'node:http'
import https from 'node:https'
import { isObject } from '../../core/shape.ts'
import { kubeconfig } from '../kubeconfig.ts'

/** Reads from the API server. Undefined = there is no such object, or no such kind. */
export type Read = (path: string) => Promise<unknown>

/** The API server's word for what it does not do. */
export class Refused extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** The API server of KUBECONFIG, or of ~/.kube/config. Rejects with a Refused, or with why there is no answer. */
export async function apiOfUser(): Promise<Read> {
  const { config, server } = await kubeconfig()
  const options: https.RequestOptions = {}
  await config.applyToHTTPSOptions(options)
  const headers = { ...options.headers, accept: 'application/json' }
  return async (path) => {
    const { status, text } = await ask(new URL(path, server), { ...options, headers, timeout: 10_000 })
    if (status === 404) return undefined
    const body = parsed(text)
    if (status === 200) return body
    throw new Refused(status, isObject(body) && typeof body.message === 'string' ? body.message : `${status} ${text}`)
  }
}

const ask = (url: URL, options: https.RequestOptions): Promise<{ status: number; text: string }> =>
  new Promise((resolve, reject) => {
    const request = (url.protocol === 'http:' ? http : https).request(url, options, (response) => {
      const { statusCode: status = 0 } = response
      const whole = (parts: Buffer[]) => resolve({ status, text: Buffer.concat(parts).toString() })
      response.toArray().then(whole, reject)
    })
    request.on('timeout', () => request.destroy(new Error('no answer within 10 s')))
    request.on('error', reject)
    request.end()
  })

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
