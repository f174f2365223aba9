import { installed } from '../../build/manifest.ts'
import { bindingsOf } from '../../core/bound.ts'
import { label, systemNamespace } from '../../core/names.ts'
import type { Obj, Stored } from '../../core/object.ts'
import type { EventBinding } from '../../core/resources/binding.ts'
import type { Bot } from '../../core/resources/bot.ts'
import type { EventResource } from '../../core/resources/event.ts'
import { crdFor, kindNames } from '../../core/schema/crd.ts'
import { type Credentials, lineCredentials, type SecretObject } from '../../core/secret.ts'
import { isObject } from '../../core/shape.ts'
import { crowd } from '../../edge/crowd.ts'
import type { ChannelAnswers } from '../../edge/line/ask.ts'
import { type Read, Refused } from './api.ts'
import type { Reached } from './reach.ts'
import { documentsIn } from './shipped.ts'
import { type ForwardTarget, targetsOf } from './targets.ts'

/** An object with what Knative says of it. */
export interface Part extends Obj {
  readonly spec?: unknown
  readonly status?: {
    readonly url?: string
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[]
  }
}

/** What the user may look at: `NAMESPACE`, `NAMESPACE/BOT`, or everything that opted in. */
export interface Target {
  readonly namespace?: string | undefined
  readonly bot?: string | undefined
}

/** An object of this release, and what the cluster has of its name. */
export interface Pair {
  readonly wanted: Obj
  readonly live: Obj | undefined
}

export interface NamespaceSeen {
  readonly name: string
  readonly label: string | undefined
  /** Its RoleBindings. */
  readonly bindings: readonly Obj[]
}

export interface BotSeen {
  readonly bot: Stored<Bot>
  /** Those that it uses. */
  readonly bindings: readonly EventBinding[]
  /** Whom its rules forward to. */
  readonly targets: readonly TargetSeen[]
  readonly secret?: SecretObject | undefined
  /** Absent = LINE was not asked, for there is no Secret, or not a whole one. */
  readonly channel?: ChannelAnswers
}

export interface TargetSeen extends ForwardTarget {
  readonly live: Part | undefined
}

/** Everything that the checks judge. */
export interface Facts {
  /** Kubernetes', as in `v1.35.4`. */
  readonly version: string
  readonly groups: readonly string[]
  /** Labels of Knative's own CRDs say its versions. */
  readonly knative: {
    readonly serving: string | undefined
    readonly eventing: string | undefined
    /** Settings of the cluster, as written there; absent = by default, or the user may not read them. */
    readonly localTls?: string | undefined
    readonly transport?: string | undefined
  }
  /** What the API server checks objects of our kinds against, by CRD. */
  readonly definitions: ReadonlyMap<string, unknown>
  /** What Knative runs and connects in this release, and what it does in linebot-system. */
  readonly shipped: readonly Part[]
  readonly parts: readonly Part[]
  /** What else this release consists of, but for the definitions of our kinds. */
  readonly installed: readonly Pair[]
  readonly lineApi: string
  readonly publicUrl: string | undefined
  /** By name; undefined = asked for, and not there. */
  readonly namespaces: ReadonlyMap<string, NamespaceSeen | undefined>
  /** All that were asked for. */
  readonly bots: readonly BotSeen[]
  readonly target: Target
  /** By URL, of every place that LINE is to call. */
  readonly reached: ReadonlyMap<string, Reached>
  readonly refused: readonly Refusal[]
}

/** What the API server did not let the user read, or could not tell just then. */
export interface Refusal {
  /** What it was asked for. */
  readonly path: string
  readonly forbidden: boolean
  readonly message: string
}

export interface Senses {
  readonly read: Read
  readonly reach: (url: string) => Promise<Reached>
  readonly askLine: (baseUrl: string, credentials: Credentials, url: string | undefined) => Promise<ChannelAnswers>
}

/** Kinds that the wiring is made of, as the API server's paths have them. */
const kinds = [
  'eventing.knative.dev/v1/brokers',
  'eventing.knative.dev/v1/triggers',
  'sources.knative.dev/v1/apiserversources',
  'sources.knative.dev/v1/pingsources',
  'sources.knative.dev/v1/sinkbindings',
  'serving.knative.dev/v1/services',
] as const
export const wiredPlurals: readonly string[] = kinds.map((kind) => kind.split('/')[2] ?? '')
const wired = new Set<string | undefined>(kinds.map((kind) => kind.split('/')[0]))
const isWired = ({ apiVersion }: Obj): boolean => wired.has(apiVersion.split('/')[0])

/** `local mode` serves its own kinds of version, and no definitions. */
export const isLocal = ({ version }: Pick<Facts, 'version'>): boolean => version.endsWith('+linebot')

