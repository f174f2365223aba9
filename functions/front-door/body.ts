import type http from 'node:http'
import type { Limits } from './limits.ts'
import type { Share } from './room.ts'

/** Why there is no body: above the limit, others needed its room, or its sender stopped or went away. */
export type NoBody = 'TooLarge' | 'Crowded' | 'Cut'

interface Reading<Reason> {
  readonly share: Share
  readonly limits: Limits
  /** Ends the reading with what it says. */
  readonly unless: Promise<Reason>
}

/** The body's exact bytes. Stops reading at once when there will be none. Never throws. */
export function readBody<Reason extends string>(
  request: http.IncomingMessage,
  { share, limits, unless }: Reading<Reason>,
): Promise<Buffer | NoBody | Reason> {
  return new Promise((resolve) => {
    const parts: Buffer[] = []
    let bytes = 0
    const stop = (result: Buffer | NoBody | Reason) => {
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
      if (!share.take(part.length)) return stop('Crowded')
      parts.push(part)
    }
    request.on('data', onData)
    request.once('end', () => stop(Buffer.concat(parts, bytes)))
    request.once('error', () => stop('Cut'))
    request.once('close', () => stop('Cut'))
    void unless.then(stop)
  })
}
