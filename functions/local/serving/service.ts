import { once } from 'node:events'
import http from 'node:http'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { KnativeService } from '../../core/kinds.ts'
import { portOf } from '../../edge/serve.ts'
import { isOwn } from '../line/origin.ts'
import type { Running } from './process.ts'
import { makeRevision, type Revision } from './revision.ts'
import type { World } from './start.ts'
import { type Told, type Verdict, writeRevision, writeStatus } from './status.ts'
import {
  deadlineOf,
  minScaleOf,
  readTemplate,
  type Service,
  serviceShape,
  type Template,
  windowOf,
} from './template.ts'

export interface ServiceHandle {
  /** Takes its port. Rejects when that is taken. */
  open(): Promise<void>
  /** Looks at the object as it is now, and makes it so. */
  look(): void
  /** Answers a request, or says that it cannot. */
  serve(request: http.IncomingMessage, response: http.ServerResponse): void
  /** Why there is nothing that could answer; undefined while there is, or may be soon. */
  unable(): string | undefined
  close(): Promise<void>
  running(): readonly { readonly revision: string; readonly process: Running }[]
}

interface Made {
  readonly name: string
  readonly revision: Revision
}

/** One Knative Service: a port of its own, and behind it the newest Revision that became ready. */
export function makeService(world: World, namespace: string, name: string): ServiceHandle {
  const { objects, cluster, clock, idle, launch } = world
  const ref = { ...KnativeService, namespace, name }
  const all = new Set<Made>()
  let ready: Made | undefined
  let told: { template: unknown; verdict: Verdict; created: string } | undefined
  let count = 0
  let url: string | undefined
  let changed = new AbortController()
  let closed = false
  let line = Promise.resolve()

  const serve = (request: http.IncomingMessage, response: http.ServerResponse) => {
    if (!isOwn(request.headers.host, request.headers.origin)) return void response.writeHead(403).end()
    if (!ready) return void response.writeHead(503).end()
    ready.revision.serve(request, response)
  }
  const server = http.createServer(serve)
  server.keepAliveTimeout = 120_000

  const open = async () => {
    if (url !== undefined) return url
    server.listen(world.ports[`${namespace}/${name}`] ?? 0, '127.0.0.1')
    await once(server, 'listening')
    url = `http://127.0.0.1:${portOf(server)}`
    return url
  }

  const make = (created: string, template: Template): Made => {
    const deadline = (signal: AbortSignal) => AbortSignal.any([signal, clock.limit(deadlineOf(template))])
    const windowMs = idle ?? windowOf(template)
    return {
      name: created,
      revision: makeRevision({
        launch: (signal) => launch({ namespace, service: name, revision: created }, template, deadline(signal)),
        clock,
        idleMs: minScaleOf(template) > 0 ? undefined : windowMs,
        timeoutMs: template.spec.timeoutSeconds * 1000,
      }),
    }
  }

  /** Ready, or why not; undefined = something newer is wanted meanwhile. */
  const roll = async (created: string, template: Template, stop: AbortSignal): Promise<Verdict | undefined> => {
    const next = make(created, template)
    all.add(next)
    try {
      await orStopped(next.revision.start(), stop)
    } catch (error) {
      all.delete(next)
      await next.revision.close()
      if (stop.aborted) return undefined
      return { ready: 'False', because: error instanceof Error ? error.message : String(error) }
    }
    const before = ready
    ready = next
    before?.revision.retire()
    return { ready: 'True' }
  }

  const tell = async (service: Service) => {
    if (!told) return
    const now: Told = {
      url: await open(),
      latestCreated: told.created,
      latestReady: ready?.name,
      verdict: told.verdict,
    }
    await writeStatus(cluster, service, now, new Date())
  }

  const reconcile = async () => {
    const service = read()
    if (!service || closed) return
    const raw = service.spec.template
    if (told && isDeepStrictEqual(told.template, raw)) {
      if (told.verdict.ready !== 'Unknown') await tell(service)
      return
    }
    changed = new AbortController()
    count += 1
    const created = `${name}-${String(count).padStart(5, '0')}`
    told = { template: raw, verdict: { ready: 'Unknown' }, created }
    const template = playable(raw)
    await writeRevision(cluster, service, created, typeof template === 'string' ? undefined : template)
    await tell(service)
    const verdict: Verdict | undefined =
      typeof template === 'string'
        ? { ready: 'False', because: template }
        : await roll(created, template, changed.signal)
    if (!verdict) return
    told = { ...told, verdict }
    const current = read()
    if (current) await tell(current)
  }

  const read = (): Service | undefined => serviceShape.safeParse(objects.get(ref)).data

  return {
    open: async () => void (await open()),
    look() {
      const wanted = read()
      if (wanted && told && !isDeepStrictEqual(told.template, wanted.spec.template)) changed.abort()
      line = line.then(reconcile).catch((error: unknown) => world.line({ namespace, service: name }, String(error)))
    },
    serve,
    unable: () => (!ready && told?.verdict.ready === 'False' ? told.verdict.because : undefined),
    async close() {
      closed = true
      changed.abort()
      await line
      const end = server.listening ? once(server, 'close') : undefined
      server.close()
      await Promise.all([...all].map(({ revision }) => revision.close()))
      server.closeAllConnections()
      await end
    },
    running: () =>
      [...all].flatMap(({ name: revision, revision: one }) => {
        const process = one.running()
        return process ? [{ revision, process }] : []
      }),
  }
}

/** The template, or what in it cannot be played. */
function playable(raw: unknown): Template | string {
  try {
    return readTemplate(raw)
  } catch (error) {
    return error instanceof z.ZodError ? `local mode cannot run it: ${z.prettifyError(error)}` : String(error)
  }
}

/** What it resolves with, unless it is stopped before. */
async function orStopped<T>(promise: Promise<T>, stop: AbortSignal): Promise<T> {
  const stopped = Promise.withResolvers<never>()
  const end = () => stopped.reject(stop.reason)
  if (stop.aborted) end()
  stop.addEventListener('abort', end)
  return Promise.race([promise, stopped.promise]).finally(() => stop.removeEventListener('abort', end))
}