/** Whether they are the same thing, whatever is in it. */
export const isSame =
  ({ kind, metadata }: Part) =>
  (other: Part): boolean =>
    other.kind === kind && other.metadata.name === metadata.name

/** Whether nothing of linebot is there: one thing to mend, and no more. */
export const isAbsent = (facts: Facts): boolean =>
  !isLocal(facts) &&
  mayRead(facts, 'customresourcedefinitions', ...wiredPlurals) &&
  [...facts.definitions.values()].every((schema) => schema === undefined) &&
  !facts.shipped.some((one) => facts.parts.some(isSame(one)))

/** Whether all objects of a kind could be read. What was not seen is not judged; the refusal itself is told. */
export const mayRead = ({ refused }: Pick<Facts, 'refused'>, ...plurals: readonly string[]): boolean =>
  !refused.some(({ path }) => plurals.includes(pluralAt(path)))

/** Whether this one could not be read. */
export const wasRefused = ({ refused }: Pick<Facts, 'refused'>, path: string): boolean =>
  refused.some((one) => one.path === path)

/** Of an API's path, with a namespace or without, of one object or all; the last word of a path that is of no kind. */
function pluralAt(path: string): string {
  const [, plural] = /^\/api(?:s\/[^/]+)?\/[^/]+\/(?:namespaces\/[^/]+\/)?([^/?]+)/.exec(path) ?? []
  return plural ?? path.slice(path.lastIndexOf('/') + 1)
}

/** Reads all of it; rejects where the API server does not answer at all. */
export async function see({ read, reach, askLine }: Senses, target: Target): Promise<Facts> {
  const refused: Refusal[] = []
  const get = async <T>(path: string): Promise<T | undefined> => {
    try {
      // The API server's own shapes.
      return (await read(path)) as T | undefined
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      refused.push({ path, forbidden: error.status === 403, message: error.message })
      return undefined
    }
  }
  const list = async <T extends Obj>(path: string): Promise<T[]> => {
    const found = await get<{ items: T[]; kind: string; apiVersion: string }>(path)
    // A list's items do not say what they are.
    return (found?.items ?? []).map((one) => ({ ...one, kind: found?.kind.replace(/List$/, '') ?? '' }))
  }
  const { gitVersion: version } = await must<{ gitVersion: string }>(read('/version'))
  const groups = (await get<{ groups: { name: string }[] }>('/apis'))?.groups.map(({ name }) => name) ?? []
  const definition = (name: string) =>
    get<Obj & { spec: { versions: { schema?: { openAPIV3Schema?: unknown } }[] } }>(
      `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`,
    )
  // Of those who may not read Knative's own, most have nothing to do with it: what comes of it their Bots say too.
  const setting = async (name: string, key: string): Promise<string | undefined> => {
    const path = `/api/v1/namespaces/${name}`
    const found = await read(path).catch((error: unknown) => {
      if (!(error instanceof Refused)) throw error
    })
    const data = isObject(found) && isObject(found['data']) ? found['data'] : {}
    return typeof data[key] === 'string' ? data[key] : undefined
  }
  const versionOf = async (crd: string) => (await definition(crd))?.metadata.labels?.['app.kubernetes.io/version']
  const definitions = await Promise.all(
    kindNames.map(crdFor).map(async ({ metadata: { name } }) => {
      return [name, (await definition(name))?.spec.versions[0]?.schema?.openAPIV3Schema] as const
    }),
  )
  const parts = await Promise.all(
    kinds.map((kind) => {
      const [group, api, plural] = kind.split('/')
      return list<Part>(`/apis/${group}/${api}/namespaces/${systemNamespace}/${plural}`)
    }),
  )
  const shipped = documentsIn(installed())
  const config = await get<{ data?: Record<string, string> }>(
    `/api/v1/namespaces/${systemNamespace}/configmaps/linebot`,
  )
  const lineApi = config?.data?.['LINEBOT_LINE_API'] ?? 'https://api.line.me'
  const publicUrl = config?.data?.['LINEBOT_PUBLIC_URL']
  const bots = await seeBots(target, list, get)
  const seen = await some(bots, async (one) => {
    const credentials = lineCredentials(one.secret)
    if ('missing' in credentials) return one
    return { ...one, channel: await askLine(lineApi, credentials, one.bot.status?.url) }
  })
  const urls = [...new Set([publicUrl ?? frontDoorOf(parts.flat()), ...seen.map(({ bot }) => bot.status?.url)])]
  const reached = new Map<string, Reached>()
  const origins = new Set(urls.flatMap((url) => (url && URL.canParse(url) ? [new URL(url).origin] : [])))
  await crowd([...origins], 4, async (origin) => void reached.set(origin, await reach(origin)))
  return {
    version,
    groups,
    knative: {
      serving: await versionOf('services.serving.knative.dev'),
      eventing: await versionOf('brokers.eventing.knative.dev'),
      localTls: await setting('knative-serving/configmaps/config-network', 'cluster-local-domain-tls'),
      transport: await setting('knative-eventing/configmaps/config-features', 'transport-encryption'),
    },
    definitions: new Map(definitions),
    shipped: shipped.filter(isWired),
    parts: parts.flat(),
    installed: await seeInstalled(
      shipped.filter((one) => !isWired(one)),
      list,
    ),
    lineApi,
    publicUrl,
    namespaces: await seeNamespaces(target, bots, list, get),
    bots: seen,
    target,
    reached,
    refused,
  }
}

