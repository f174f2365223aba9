import type { Ask } from './ask.ts'
import { badRequest, notFound, Refusal } from './refusal.ts'
import type { Resource } from './resources.ts'
import { scaleOf } from './scale.ts'
import { fieldSelector, labelSelector, type Selects } from './selector.ts'
import type { Store } from './store.ts'
import { metadataOf, tableOf } from './table.ts'
import { type Thing, without } from './thing.ts'

/** How the answer is wanted: what `as=` in an Accept header says. */
export type Form = 'object' | 'Table' | 'PartialObjectMetadata'

/** The first form in the Accept header that is known. */
export function formOf(accept = ''): Form {
  for (const one of accept.split(',')) {
    const as = /;\s*as=(\w+)/.exec(one)?.[1]
    if (as === 'Table') return 'Table'
    if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') return 'PartialObjectMetadata'
    if (!as && /^\s*(application\/(json|\*)|\*\/\*)/.test(one)) return 'object'
  }
  return 'object'
}

export function read(store: Store, { resource, namespace, name = '', subresource }: Ask, form: Form): object {
  const thing = store.get(resource, namespace, name)
  if (!thing) throw notFound(resource, name)
  if (subresource === 'scale') return scaleOf(resource, thing)
  if (form === 'Table') return tableOf(resource, [thing], versionOf(thing), Date.now())
  return form === 'object' ? thing : metadataOf(thing)
}

const versionOf = ({ metadata: { resourceVersion } }: Thing) => ({ resourceVersion })

export const selectorOf = ({ query, resource }: Ask): Selects => {
  const byLabel = labelSelector(query.get('labelSelector'))
  const byField = fieldSelector(query.get('fieldSelector'), resource)
  return (thing) => byLabel(thing) && byField(thing)
}

interface Page {
  readonly version: string
  /** Namespace and name of the last one given. */
  readonly after: string
}

export function list(store: Store, ask: Ask, form: Form): object {
  const { resource, namespace, query } = ask
  const limit = Number(query.get('limit') ?? 0)
  const page = pageOf(query.get('continue'))
  const selected = store.list(resource, namespace).filter(selectorOf(ask))
  const rest = page ? selected.filter((thing) => placeOf(thing) > page.after) : selected
  const things = limit > 0 ? rest.slice(0, limit) : rest
  const last = things.at(-1)
  const resourceVersion = page?.version ?? String(store.version)
  const left = rest.length - things.length
  const metadata = {
    ...(left > 0 && last && { continue: token({ version: resourceVersion, after: placeOf(last) }) }),
    ...(left > 0 && !query.get('labelSelector') && !query.get('fieldSelector') && { remainingItemCount: left }),
    resourceVersion,
  }
  if (form === 'Table') return tableOf(resource, things, metadata, Date.now())
  if (form === 'PartialObjectMetadata') {
    return { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata, items: things.map(metadataOf) }
  }
  const { kind, apiVersion } = resource
  return { kind: `${kind}List`, apiVersion, metadata, items: things.map((thing) => itemOf(resource, thing)) }
}

/** Only items of custom resources say what they are. */
const itemOf = ({ custom }: Resource, thing: Thing) => (custom ? thing : without(thing, 'apiVersion', 'kind'))

const placeOf = ({ metadata: { namespace, name } }: Thing) => `${namespace ?? ''}\n${name}`

const token = (page: Page) => Buffer.from(JSON.stringify(page)).toString('base64url')

function pageOf(text: string | null): Page | undefined {
  if (!text) return undefined
  try {
    const { version, after } = JSON.parse(Buffer.from(text, 'base64url').toString())
    if (typeof version === 'string' && typeof after === 'string') return { version, after }
  } catch {
    // Said below.
  }
  throw badRequest('continue key is not valid')
}

export const expired = (asked: number, oldest: number): Refusal =>
  new Refusal(410, 'Expired', `too old resource version: ${asked} (${oldest})`)
