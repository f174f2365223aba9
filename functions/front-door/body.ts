import type http from 'node:http'
import type { Limits } from './limits.ts'
import type { Share } from './room.ts'

/** Why there is no body: above the limit, no memory left for it, or its sender stopped or went away. */
export type NoBody = 'TooLarge' | 'Full' | 'Cut'

/** The body's exact bytes. Stops reading at once when there will be none. Never throws. */
export function readBody(request: http.IncomingMessage, share: Share, limits: Limits): Promise<Buffer | NoBody> {
  if (Number(request.headers['content-length'] ?? 0) > limits.maxBodyBytes) return Promise.resolve('TooLarge')
  if (!share.take(limits.requestBytes)) return Promise.resolve('Full')
  return new Promise((resolve) => {
    const parts: Buffer[] = []
    let bytes = 0
    const stop = (result: Buffer | NoBody) => {
      clearTimeout(timer)
      request.off('data', onData)
      // Without a reader the stream would flow on.
      if (typeof result === 'string') request.pause()
      resolve(result)
    }
    const timer = setTimeout(stop, limits.bodyMs, 'Cut')
    const onData = (part: Buffer) => {
      bytes += part.length
      if (bytes > limits.maxBodyBytes) return stop('TooLarge')
      if (!share.take(part.length)) return stop('Full')
      parts.push(part)
    }
    request.on('data', onData)
    request.once('end', () => stop(Buffer.concat(parts, bytes)))
    request.once('error', () => stop('Cut'))
    request.once('close', () => stop('Cut'))
  })
}
