import type http from 'node:http'

/**
 * The body's exact bytes; undefined when there are more than `maxBytes` (they are read to the end all the same, or
 * the sender would see a reset instead of an answer). Rejects when the sender goes away.
 */
export function readBody(request: http.IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    let parts: Buffer[] = []
    let bytes = 0
    request.on('data', (part: Buffer) => {
      bytes += part.length
      if (bytes <= maxBytes) parts.push(part)
      else parts = []
    })
    request.on('end', () => resolve(bytes <= maxBytes ? Buffer.concat(parts, bytes) : undefined))
    request.on('error', reject)
  })
}
