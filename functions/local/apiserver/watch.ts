import type { ServerResponse } from 'node:http'
import type { Ask } from './ask.ts'
import { expired, type Form, selectorOf } from './read.ts'
import { badRequest, statusOf } from './refusal.ts'
import type { Change, Store } from './store.ts'
import { metadataOf, tableOf } from './table.ts'
import type { Thing } from './thing.ts'

type WatchType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'

/** Streams changes, one JSON object a line, until the client goes or its time is up. */
export function watch(store: Store, ask: Ask, form: Form, response: ServerResponse): void {
  const { resource, namespace, query } = ask
  const selects = selectorOf(ask)
  const from = query.get('resourceVersion') ?? ''
  if (!/^\d*$/.test(from)) throw badRequest(`invalid resource version ${from}`)
  const send = (type: WatchType, object: object) => response.write(`${JSON.stringify({ type, object })}\n`)
  const tell = (type: WatchType, thing: Thing) => send(type, shown(ask, form, thing))
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' })
  response.flushHeaders()

  const initial = from === '' || from === '0' || query.get('sendInitialEvents') === 'true'
  const missed = initial ? [] : store.since(Number(from))
  if (!missed) {
    send('ERROR', statusOf(expired(Number(from), store.version)))
    response.end()
    return
  }
  const follow = ({ verb, resource: changed, object, previous }: Change) => {
    if (changed !== resource || (namespace !== undefined && object.metadata.namespace !== namespace)) return
    const [was, is] = [previous && selects(previous), verb !== 'delete' && selects(object)]
    if (is) tell(was ? 'MODIFIED' : 'ADDED', object)
    else if (was) tell('DELETED', object)
  }
  if (initial) for (const thing of store.list(resource, namespace).filter(selects)) tell('ADDED', thing)
  if (query.get('sendInitialEvents') === 'true') send('BOOKMARK', bookmark(ask, store.version))
  missed.forEach(follow)
  const stop = store.onChange(follow)
  const seconds = Number(query.get('timeoutSeconds') ?? 0) || 30 * 60
  const timer = setTimeout(() => response.end(), seconds * 1000)
  response.on('close', () => {
    stop()
    clearTimeout(timer)
  })
}

function shown({ resource }: Ask, form: Form, thing: Thing): object {
  const { resourceVersion } = thing.metadata
  if (form === 'Table') return tableOf(resource, [thing], { resourceVersion }, Date.now())
  return form === 'object' ? thing : metadataOf(thing)
}

/** Says that all which was there has been told. */
const bookmark = ({ resource: { kind, apiVersion } }: Ask, version: number) => ({
  kind,
  apiVersion,
  metadata: { resourceVersion: String(version), annotations: { 'k8s.io/initial-events-end': 'true' } },
})
