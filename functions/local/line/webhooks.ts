import { createHmac } from 'node:crypto'
import type { Json } from '../../core/shape.ts'

/** How non-ASCII is written in a body: as UTF-8, or as `\uXXXX`, which LINE has done too. */
export type Escape = 'none' | 'unicode'

const escaped = (json: string): string =>
  json.replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`)

/** A webhook's exact bytes. */
export const bodyFor = (destination: string, events: readonly Json[], escape: Escape = 'none'): Buffer => {
  const json = JSON.stringify({ destination, events })
  return Buffer.from(escape === 'unicode' ? escaped(json) : json)
}

/** The base64 of HMAC-SHA256 over the exact bytes (verify-webhook-signature). */
export const signatureFor = (body: Buffer, secret: string): string =>
  createHmac('sha256', secret).update(body).digest('base64')

export const headersFor = (signature: string | undefined): Readonly<Record<string, string>> => ({
  'content-type': 'application/json; charset=utf-8',
  'user-agent': 'LineBotWebhook/2.0',
  ...(signature === undefined ? {} : { 'x-line-signature': signature }),
})

/** Whether LINE takes this as a webhook URL: https (http where stand-ins are allowed), at most 500 characters. */
export const isWebhookUrl = (text: string, allowsHttp: boolean): boolean => {
  if (text.length > 500 || !/^[!-~]+$/.test(text) || !URL.canParse(text)) return false
  const { protocol, username, hash } = new URL(text)
  return (protocol === 'https:' || (allowsHttp && protocol === 'http:')) && username === '' && hash === ''
}
