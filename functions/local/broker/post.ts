import http from 'node:http'

export interface Answered {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly body: Buffer
}

/** Sends bytes as they are; rejects when there is no whole answer, or when `signal` says stop. */
export const post = (
  url: string,
  headers: http.OutgoingHttpHeaders,
  body: Buffer,
  signal: AbortSignal,
): Promise<Answered> =>
  new Promise((resolve, reject) => {
    // A connection each: one kept from before may have been closed by a process that went to sleep.
    const options = { method: 'POST', agent: false, signal, headers: { ...headers, 'content-length': body.length } }
    const request = http.request(url, options, (response) => {
      const { statusCode: status = 0 } = response
      const whole = (parts: Buffer[]) => resolve({ status, headers: response.headers, body: Buffer.concat(parts) })
      response.toArray().then(whole, reject)
    })
    request.on('error', reject)
    request.end(body)
  })
