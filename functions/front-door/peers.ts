import { lookup } from 'node:dns/promises'
import { networkInterfaces } from 'node:os'

/** Another front door: its IP address, and the port where it keeps copies. */
export interface Peer {
  readonly host: string
  readonly port: number
}

/** The other front doors, in an order that changes from call to call; none where there are none. Never throws. */
export type Peers = () => Promise<readonly Peer[]>

/** All addresses behind a name. Throws when there are none. */
export type Resolve = (host: string) => Promise<readonly string[]>

/**
 * Finds them by a headless Service's name, at most once in `refreshMs` and only when somebody asks: a front door that
 * nobody writes to asks nothing.
 */
export function makePeers(at: URL, { refreshMs, now, resolve = resolveAll }: PeersOptions): Peers {
  const port = Number(at.port)
  const find = async () => (await resolve(at.hostname)).filter(notOurs()).map((host) => ({ host, port }))
  let found: Promise<readonly Peer[]> = Promise.resolve([])
  let askedAt = Number.NEGATIVE_INFINITY
  let turn = 0
  return async () => {
    if (now() - askedAt >= refreshMs) {
      askedAt = now()
      // The name is unknown while no other front door is ready.
      found = find().catch(() => [])
    }
    const all = await found
    turn += 1
    const first = turn % Math.max(1, all.length)
    return [...all.slice(first), ...all.slice(0, first)]
  }
}

interface PeersOptions {
  readonly refreshMs: number
  readonly now: () => number
  readonly resolve?: Resolve
}

const resolveAll: Resolve = async (host) => (await lookup(host, { all: true })).map(({ address }) => address)

function notOurs(): (address: string) => boolean {
  const ours = new Set(Object.values(networkInterfaces()).flatMap((some) => some?.map(({ address }) => address) ?? []))
  return (address) => !ours.has(address)
}
