import type { IncomingMessage, ServerResponse } from 'node:http'
import { authorize } from './access.ts'
import type { Ask, Subresource } from './ask.ts'
import { parseBody, readBody } from './body.ts'
import { discover } from './discovery.ts'
import type { Written } from './finish.ts'
import { liveFor } from './given.ts'
import { keptNotice, refuseRewritten } from './notices.ts'
import { formOf, list, read } from './read.ts'
import { Refusal, statusOf } from './refusal.ts'
import { remove } from './remove.ts'
import { resourceAt } from './resources.ts'
import type { Store } from './store.ts'
import { watch } from './watch.ts'
import { create, type PatchType, patch, replace, unsupported } from './write.ts'

/** Answers one request of a user; without a user it is the administrator's. */
export async function serve(
  store: Store,
  user: string | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://localhost')
  const ask = askOf(pathname, query, request.headers['user-agent'] ?? '')
  if (!ask) return answerOther(pathname, response)
  const verb = verbOf(request.method ?? '', ask)
  if (user !== undefined) authorize(store, user, verb, ask)
  if (verb === 'watch') return watch(store, ask, formOf(request.headers.accept), response)
  const type = request.headers['content-type'] ?? 'application/json'
  const sent = parseBody(await readBody(request), type)
  const kept = keptNotice(ask, sent)
  if (kept && verb === 'patch') refuseRewritten(ask, liveFor(store, kept.ask), Object(kept.body))
  const { ask: to, body, answer } = kept ?? { ask, body: sent, answer: (object: object) => object }
  // From here to the answer nothing waits: a write sees what it changes.
  switch (verb) {
    case 'get':
      return json(response, 200, answer(read(store, to, formOf(request.headers.accept))))
    case 'list':
      return json(response, 200, answer(list(store, to, formOf(request.headers.accept))))
    case 'create':
      return written(response, create(store, to, body), answer)
    case 'update':
      return written(response, replace(store, to, body), answer)
    case 'patch':
      if (user !== undefined && type.startsWith('application/apply') && !liveFor(store, to)) {
        authorize(store, user, 'create', ask)
      }
      return written(response, patch(store, to, body, patchTypeOf(type)), answer)
    case 'delete':
      return json(response, 200, remove(store, to, body))
  }
}

type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete'

/** `/apis/GROUP/VERSION[/namespaces/NAMESPACE]/PLURAL[/NAME[/SUBRESOURCE]]`; undefined where it is no object's. */
function askOf(pathname: string, query: URLSearchParams, userAgent: string): Ask | undefined {
  const parts = pathname.split('/').slice(1).map(decodeURIComponent)
  const rest = parts[0] === 'api' ? parts.slice(2) : parts.slice(3)
  const apiVersion = parts[0] === 'api' ? parts[1] : parts.slice(1, 3).join('/')
  if (!['api', 'apis'].includes(parts[0] ?? '') || apiVersion === undefined || rest.length === 0) return undefined
  const inside = rest[0] === 'namespaces' && rest.length > 2 && !(apiVersion === 'v1' && rest[2] === 'status')
  const [plural = '', name, subresource] = inside ? rest.slice(2) : rest
  const resource = resourceAt(apiVersion, plural)
  if (!resource) return undefined
  if (subresource !== undefined && !isSubresource(subresource)) return undefined
  if (subresource === 'scale' && !resource.scale) return undefined
  return {
    resource,
    query,
    userAgent,
    ...(inside && rest[1] !== undefined && { namespace: rest[1] }),
    ...(name !== undefined && { name }),
    ...(subresource && { subresource }),
  }
}

const isSubresource = (text: string): text is Subresource => text === 'status' || text === 'scale'

function verbOf(method: string, { name, query }: Ask): Verb {
  const watches = ['true', '1'].includes(query.get('watch') ?? '')
  const verbs: Readonly<Record<string, Verb>> =
    name === undefined
      ? { GET: watches ? 'watch' : 'list', POST: 'create' }
      : { GET: 'get', PUT: 'update', PATCH: 'patch', DELETE: 'delete' }
  const verb = verbs[method]
  if (verb) return verb
  throw new Refusal(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {})
}

function patchTypeOf(contentType: string): PatchType {
  const types: Readonly<Record<string, PatchType>> = {
    'application/json-patch+json': 'json',
    'application/merge-patch+json': 'merge',
    'application/strategic-merge-patch+json': 'strategic',
    'application/apply-patch+yaml': 'apply',
  }
  const type = types[contentType.split(';')[0]?.trim() ?? '']
  if (!type) throw unsupported()
  return type
}

function answerOther(pathname: string, response: ServerResponse): void {
  const found = discover(pathname.replace(/(.)\/$/, '$1'))
  if (typeof found === 'object') return json(response, 200, found)
  response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'text/plain; charset=utf-8' })
  response.end(found ?? '404 page not found\n')
}

function written(response: ServerResponse, { status, object, warnings }: Written, answer: (object: object) => object) {
  if (warnings.length > 0) {
    response.setHeader(
      'warning',
      warnings.map((text) => `299 - ${JSON.stringify(text)}`),
    )
  }
  json(response, status, answer(object))
}

export function json(response: ServerResponse, status: number, body: object): void {
  const bytes = Buffer.from(JSON.stringify(body))
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length })
  response.end(bytes)
}

/** Says why in the form that clients read. */
export function refuse(response: ServerResponse, error: unknown): void {
  const refusal =
    error instanceof Refusal
      ? error
      : new Refusal(500, 'InternalError', error instanceof Error ? error.message : String(error))
  if (response.headersSent) response.destroy()
  else json(response, refusal.status, statusOf(refusal))
}
