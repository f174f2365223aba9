import type { MiddlewareHandler } from 'hono'
import { isOwn } from '../line/origin.ts'

/** Names of this machine alone: a stranger's name that leads here is a page's trick to read what is local. */
const isLoopback = (host: string | undefined): boolean =>
  /^(?:localhost|[\w-]+\.localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i.test(host ?? '')

/** Messages may show pictures and play films from anywhere, as LINE does; all else is the page's own. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' https:",
  'media-src https:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const headers = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const

/** Lets in only whoever means this page: programs, and itself. */
export const guard: MiddlewareHandler = async (c, next) => {
  const host = c.req.header('host') ?? new URL(c.req.url).host
  const isForeign = !isLoopback(host) || !isOwn(host, c.req.header('origin'))
  if (isForeign) return c.json({ message: 'only for this machine, and for pages of this origin' }, 403)
  await next()
  for (const [name, value] of Object.entries(headers)) c.header(name, value)
  return undefined
}
