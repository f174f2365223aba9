import type http from 'node:http'
import { addressIn } from '../core/webhook/address.ts'
import type { Log } from '../edge/log.ts'
import { makeAdmit } from './admit.ts'
import { answer } from './answer.ts'
import { makeAnswered } from './answered.ts'
import { makeBots, type Read } from './bots.ts'
import { makeCopy } from './copy.ts'
import { makeDeliver } from './deliver.ts'
import { makeHandover } from './handover.ts'
import { makeKeep } from './keep.ts'
import type { Limits } from './limits.ts'
import { makeLobby } from './lobby.ts'
import type { Counts } from './metrics.ts'
import type { Peers } from './peers.ts'
import { makeSend } from './post.ts'
import { makeRoom } from './room.ts'
import { makeVerify } from './verify.ts'
import { makeWebhook } from './webhook.ts'

export interface AppParts {
  readonly sink: URL | undefined
  readonly peers: Peers
  readonly read: Read
  readonly log: Log
  readonly counts: Counts
  readonly limits: Limits
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

export interface App {
  readonly listener: http.RequestListener
  /** For the other front doors, on a port that is not public. */
  readonly keep: http.RequestListener
  /** Resolves when nothing is held, nothing is kept and no bot is being called; at most the 50 s that a webhook lives. */
  drain(): Promise<void>
}

export function makeApp(parts: AppParts): App {
  const { read, log, limits, now } = parts
  const bots = makeBots(read, log, limits, now)
  const verify = makeVerify({ ...parts, bots })
  const shared = {
    ...parts,
    bots,
    verify,
    admit: makeAdmit({ bots, verify, lobby: makeLobby(limits.lobbyBytes), limits }),
    answered: makeAnswered(),
    room: makeRoom(limits.roomBytes),
    send: makeSend(limits.connectMs),
  }
  const handover = makeHandover(shared)
  const copy = makeCopy(parts)
  const keep = makeKeep({ ...shared, handover, copy, room: makeRoom(limits.roomBytes) })
  const webhook = makeWebhook({ ...shared, handover, copy })
  const deliver = makeDeliver(shared)

  const listener: http.RequestListener = (request, response) => {
    const route = routeFor(request.url ?? '')
    if (route === undefined) return answer(response, 404)
    if (request.method !== route.method) return answer(response, 405, { allow: route.method })
    if (route.to === 'health') return answer(response, 200)
    const handled =
      route.to === 'deliver' ? deliver.handle(request, response) : webhook(request, response, route.address)
    handled.catch((error: unknown) => {
      log.error('Request failed', { path: request.url, error: String(error) })
      if (!response.headersSent) answer(response, 503)
    })
  }

  return {
    listener,
    keep: keep.listener,
    drain: async () => {
      await Promise.all([handover.drain(), deliver.drain(), keep.drain()])
      await copy.drain()
    },
  }
}

function routeFor(url: string) {
  const path = url.split('?', 1)[0] ?? ''
  if (path === '/healthz') return { to: 'health', method: 'GET' } as const
  if (path === '/deliver') return { to: 'deliver', method: 'POST' } as const
  const address = addressIn(path)
  return address && ({ to: 'webhook', method: 'POST', address } as const)
}
