import { isDeepStrictEqual } from 'node:util'
import { rfc3339 } from '../../core/condition.ts'
import { KnativeService, Revision } from '../../core/kinds.ts'
import type { Obj } from '../../core/object.ts'
import { isObject } from '../../core/shape.ts'
import { ApiError, type Cluster } from '../../edge/cluster.ts'
import type { Service, Template } from './template.ts'

const manager = 'serving'

/** What became of the newest template. */
export type Verdict =
  | { readonly ready: 'True' }
  | { readonly ready: 'Unknown' }
  | { readonly ready: 'False'; readonly because: string }

export interface Told {
  readonly url: string
  readonly latestCreated: string
  readonly latestReady?: string | undefined
  readonly verdict: Verdict
}

/** Writes a Service's status as Knative does, where it is another than before; a Service that has gone meanwhile has none. */
export async function writeStatus(cluster: Cluster, service: Service, told: Told, now: Date): Promise<void> {
  const { name, namespace, generation } = service.metadata
  const { url, latestCreated, latestReady } = told
  const status = {
    observedGeneration: generation,
    url,
    ...(latestReady !== undefined && { address: { url }, latestReadyRevisionName: latestReady }),
    latestCreatedRevisionName: latestCreated,
    conditions: conditions(told, name).map((one) => ({ ...one, lastTransitionTime: since(service, one, now) })),
  }
  if (isDeepStrictEqual(service.status, status)) return
  const { apiVersion, kind } = KnativeService
  const object = { apiVersion, kind, metadata: { name, namespace }, status }
  await cluster.apply(KnativeService, object, manager, 'status').catch(unlessGone)
}

const unlessGone = (error: unknown) => {
  if (!(error instanceof ApiError && error.status === 404)) throw error
}

/** A condition that stays as it is keeps its time: a settled Service is not written again. */
function since({ status }: Service, { type, status: now }: { type: string; status: string }, at: Date): string {
  const before = status.conditions.find((one) => one.type === type)
  return before?.status === now ? before.lastTransitionTime : rfc3339(at)
}

function conditions({ latestCreated, latestReady, verdict }: Told, name: string) {
  const say = (type: string, status: string, more = {}) => ({ type, status, ...more })
  if (verdict.ready === 'Unknown') {
    const routes = latestReady === undefined ? 'Unknown' : 'True'
    return [say('ConfigurationsReady', 'Unknown'), say('Ready', 'Unknown'), say('RoutesReady', routes)]
  }
  if (verdict.ready === 'True') return ['ConfigurationsReady', 'Ready', 'RoutesReady'].map((type) => say(type, 'True'))
  const failed = {
    reason: 'RevisionFailed',
    message: `Revision "${latestCreated}" failed with message: ${verdict.because}.`,
  }
  const none = {
    reason: 'RevisionMissing',
    message: `Configuration "${name}" does not have any ready Revision: ${verdict.because}.`,
  }
  return latestReady === undefined
    ? [say('ConfigurationsReady', 'False', failed), say('Ready', 'False', none), say('RoutesReady', 'False', none)]
    : [say('ConfigurationsReady', 'False', failed), say('Ready', 'False', failed), say('RoutesReady', 'True')]
}

/** Writes a Revision of a Service, with what its template says; it goes when the Service goes. */
export async function writeRevision(
  cluster: Cluster,
  { metadata, spec: { template: raw } }: Service,
  revision: string,
  template: Template | undefined,
): Promise<void> {
  const { name, namespace, uid } = metadata
  const object: Obj & { spec?: unknown } = {
    apiVersion: Revision.apiVersion,
    kind: Revision.kind,
    metadata: {
      name: revision,
      namespace,
      labels: { ...template?.metadata.labels, 'serving.knative.dev/service': name },
      annotations: { ...template?.metadata.annotations },
      ownerReferences: [{ ...kindOfService, name, uid, controller: true }],
    },
    ...(isObject(raw) && isObject(raw.spec) && { spec: raw.spec }),
  }
  await cluster.apply(Revision, object, manager)
}

const kindOfService = { apiVersion: KnativeService.apiVersion, kind: KnativeService.kind }
