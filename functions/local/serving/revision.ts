import type http from 'node:http'
import type { Clock } from '../broker/clock.ts'
import type { Running } from './process.ts'
import { proxy } from './proxy.ts'

export interface RevisionOptions {
  /** Starts its process. Rejects, with the reason, when that cannot listen, or `signal` says stop. */
  readonly launch: (signal: AbortSignal) => Promise<Running>
  readonly clock: Clock
  /** Milliseconds without a request until it goes to zero; undefined = never. */
  readonly idleMs: number | undefined
  /** Milliseconds that one request may take, its waiting for a process included; as many to end in. */
  readonly timeoutMs: number
}

/** One process, or none: it starts with the first request, and ends when nobody asks any more. */
export interface Revision {
  /** Resolves once its process listens; rejects with the reason why it does not. */
  start(): Promise<void>
  serve(request: http.IncomingMessage, response: http.ServerResponse): void
  /** Nothing new comes: it ends when what it has begun is done. */
  retire(): void
  /** Ends it now. */
  close(): Promise<void>
  running(): Running | undefined
}

/** Between two attempts to start, for as long as somebody waits. */
const againMs = 1000

export function makeRevision({ launch, clock, idleMs, timeoutMs }: RevisionOptions): Revision {
  const life = new AbortController()
  const endings = new Set<Promise<void>>()
  let coming: Promise<Running> | undefined
  let here: Running | undefined
  let active = 0
  let retired = false
  let idle = new AbortController()

  const ensure = (): Promise<Running> => {
    coming ??= launch(life.signal).then(
      (running) => {
        here = running
        void running.ended.then(() => gone(running))
        settle()
        return running
      },
      (error: unknown) => {
        coming = undefined
        throw error
      },
    )
    return coming
  }

  const gone = (running: Running) => {
    if (here !== running) return
    here = undefined
    coming = undefined
    // One that is always on comes back.
    if (idleMs === undefined && !retired && !life.signal.aborted) void acquire(life.signal).catch(() => {})
  }

  const stop = (limit = clock.limit(timeoutMs)): Promise<void> => {
    const running = here
    here = undefined
    coming = undefined
    if (!running) return Promise.resolve()
    const ending = running.stop(limit)
    endings.add(ending)
    return ending.finally(() => endings.delete(ending))
  }

  /** Goes to zero when it is time. */
  const settle = () => {
    idle.abort()
    if (active > 0 || !here) return
    if (retired) return void stop()
    if (idleMs === undefined) return
    idle = new AbortController()
    clock.wait(idleMs, idle.signal).then(
      () => void stop(),
      () => {},
    )
  }

  const acquire = async (signal: AbortSignal): Promise<Running> => {
    for (;;) {
      try {
        return await until(ensure(), signal)
      } catch (error) {
        if (signal.aborted) throw error
        await clock.wait(againMs, signal)
      }
    }
  }

  const pass = async (request: http.IncomingMessage, response: http.ServerResponse) => {
    const hangUp = new AbortController()
    response.once('close', () => hangUp.abort())
    const late = clock.limit(timeoutMs)
    const signal = AbortSignal.any([late, hangUp.signal, life.signal])
    active += 1
    idle.abort()
    try {
      const { port } = await acquire(signal)
      await proxy(request, response, port, signal)
    } catch {
      if (response.headersSent) response.destroy()
      else response.writeHead(late.aborted ? 504 : 502).end()
    } finally {
      active -= 1
      settle()
    }
  }

  return {
    start: async () => void (await ensure()),
    serve: (request, response) => void pass(request, response),
    retire() {
      retired = true
      settle()
    },
    async close() {
      retired = true
      life.abort()
      idle.abort()
      await coming?.catch(() => {})
      await stop(AbortSignal.timeout(1000))
      await Promise.all(endings)
    },
    running: () => here,
  }
}

/** The promise, or the end of waiting for it. */
const until = <T>(promise: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason)
    if (signal.aborted) return stop()
    signal.addEventListener('abort', stop, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
