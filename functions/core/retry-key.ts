import { createHash } from 'node:crypto'

/**
 * The UUID under which LINE delivers a push once (`X-Line-Retry-Key`), always the same one for the same webhook event,
 * whoever pushes and however often. Version 8 of RFC 9562: made of a hash.
 */
export function retryKeyFor(webhookEventId: string): string {
  const hash = createHash('sha256').update(`linebot push ${webhookEventId}`).digest()
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x80
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80
  const hex = hash.toString('hex', 0, 16)
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
