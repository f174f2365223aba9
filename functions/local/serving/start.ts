import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { KnativeService } from '../../core/kinds.ts'
import type { Cluster } from '../../edge/cluster.ts'
import type { Objects } from '../apiserver/store.ts'
import { type Clock, makeClock } from '../broker/clock.ts'
import type { Resolve } from '../broker/destination.ts'
import { argsFor, environmentFor, sinkBinding } from './environment.ts'
import { writeMounts } from './files.ts'
import { openInside } from './inside.ts'
import { podOptions } from './preload.ts'
import { launch, type Running } from './process.ts'
import { beginRun, type Run } from './run.ts'
import { makeService, type ServiceHandle } from './service.ts'
import type { Template } from './template.ts'

export interface ServingOptions {
  readonly objects: Objects
  /** Writes statuses and Revisions. */
  readonly cluster: Cluster
  readonly resolve: Resolve
  /** SinkBindings: which Services are told a K_SINK. */
  readonly bindings: readonly unknown[]
  /** Where a run keeps what it mounts, and the numbers of its processes; what an earlier run left there is ended. */
  readonly directory: string
  /** Where the functions' bundles are, each NAME.cjs. */
  readonly functions: string
  readonly apiServer: string
  /** The token of a ServiceAccount of our own namespace; no others have one here. */
  readonly tokenFor: (account: string) => string
  /** Ports of Services, by `NAMESPACE/NAME`; the others get any free one. */
  readonly ports?: Readonly<Record<string, number>>
  /** Milliseconds without a request until a process ends; absent = what each template says. */
  readonly idle?: number
  readonly clock?: Clock
  /** Each line that a process writes. */
  readonly line?: (from: Whose, text: string) => void
  /** Processes that begin and end. */
  readonly happened?: (what: Happening) => void
}

export interface Whose {
  readonly namespace: string
  readonly service: string
  readonly revision?: string
}

export interface Happening extends Whose {
  readonly what: 'waking' | 'awake' | 'asleep' | 'failed'
  /** Milliseconds that it took to wake. */
  readonly ms?: number
}

export interface RunningOf extends Whose {
  readonly revision: string
  readonly pid: number
  readonly port: number
  readonly metricsPort: number
}

export interface Serving {
  /** The processes that take requests, or are about to end what they began. */
  running(): readonly RunningOf[]
  /** Ends all processes. */
  close(): Promise<void>
}

/** What a Service stands in. */
export interface World extends Required<Pick<ServingOptions, 'objects' | 'cluster' | 'clock' | 'ports' | 'line'>> {
  readonly idle: number | undefined
  readonly launch: (whose: Required<Whose>, template: Template, deadline: AbortSignal) => Promise<Running>
}

/**
 * Plays Knative Serving for the Services of an API server, with processes instead of pods. Rejects when one of `ports`
 * is taken.
 */
export async function startServing(options: ServingOptions): Promise<Serving> {
  const { objects, cluster, clock = makeClock(), ports = {}, idle, line = () => {} } = options
  const run = beginRun(options.directory)
  const services = new Map<string, ServiceHandle>()
  const inside = await openInside((namespace, name) => services.get(`${namespace}/${name}`))
  const world: World = { objects, cluster, clock, ports, idle, line, launch: makeLaunch(options, run, inside.port) }

  const at = (namespace: string, name: string): ServiceHandle => {
    const key = `${namespace}/${name}`
    const service = services.get(key) ?? makeService(world, namespace, name)
    services.set(key, service)
    return service
  }
  const openAt = (key: string) => {
    const [namespace = '', name = ''] = key.split('/')
    return at(namespace, name).open()
  }
  const leave = (namespace: string, name: string) => {
    const key = `${namespace}/${name}`
    const service = services.get(key)
    services.delete(key)
    if (service)
      leaving.add(service.close().catch((error: unknown) => line({ namespace, service: name }, String(error))))
  }
  const leaving = new Set<Promise<void>>()

  const close = async () => {
    end()
    await Promise.all([...[...services.values()].map((service) => service.close()), ...leaving])
    await inside.close()
    run.end()
  }

  const end = objects.onChange(({ verb, object: { apiVersion, kind, metadata } }) => {
    if (apiVersion !== KnativeService.apiVersion || kind !== KnativeService.kind) return
    const { namespace = '', name } = metadata
    if (verb === 'delete') leave(namespace, name)
    else at(namespace, name).look()
  })
  try {
    for (const key of Object.keys(ports)) await openAt(key)
  } catch (error) {
    await close()
    throw error
  }
  for (const { metadata } of objects.list(KnativeService)) at(metadata.namespace ?? '', metadata.name).look()

  return {
    running: () =>
      [...services].flatMap(([key, service]) => {
        const [namespace = '', name = ''] = key.split('/')
        return service.running().map(({ revision, process: { pid, port, metricsPort } }) => ({
          namespace,
          service: name,
          revision,
          pid,
          port,
          metricsPort,
        }))
      }),
    close,
  }
}

function makeLaunch(options: ServingOptions, run: Run, cluster: number): World['launch'] {
  const { objects, happened = () => {}, line = () => {} } = options
  const preload = podOptions(run.directory, cluster)
  const bindings = options.bindings
  return async (whose, template, deadline) => {
    const begun = performance.now()
    happened({ ...whose, what: 'waking' })
    try {
      const directory = mkdtempSync(join(run.directory, `${whose.revision}-`))
      const mounts = writeMounts(template, objects, whose.namespace, directory)
      const env = environmentFor(whose, template, mounts, {
        ...options,
        bindings: bindings.map((one) => sinkBinding.parse(one)),
      })
      const args = [...preload, ...argsFor(template, options.functions, mounts)]
      const running = await launch({ args, env, deadline, line: (text) => line(whose, text), started: run.started })
      happened({ ...whose, what: 'awake', ms: performance.now() - begun })
      const forget = () => {
        rmSync(directory, { recursive: true, force: true })
        happened({ ...whose, what: 'asleep' })
      }
      void running.ended.then(forget)
      return running
    } catch (error) {
      happened({ ...whose, what: 'failed' })
      throw error
    }
  }
}
