import type { IncomingMessage } from 'node:http'
import { Refusal } from './refusal.ts'

const loopback = ['localhost', '127.0.0.1', '[::1]']

/**
 * Any page in the person's browser can send requests to loopback, and any name can be made to point there. Throws a
 * Refusal where the Host is not one of ours, or the Origin is another page's.
 */
export function refuseStrangers({ headers }: IncomingMessage, names: readonly string[]): void {
  const known = new Set([...loopback, ...names])
  const host = headers.host ?? ''
  if (!known.has(hostname(`http://${host}`))) throw forbidden(`Host ${host} is not this server’s`)
  const { origin } = headers
  if (origin !== undefined && !known.has(hostname(origin))) throw forbidden(`Origin ${origin} may not use this server`)
}

const hostname = (url: string) => (URL.canParse(url) ? new URL(url).hostname : '')

const forbidden = (message: string) => new Refusal(403, 'Forbidden', message)
