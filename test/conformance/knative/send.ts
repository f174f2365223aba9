import { randomUUID } from 'node:crypto'
import http from 'node:http'

export interface Answer {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
  /** Milliseconds from sending to the last byte. */
  readonly took: number
}

/** Sends a request; rejects when the connection breaks or `signal` says so. */
export const send = (
  url: string,
  {
    method = 'POST',
    headers = {},
    body = '',
    signal,
  }: {
    method?: string
    headers?: Readonly<Record<string, string>>
    body?: string | Buffer
    signal?: AbortSignal
  } = {},
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const start = performance.now()
    const request = http.request(
      url,
      { method, headers, agent: false, ...(signal && { signal }) },
      async (response) => {
        const parts: Buffer[] = await response.toArray()
        const text = Buffer.concat(parts).toString()
        const took = performance.now() - start
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text, took })
      },
    )
    request.on('error', reject)
    request.end(body)
  })

/** Headers of a CloudEvent in binary mode; `more` are attributes. */
export const event = (more: Readonly<Record<string, string>> = {}): Record<string, string> => {
  const attributes = { specversion: '1.0', type: 'test', source: '/conformance', id: randomUUID(), ...more }
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce-${name}`, value]))
}
