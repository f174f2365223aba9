import type { IncomingMessage } from 'node:http'
import { parse } from 'yaml'
import { fromProtobuf } from './protobuf.ts'
import { badRequest, Refusal } from './refusal.ts'

/** As a cluster's API server: https://kubernetes.io/docs/reference/using-api/api-concepts/, 3 MiB. */
const maxBytes = 3 * 1024 * 1024

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request) {
    size += part.length
    if (size > maxBytes) throw new Refusal(413, 'RequestEntityTooLarge', `limit is ${maxBytes}`)
    parts.push(part)
  }
  return Buffer.concat(parts)
}

/** What the bytes say, in JSON, YAML or kubectl's protobuf; undefined for no bytes. */
export function parseBody(bytes: Buffer, contentType: string): unknown {
  if (bytes.length === 0) return undefined
  try {
    if (contentType.startsWith('application/vnd.kubernetes.protobuf')) return fromProtobuf(bytes)
    const text = bytes.toString()
    return contentType.includes('yaml') && !text.startsWith('{') ? parse(text) : JSON.parse(text)
  } catch (error) {
    throw badRequest(`the object provided is unrecognized: ${error instanceof Error ? error.message : error}`)
  }
}
