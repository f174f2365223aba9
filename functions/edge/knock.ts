import http from 'node:http'
import { sign } from './signature.ts'

const empty = Buffer.from('{"destination":"","events":[]}')

/**
 * Calls a webhook URL inside the cluster as LINE's verification does: signed, without events, so that nothing comes of
 * it. Resolves with the status; whoever answers 401 has another channel secret than this one.
 */
export function knock(url: string, channelSecret: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      url,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-line-signature': sign(empty, channelSecret) },
        signal: AbortSignal.timeout(5_000),
      },
      (response) => {
        response.resume()
        response.on('end', () => resolve(response.statusCode ?? 0))
      },
    )
    request.on('error', reject)
    request.end(empty)
  })
}
