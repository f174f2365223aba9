import { readFileSync } from 'node:fs'
import https from 'node:https'
import type { Kind, Obj, Ref } from '../core/object.ts'
import { makeExchange } from './exchange.ts'
import { makeGate } from './gate.ts'

/**
 * The Kubernetes API over node:https. `@kubernetes/client-node` costs a cold start 66 ms more (its own undici);
 * a function that starts from zero needs only these few verbs.
 */
export interface Cluster {
  /** The object as it is now (a quorum read), or undefined where there is none: no such name, or no such kind. */
  get<T extends Obj>(ref: Ref): Promise<T | undefined>
  /** All objects of a kind, in one namespace or in all, read page by page. An unknown kind has none. */
  list<T extends Obj>(kind: Kind, where?: ListOptions): Promise<T[]>
  /** Server-side apply with force: the fields in `object` become so, others stay. Identical = no write, no new version. */
  apply<T extends Obj>(kind: Kind, object: Obj, manager: string, subresource?: 'status'): Promise<T>
  /** Resolves where `apply` would, rejects as it would; nothing is written. */
  tryApply(kind: Kind, object: Obj, manager: string): Promise<void>
  /** Deletes this very object: another one of the same name (another uid) is left alone. Gone already is fine. */
  remove(ref: Ref, uid: string): Promise<void>
}

export interface ListOptions {
  readonly namespace?: string
  /** A label selector in its query form, as in `linebot.dev/bots=true`. */
  readonly labels?: string
  /** Only metadata: what is in a ConfigMap stays where it is. */
  readonly metadataOnly?: boolean
}

/** The API server said no. `reason` is the machine's word (`Conflict`, `Forbidden`, `Invalid` …), `message` the person's. */
export class ApiError extends Error {
  readonly status: number
  readonly reason: string
  constructor(status: number, reason: string, message: string) {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.reason = reason
  }
}

/** Whether we may not: where a namespace did not opt in, or does no more. */
export const isForbidden = (error: unknown): boolean => error instanceof ApiError && error.status === 403

export interface ClusterSettings {
  /** As in `https://10.96.0.1:443`. */
  readonly server: string
  readonly ca?: string | Buffer
  /** Asked for at every request, because a mounted token changes every hour. */
  readonly token: () => string
  /** For one request, from sending to the last byte; its time begins when its turn comes. */
  readonly timeoutMs?: number
}

interface CallOptions {
  readonly body?: unknown
  readonly type?: string
  readonly accept?: string
}

const account = '/var/run/secrets/kubernetes.io/serviceaccount'

/** The cluster this process runs in; `LINEBOT_API_SERVER` and `LINEBOT_API_TOKEN` point it at another one. */
export function clusterFromEnv(env: NodeJS.ProcessEnv): Cluster {
  if (env.LINEBOT_API_SERVER) {
    const token = env.LINEBOT_API_TOKEN ?? ''
    return connect({ server: env.LINEBOT_API_SERVER, token: () => token })
  }
  if (!env.KUBERNETES_SERVICE_HOST) {
    throw new Error(
      'not in a cluster: KUBERNETES_SERVICE_HOST is not set (set LINEBOT_API_SERVER to use another API server)',
    )
  }
  const host = env.KUBERNETES_SERVICE_HOST.includes(':')
    ? `[${env.KUBERNETES_SERVICE_HOST}]`
    : env.KUBERNETES_SERVICE_HOST
  return connect({
    server: `https://${host}:${env.KUBERNETES_SERVICE_PORT ?? '443'}`,
    ca: readFileSync(`${account}/ca.crt`),
    token: () => readFileSync(`${account}/token`, 'utf8').trim(),
  })
}

/**
 * Requests under way; the others wait. A ring may concern every Bot of a namespace, and each costs nine reads: all at
 * once would hurt the API server, and time out. Counted here and not in runs, for a run may wait for LINE.
 */
const maxAtOnce = 32

/** Pages are bounded so that a namespace with thousands of Events does not arrive as one answer. */
const pageSize = 500

