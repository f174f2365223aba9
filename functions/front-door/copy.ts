import http from 'node:http'
import { webhookHeadersFor } from '../core/webhook/event.ts'
import type { Envelope } from './envelope.ts'
import type { Limits } from './limits.ts'
import type { Counts } from './metrics.ts'
import type { Peer, Peers } from './peers.ts'
import { within } from './within.ts'
import { makeWork } from './work.ts'

export interface Copy {
  /**
   * Whether a peer keeps a copy now. It forgets it when `done` resolves, and carries it itself when this process is
   * gone before. Until then another peer gets it when the one that kept it goes, or when there was none. Never throws.
   */
  entrust(envelope: Envelope, done: Promise<unknown>): Promise<boolean>
  /** When every peer has heard what is done. */
  drain(): Promise<void>
}

export interface CopyParts {
  readonly peers: Peers
  readonly counts: Pick<Counts, 'copies'>
  readonly limits: Limits
}

export function makeCopy({ peers, counts, limits }: CopyParts): Copy {
  const agent = new http.Agent({ keepAlive: true, timeout: 30_000 })
  const open = makeWork()

  /** The keeper, as the promise of its end; undefined when no peer takes it. */
  const findKeeper = async (envelope: Envelope, done: Promise<unknown>) => {
    for (const peer of await peers()) {
      const { kept, closed } = openCopy(peer, envelope, { agent, done, limits })
      void open.add(closed)
      if (await kept) return { closed }
    }
    return undefined
  }

  const keepCopied = async (envelope: Envelope, done: Promise<unknown>, found: (is: boolean) => void) => {
    const over = done.then(() => true)
    do {
      const keeper = await findKeeper(envelope, done)
      found(keeper !== undefined)
      await keeper?.closed
    } while (!(await within(over, limits.copyAgainMs, false)))
  }

  return {
    async entrust(envelope, done) {
      const is = await new Promise<boolean>((found) => void keepCopied(envelope, done, found))
      counts.copies.add({ outcome: is ? 'Kept' : 'NoPeer' })
      return is
    },
    drain: () => open.done(),
  }
}

interface Opening {
  readonly agent: http.Agent
  readonly done: Promise<unknown>
  readonly limits: Limits
}

/**
 * A copy is one request whose end is held back until the webhook is done: a connection that ends before its request
 * does tells the peer at once, and without a clock, that we died.
 */
function openCopy({ host, port }: Peer, envelope: Envelope, { agent, done, limits }: Opening) {
  const headers = { ...webhookHeadersFor(envelope), [bytesHeader]: envelope.body.length }
  const request = http.request({ agent, host, port, method: 'POST', headers })
  const closed = new Promise<false>((resolve) => request.on('close', () => resolve(false)))
  const answered = new Promise<boolean>((resolve) => {
    request.on('response', (response) => {
      response.on('error', () => {}).resume()
      resolve(response.statusCode === 202)
    })
  })
  // What went wrong is told by the end of the connection.
  request.on('error', () => {})
  request.write(envelope.body)
  const kept = within(Promise.race([answered, closed]), limits.copyMs, false)
  void end(request, Promise.race([done, kept.then((is) => (is ? done : undefined))]), closed, limits.connectMs)
  return { kept, closed }
}

/** By a request's end, never by a cut, which the peer would take for our death; unless it does not listen any more. */
async function end(request: http.ClientRequest, when: Promise<unknown>, closed: Promise<unknown>, ms: number) {
  await when
  request.end()
  await within(closed, ms, undefined)
  request.destroy()
}

/** How much of the request is the webhook; its end is something else. */
export const bytesHeader = 'linebot-bytes'
