import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { connect } from './api.ts'

/** An object of any kind, as loosely as a story needs it. */
export interface Thing {
  readonly apiVersion?: string
  readonly kind?: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly uid?: string
    readonly resourceVersion?: string
    readonly generation?: number
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
    readonly deletionTimestamp?: string
    readonly ownerReferences?: readonly { readonly kind: string; readonly name: string }[]
  }
  // What is in them differs from kind to kind; a story says what it expects of them.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly spec?: any
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly status?: any
  readonly data?: Readonly<Record<string, string>>
}

const paths = {
  Bot: '/apis/linebot.dev/v1alpha1 bots',
  Event: '/apis/linebot.dev/v1alpha1 events',
  EventBinding: '/apis/linebot.dev/v1alpha1 eventbindings',
  Service: '/apis/serving.knative.dev/v1 services',
  Revision: '/apis/serving.knative.dev/v1 revisions',
  CoreService: '/api/v1 services',
  Secret: '/api/v1 secrets',
  ConfigMap: '/api/v1 configmaps',
  Pod: '/api/v1 pods',
  Deployment: '/apis/apps/v1 deployments',
  Broker: '/apis/eventing.knative.dev/v1 brokers',
  Trigger: '/apis/eventing.knative.dev/v1 triggers',
  ApiServerSource: '/apis/sources.knative.dev/v1 apiserversources',
  PingSource: '/apis/sources.knative.dev/v1 pingsources',
  SinkBinding: '/apis/sources.knative.dev/v1 sinkbindings',
} as const
export type Kind = keyof typeof paths

const send = await connect()

function pathOf(kind: Kind, namespace: string | undefined, name = ''): string {
  const [version, plural] = paths[kind].split(' ')
  return `${version}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${plural}${name && `/${name}`}`
}

async function ask(method: string, path: string, body?: unknown, type?: string): Promise<unknown> {
  const answer = await send(method, path, body, type === undefined ? {} : { 'content-type': type })
  if (answer.status < 300) return answer.body
  const said = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body)
  throw Object.assign(new Error(`${method} ${path}: ${answer.status} ${said}`), { status: answer.status })
}

/** Undefined = there is none. */
export async function get(kind: Kind, namespace: string, name: string): Promise<Thing | undefined> {
  try {
    // What the API server gives for a kind is that kind.
    return (await ask('GET', pathOf(kind, namespace, name))) as Thing
  } catch (error) {
    if (error instanceof Error && 'status' in error && error.status === 404) return undefined
    throw error
  }
}

/** In all namespaces when there is none given. */
export async function list(kind: Kind, namespace?: string, labels = ''): Promise<readonly Thing[]> {
  const path = `${pathOf(kind, namespace)}?labelSelector=${encodeURIComponent(labels)}`
  // A list has items.
  return ((await ask('GET', path)) as { items: Thing[] }).items
}

export const patch = (kind: Kind, namespace: string, name: string, change: unknown): Promise<unknown> =>
  ask('PATCH', pathOf(kind, namespace, name), change, 'application/merge-patch+json')

export const create = (kind: Kind, namespace: string, thing: unknown): Promise<unknown> =>
  ask('POST', `${pathOf(kind, namespace)}?fieldValidation=Strict`, thing)

/** Server-side apply, as `kubectl apply --server-side` does. */
export const apply = (kind: Kind, namespace: string, thing: Thing): Promise<unknown> =>
  ask(
    'PATCH',
    `${pathOf(kind, namespace, thing.metadata.name)}?fieldManager=story&force=true&fieldValidation=Strict`,
    thing,
    'application/apply-patch+yaml',
  )

export const remove = (kind: Kind, namespace: string, name: string): Promise<unknown> =>
  ask('DELETE', pathOf(kind, namespace, name))

export const raw = (path: string): Promise<unknown> => ask('GET', path)

/** A request as somebody else, with the status it got. */
export const statusAs = async (user: string, path: string): Promise<number> =>
  (await send('GET', path, undefined, { 'impersonate-user': user })).status

const execute = promisify(execFile)

/** Runs kubectl as a person would; rejects with what it said. */
export async function kubectl(...args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  return execute('kubectl', args, { maxBuffer: 64 * 1024 * 1024 })
}

/** kubectl with a document on its stdin. */
export async function kubectlWith(
  input: string,
  ...args: readonly string[]
): Promise<{ stdout: string; stderr: string }> {
  const running = execute('kubectl', args, { maxBuffer: 64 * 1024 * 1024 })
  running.child.stdin?.end(input)
  return running
}
