import { createHmac, timingSafeEqual } from 'node:crypto'

/** What LINE sends as `x-line-signature` for these bytes: base64 of HMAC-SHA256, keyed by the channel secret. */
export function sign(body: Buffer, secret: string): string {
  return createHmac('sha256', secret).update(body).digest('base64')
}

/**
 * Whether one of the secrets made the signature. Only the exact text that LINE would send counts: no base64url,
 * no missing padding, nothing around it, no list of two. Never throws; takes the same time wherever it differs.
 */
export function signedBy(body: Buffer, signature: string | undefined, secrets: readonly string[]): boolean {
  if (signature?.length !== signatureLength) return false
  const given = Buffer.from(signature)
  if (given.length !== signatureLength) return false
  // An empty secret would let everybody sign.
  return secrets.some((secret) => secret !== '' && timingSafeEqual(given, Buffer.from(sign(body, secret))))
}

/** 32 bytes in base64. */
const signatureLength = 44
