import { lookup } from 'node:dns/promises'
import { connect } from 'node:tls'

/** How far one gets from here to an address that LINE is to call. */
export interface Reached {
  /** What the name stands for; undefined = nobody knows it. */
  readonly address?: string | undefined
  /** Why TLS does not come about; undefined = it does, or it is not asked for. */
  readonly tls?: string | undefined
}

/** Looks up the URL's host, and shakes hands with it where it is https. Never rejects. */
export async function reach(url: string): Promise<Reached> {
  const { hostname, port, protocol } = new URL(url)
  const address = await lookup(hostname).then(
    (found) => found.address,
    () => undefined,
  )
  if (address === undefined || protocol !== 'https:') return { address }
  return { address, tls: await handshake(hostname, Number(port) || 443) }
}

const handshake = (host: string, port: number): Promise<string | undefined> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, servername: host, timeout: 10_000 })
    const end = (why: string | undefined) => {
      socket.destroy()
      resolve(why)
    }
    socket.on('secureConnect', () => end(undefined))
    socket.on('timeout', () => end('no answer within 10 s'))
    socket.on('error', ({ message }) => end(message))
  })
