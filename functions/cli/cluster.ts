import type { KubernetesObject } from '@kubernetes/client-node'
import type { Kind, Ref, Stored } from '../core/object.ts'
import { isObject } from '../core/shape.ts'
import { kubeconfig } from './kubeconfig.ts'

/** What the commands ask of the cluster that the user's kubeconfig names. */
export interface Cluster {
  /** Names of the API groups that it serves. */
  groups(): Promise<string[]>
  /** The object's labels, or undefined where there is no such namespace. */
  labelsOf(namespace: string): Promise<Readonly<Record<string, string>> | undefined>
  /** Server-side apply: the fields in the object become so, others stay. */
  apply(object: KubernetesObject): Promise<void>
  /** Takes a label off a namespace; that it has none is fine. */
  unlabel(namespace: string, label: string): Promise<void>
  /** That it is gone already is fine. */
  remove(object: KubernetesObject): Promise<void>
}

const manager = 'linebot'

/** What the commands read of it. */
export interface Reader {
  /** Of the user's context. */
  readonly namespace: string
  /** undefined where there is none. */
  get<T>(ref: Ref): Promise<Stored<T> | undefined>
  list<T>(kind: Kind, namespace: string): Promise<Stored<T>[]>
}

export async function readerOfUser(): Promise<Reader> {
  const { client, config } = await kubeconfig()
  const objects = client.KubernetesObjectApi.makeApiClient(config)
  return {
    namespace: config.getContextObject(config.getCurrentContext())?.namespace ?? 'default',
    get: async <T>({ apiVersion, kind, namespace, name }: Ref) =>
      // The API server judged it against the schema that the type is inferred from.
      (await unlessGone(objects.read({ apiVersion, kind, metadata: { name, ...(namespace && { namespace }) } }))) as
        | Stored<T>
        | undefined,
    list: async <T>({ apiVersion, kind }: Kind, namespace: string) => {
      const { items } = await inWords(objects.list(apiVersion, kind, namespace))
      // As above; a list's items do not say what they are.
      return items.map((item): object => ({ ...item, apiVersion, kind })) as Stored<T>[]
    },
  }
}

export async function clusterOfUser(): Promise<Cluster> {
  const { client, config } = await kubeconfig()
  const objects = client.KubernetesObjectApi.makeApiClient(config)
  const { ServerSideApply, MergePatch } = client.PatchStrategy
  return {
    groups: async () => {
      const { groups } = await inWords(config.makeApiClient(client.ApisApi).getAPIVersions())
      return groups.map(({ name }) => name)
    },
    labelsOf: async (name) => {
      const found = await unlessGone(config.makeApiClient(client.CoreV1Api).readNamespace({ name }))
      return found && (found.metadata?.labels ?? {})
    },
    apply: async (object) => {
      await inWords(objects.patch(object, undefined, undefined, manager, true, ServerSideApply))
    },
    unlabel: async (name, label) => {
      const without = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: nulled(label) } }
      await inWords(objects.patch(without, undefined, undefined, manager, undefined, MergePatch))
    },
    remove: async (object) => {
      await unlessGone(objects.delete(object))
    },
  }
}

/** A merge patch takes away what is null, which the client's types do not know. */
const nulled = (label: string): Record<string, string> => JSON.parse(JSON.stringify({ [label]: null }))

/** The client's errors hold a whole HTTP exchange; the API server's own sentence is what helps. */
async function inWords<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (error) {
    const { cause = error } = error instanceof Error ? error : {}
    const silence = `the API server does not answer: ${cause instanceof Error ? cause.message : cause}`
    throw new Error(sentenceOf(error) ?? silence, { cause: error })
  }
}

async function unlessGone<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await inWords(asked)
  } catch (error) {
    if (error instanceof Error && isObject(error.cause) && error.cause.code === 404) return undefined
    throw error
  }
}

/** The message of the Status that the API server answered with, which the client leaves as JSON here and there. */
function sentenceOf(error: unknown): string | undefined {
  const body = isObject(error) ? error.body : undefined
  const status: unknown = typeof body === 'string' && body.startsWith('{') ? JSON.parse(body) : body
  return isObject(status) && typeof status.message === 'string' ? status.message : undefined
}
