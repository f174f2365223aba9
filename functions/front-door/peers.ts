import { lookup } from 'node:dns/promises'
import { networkInterfaces } from 'node:os'
import { within } from './within.ts'

/** Another front door: its IP address, and the port where it keeps copies. */
export interface Peer {
  readonly host: string
  readonly port: number
}

/** The other front doors, in an order that changes from call to call; none where there are none. Never throws. */
export type Peers = () => Promise<readonly Peer[]>

/** All addresses behind a name. Throws when there are none: with the code ENOTFOUND when that is known. */
export type Resolve = (host: string) => Promise<readonly string[]>

/** For an answer, before those of before are asked; and where there were none. A resolver may take half a minute. */
const waitMs = 100
const longestMs = 1_000

/**
 * Finds them by a headless Service's name, at most once in `refreshMs` and only when somebody asks: a front door that
 * nobody writes to asks nothing.
 */
export function makePeers(at: URL, { refreshMs, now, resolve = resolveAll }: PeersOptions): Peers {
  const port = Number(at.port)
  const find = async () => (await resolve(at.hostname)).filter(notOurs()).map((host) => ({ host, port }))
  let known: readonly Peer[] = []
  let finding: Promise<readonly Peer[]> = Promise.resolve(known)
  const look = async (): Promise<readonly Peer[]> => {
    try {
      known = await find()
    } catch (error) {
      // Unknown while no other front door is ready; that nobody answers says nothing of them.
      if (error instanceof Error && 'code' in error && error.code === 'ENOTFOUND') known = []
    }
    return known
  }
  let askedAt = Number.NEGATIVE_INFINITY
  let turn = 0
  return async () => {
    if (now() - askedAt >= refreshMs) {
      askedAt = now()
      finding = look()
    }
    const all = await within(finding, known.length > 0 ? waitMs : longestMs, known)
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