type Get = <T>(path: string) => Promise<T | undefined>
type List = <T extends Obj>(path: string) => Promise<T[]>

/** As its path in the API has it, and the API server's refusals. */
export const pluralOf = ({ kind }: Obj): string => `${kind.toLowerCase().replace(/y$/, 'ie')}s`

const collectionOf = (one: Obj): string => {
  const { namespace } = one.metadata
  const root = `${one.apiVersion.includes('/') ? '/apis' : '/api'}/${one.apiVersion}`
  return `${root}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${pluralOf(one)}`
}

/** A list for each kind: who may not read it is told so once. */
async function seeInstalled(wanted: readonly Obj[], list: List): Promise<Pair[]> {
  const paths = [...new Set(wanted.map(collectionOf))]
  const live = new Map(await some(paths, async (path) => [path, await list<Obj>(path)] as const))
  return wanted.map((one) => ({
    wanted: one,
    live: live.get(collectionOf(one))?.find(({ metadata }) => metadata.name === one.metadata.name),
  }))
}

const ours = '/apis/linebot.dev/v1alpha1'

async function seeBots({ namespace, bot }: Target, list: List, get: Get): Promise<BotSeen[]> {
  const within = namespace ? `${ours}/namespaces/${namespace}` : ours
  const all = await list<Stored<Bot>>(`${within}/bots`)
  const bindings = await list<Stored<EventBinding>>(`${within}/eventbindings`)
  const events = await list<Stored<EventResource>>(`${within}/events`)
  const wanted = all.filter(({ metadata }) => bot === undefined || metadata.name === bot)
  return some(wanted, async (one) => {
    const { namespace: of = '' } = one.metadata
    const used = bindingsOf(one, { bindings })
    const targets = await some(targetsOf(of, used, events), async (target) => ({
      ...target,
      live: await get<Part>(target.path),
    }))
    const secret = await get<SecretObject>(`/api/v1/namespaces/${of}/secrets/${one.spec.channel.secretName}`)
    return { bot: one, bindings: used, targets, secret }
  })
}

/** What becomes of each, in their order. A few at a time: an installation may have a thousand Bots. */
async function some<T, Result>(items: readonly T[], work: (item: T) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = []
  let failed = false
  await crowd([...items.entries()], 12, async ([index, item]) => {
    // Somebody waits, and an API server that does not answer for one answers for none.
    if (failed) return
    results[index] = await work(item).catch((error: unknown) => {
      failed = true
      throw error
    })
  })
  return results
}

/** The one that was asked for; else all that opted in, and those that have Bots all the same. */
async function seeNamespaces({ namespace }: Target, bots: readonly BotSeen[], list: List, get: Get) {
  const optedIn = await list<Obj>(`/api/v1/namespaces?labelSelector=${encodeURIComponent(`${label.bots}=true`)}`)
  const all = [...optedIn.map(({ metadata }) => metadata.name), ...bots.map(({ bot }) => bot.metadata.namespace ?? '')]
  const names = namespace ? [namespace] : [...new Set(all)]
  const seen = await some(names, async (name): Promise<[string, NamespaceSeen | undefined]> => {
    const found = await get<Obj>(`/api/v1/namespaces/${name}`)
    const bindings = await list<Obj>(`/apis/rbac.authorization.k8s.io/v1/namespaces/${name}/rolebindings`)
    if (!found) return [name, undefined]
    return [name, { name, label: found.metadata.labels?.[label.bots], bindings }]
  })
  return new Map(seen)
}

export const isFrontDoor = ({ kind, metadata }: Part): boolean => kind === 'Service' && metadata.name === 'front-door'
export const frontDoorOf = (parts: readonly Part[]): string | undefined => parts.find(isFrontDoor)?.status?.url

async function must<T>(asked: Promise<unknown>): Promise<T> {
  const found = await asked
  if (!isObject(found)) throw new Error('what answers is no API server of Kubernetes')
  // The API server's own shape.
  return found as T
}