export function connect({ server, ca, token, timeoutMs = 10_000 }: ClusterSettings): Cluster {
  const base = new URL(server)
  const exchange = makeExchange()
  const agent = base.protocol === 'https:' && ca ? new https.Agent({ keepAlive: true, ca }) : undefined

  const gate = makeGate(maxAtOnce)

  const call = async (
    method: string,
    path: string,
    { body, type = 'application/json', accept = 'application/json' }: CallOptions = {},
  ) => {
    const bytes = Buffer.from(body === undefined ? '' : JSON.stringify(body))
    const headers = {
      accept,
      authorization: `Bearer ${token()}`,
      'user-agent': 'linebot',
      ...(body !== undefined && { 'content-type': type, 'content-length': bytes.length }),
    }
    const url = new URL(path, base)
    // Of whatever size: the API server is believed, and lists come page by page.
    const limits = { timeoutMs, maxAnswerBytes: Number.POSITIVE_INFINITY }
    const answered = await exchange({ method, url, headers, body: bytes, ...(agent && { agent }), ...limits })
    return { status: answered.status, body: answered.body.toString() }
  }

  /** The answer's object; undefined for a 404, which is an answer and not a failure. */
  const ask = async (...request: Parameters<typeof call>): Promise<unknown> => {
    const { status, body } = await gate(() => call(...request))
    if (status === 404) return undefined
    if (status < 300) return JSON.parse(body)
    throw refusal(status, body)
  }

  const patch = async (
    kind: Kind,
    object: Obj,
    manager: string,
    { subresource, ...more }: { subresource?: 'status' | undefined; dryRun?: 'All' },
  ): Promise<unknown> => {
    const { namespace, name } = object.metadata
    const path = `${pathOf(kind, namespace, name)}${subresource ? `/${subresource}` : ''}`
    const query = new URLSearchParams({ fieldManager: manager, force: 'true', ...more })
    const applied = await ask('PATCH', `${path}?${query}`, { body: object, type: 'application/apply-patch+yaml' })
    if (applied === undefined) throw new ApiError(404, 'NotFound', `${kind.kind} ${namespace}/${name} is gone`)
    return applied
  }

  // The API server's answers are the one place where a type is claimed instead of checked: it checked them itself.
  return {
    get: async <T extends Obj>(ref: Ref) => (await ask('GET', pathOf(ref, ref.namespace, ref.name))) as T | undefined,
    async list<T extends Obj>(kind: Kind, { namespace, labels, metadataOnly }: ListOptions = {}) {
      const items: T[] = []
      let next: string | undefined
      do {
        const query = new URLSearchParams({
          limit: String(pageSize),
          ...(labels && { labelSelector: labels }),
          ...(next && { continue: next }),
        })
        const accept = metadataOnly
          ? 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io'
          : 'application/json'
        const page = (await ask('GET', `${pathOf(kind, namespace)}?${query}`, { accept })) as
          | { items?: T[]; metadata?: { continue?: string } }
          | undefined
        // The items of a list do not say what they are.
        for (const item of page?.items ?? []) items.push({ ...item, apiVersion: kind.apiVersion, kind: kind.kind })
        next = page?.metadata?.continue
      } while (next)
      return items
    },
    apply: async <T extends Obj>(kind: Kind, object: Obj, manager: string, subresource?: 'status') =>
      (await patch(kind, object, manager, { subresource })) as T,
    tryApply: async (kind, object, manager) => void (await patch(kind, object, manager, { dryRun: 'All' })),
    async remove(ref, uid) {
      const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid }, propagationPolicy: 'Background' }
      await ask('DELETE', pathOf(ref, ref.namespace, ref.name), { body }).catch((error: unknown) => {
        if (!(error instanceof ApiError && error.status === 409)) throw error // 409: another uid, so ours is gone
      })
    },
  }
}

function pathOf(kind: Kind, namespace?: string, name?: string): string {
  const root = kind.apiVersion.includes('/') ? `/apis/${kind.apiVersion}` : `/api/${kind.apiVersion}`
  const inside = namespace === undefined || kind.clusterScoped ? '' : `/namespaces/${encodeURIComponent(namespace)}`
  return `${root}${inside}/${kind.plural}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`
}

function refusal(status: number, body: string): ApiError {
  try {
    const { reason, message } = JSON.parse(body) as { reason?: string; message?: string }
    return new ApiError(status, reason ?? 'Unknown', message ?? body.slice(0, 500))
  } catch {
    return new ApiError(status, 'Unknown', body.slice(0, 500))
  }
}
