import type http from 'node:http'
import type { Log } from '../edge/log.ts'
import { answer, answerUnread } from './answer.ts'
import { bytesHeader, type Copy } from './copy.ts'
import { type Envelope, envelopeFrom } from './envelope.ts'
import type { Handover } from './handover.ts'
import { idsIn } from './ids.ts'
import type { Limits } from './limits.ts'
import type { Counts } from './metrics.ts'
import type { Room, Share } from './room.ts'
import type { Verify } from './verify.ts'
import { makeWork } from './work.ts'

export interface KeepParts {
  /** Absent = it could hand over nothing, and so keeps nothing. */
  readonly sink: URL | undefined
  readonly verify: Verify
  readonly handover: Handover
  readonly copy: Copy
  /** Of its own: what a stranger inside of the cluster fills is not what LINE's webhooks need. */
  readonly room: Room
  readonly log: Log
  readonly counts: Pick<Counts, 'takeovers'>
  readonly limits: Limits
  readonly now: () => number
}

export interface Keep {
  /** A copy from another front door, or whoever says so; see copy.ts for its form. 202 = it is kept. */
  readonly listener: http.RequestListener
  /** Takes no more, and resolves when nothing is kept. */
  drain(): Promise<void>
}

export function makeKeep({ sink, verify, handover, copy, room, log, counts, limits, now }: KeepParts): Keep {
  const kept = makeWork()
  let leaving = false

  /** Its holder died. /deliver verifies again, so a doubt is no reason to lose it; a wrong signature is. */
  const takeOver = async (envelope: Envelope): Promise<void> => {
    const { namespace, bot, id, body, signature } = envelope
    const verdict = await verify(envelope, body, signature)
    if (verdict === 'BadSignature' || verdict === 'NotFound') return log.debug('Copy was left alone', { id, verdict })
    counts.takeovers.add()
    log.info('Webhook was taken over: the front door that held it has gone', {
      namespace,
      bot,
      id,
      ...idsIn(body),
    })
    const done = handover.carry(envelope, { acknowledged: () => true, verified: typeof verdict !== 'string' })
    await copy.entrust(envelope, done)
    await done
  }

  const keep = async (request: http.IncomingMessage, response: http.ServerResponse, share: Share): Promise<void> => {
    const bytes = Number(request.headers[bytesHeader])
    if (!(bytes >= 0 && bytes <= limits.maxBodyBytes) || !share.take(limits.requestBytes + bytes))
      return answerUnread(response, 503)
    const body = await firstBytes(request, bytes, limits.bodyMs)
    const said = body && envelopeFrom(request.headers, body)
    if (!said) return answerUnread(response, 400)
    // Whoever says that it arrives tomorrow would be kept until then, and keep us from going.
    const envelope: Envelope = { ...said, arrivedAt: Math.min(said.arrivedAt, now()) }
    response.writeHead(202).flushHeaders()
    log.debug('Copy is kept', { namespace: envelope.namespace, bot: envelope.bot, id: envelope.id })
    const ended = await endOf(request, envelope.arrivedAt + limits.expiresMs - now())
    if (ended === 'Done') response.end()
    else request.destroy()
    if (ended === 'Cut') await takeOver(envelope)
  }

  return {
    listener: (request, response) => {
      const canKeep = sink !== undefined && !leaving
      if (!canKeep || request.method !== 'POST') return answer(response, canKeep ? 405 : 503)
      const share = room()
      const keeping = keep(request, response, share).catch((error: unknown) => {
        log.error('Copy could not be kept', { error: String(error) })
        request.destroy()
      })
      void kept.add(keeping.finally(share.free))
    },
    drain() {
      leaving = true
      return kept.done()
    },
  }
}

/** Undefined when they do not come, or more than them. Reads on, because the end is still to come. */
function firstBytes(request: http.IncomingMessage, wanted: number, ms: number): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const parts: Buffer[] = []
    let bytes = 0
    const timer = setTimeout(resolve, ms, undefined)
    const stop = (body?: Buffer) => {
      clearTimeout(timer)
      resolve(body)
    }
    request.on('data', (part: Buffer) => {
      bytes += part.length
      if (bytes <= wanted) parts.push(part)
      if (bytes === wanted) stop(Buffer.concat(parts, bytes))
      if (bytes > wanted) stop()
    })
    request.on('error', () => stop())
    request.once('close', () => stop())
    if (wanted === 0) stop(Buffer.alloc(0))
  })
}

/** `Done`: its sender ended it · `Cut`: the connection went first · `Late`: neither, and the reply token is dead. */
function endOf(request: http.IncomingMessage, ms: number): Promise<'Done' | 'Cut' | 'Late'> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, Math.max(0, ms), 'Late')
    const stop = () => {
      clearTimeout(timer)
      resolve(request.complete ? 'Done' : 'Cut')
    }
    if (request.destroyed || request.complete) return stop()
    request.once('end', stop)
    request.once('close', stop)
  })
}
