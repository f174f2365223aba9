import type { Change } from '../../core/change.ts'
import type { Obj } from '../../core/object.ts'
import type { Cluster } from '../../edge/cluster.ts'
import type { Objects } from '../apiserver/store.ts'
import { type Clock, makeClock } from '../broker/clock.ts'
import type { Resolve } from '../broker/destination.ts'
import { announce } from './deployment.ts'
import { apiServerSource, kindOf } from './manifest.ts'
import { send } from './send.ts'
import { type Verb, watch } from './watched.ts'

export interface SourceOptions {
  /** An ApiServerSource. Throws where it asks for what is not played. */
  readonly manifest: unknown
  readonly objects: Objects
  /** Writes the Deployment that tells of the source's own start. */
  readonly cluster: Cluster
  /** The API server's URL: what events name as their source. */
  readonly server: string
  readonly resolve: Resolve
  readonly clock?: Clock
}

/** The one process that a cluster has for an ApiServerSource. */
export interface Source {
  /** Listens from now on, and rings its own Deployment. What changed before is never told. */
  start(): Promise<void>
  /** Dies: what is not told yet never is. */
  stop(): void
  /** From now on, changes that `lost` picks are never told; the function that it gives ends that. */
  lose(lost: (change: Change) => boolean): () => void
  /** Resolves when all that it has seen is told, or given up. */
  quiet(): Promise<void>
}

export function makeSource(options: SourceOptions): Source {
  const manifest = apiServerSource.parse(options.manifest)
  const losing = new Set<(change: Change) => boolean>()
  const lines = new Map<string, Promise<unknown>>()
  let life: AbortController | undefined

  const tell = makeTell(options, manifest)
  /** One after the other within a kind and a namespace, as a watch tells them. */
  const line = (verb: Verb, object: Obj, signal: AbortSignal) => {
    const key = `${object.apiVersion}/${object.kind}/${object.metadata.namespace}`
    const before = lines.get(key) ?? Promise.resolve()
    // Rejects only when this life has ended, and then nobody waits for it.
    const next = before.then(() => tell(verb, object, signal)).catch(() => {})
    lines.set(key, next)
    void next.then(() => lines.get(key) === next && lines.delete(key))
  }

  return {
    async start() {
      if (life) return
      life = new AbortController()
      const { signal } = life
      const deployment = await announce(options.cluster, manifest)
      if (signal.aborted) return
      const watched = watch(manifest, options.objects)
      const end = options.objects.onChange(({ verb, object }) => {
        if (object.kind === 'Namespace') {
          if (watched.moved()) void deployment.ready().catch(() => {})
          return
        }
        const seen = watched.seen(verb, object)
        if (seen && ![...losing].some((lost) => lost(changeOf(object)))) line(seen, object, signal)
      })
      signal.addEventListener('abort', end)
      await deployment.ready()
    },
    stop() {
      life?.abort()
      life = undefined
      lines.clear()
    },
    lose(lost) {
      losing.add(lost)
      return () => losing.delete(lost)
    },
    async quiet() {
      while (lines.size > 0) await Promise.all(lines.values())
    },
  }
}

const changeOf = ({ apiVersion, kind, metadata: { namespace = '', name } }: Obj): Change => ({
  apiVersion,
  kind,
  namespace,
  name,
})

function makeTell(
  { resolve, server, clock = makeClock() }: SourceOptions,
  { metadata, spec }: { metadata: { namespace: string }; spec: { sink: Parameters<Resolve>[0] } },
) {
  return (verb: Verb, object: Obj, signal: AbortSignal): Promise<boolean> => {
    const { apiVersion, kind, namespace, name } = changeOf(object)
    const told = {
      type: `dev.knative.apiserver.ref.${verb}`,
      source: server,
      subject: `/apis/${apiVersion}/namespaces/${namespace}/${kindOf(object).plural}/${name}`,
      extensions: { apiversion: apiVersion, kind, name, namespace },
      body: JSON.stringify({ kind, namespace, name, apiVersion }),
      namespace: metadata.namespace,
    }
    return send(() => resolve(spec.sink, metadata.namespace), told, signal, clock)
  }
}
