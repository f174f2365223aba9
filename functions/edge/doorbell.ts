import { CloudEvent, HTTP } from 'cloudevents'
import type { Change } from '../core/change.ts'
import { systemNamespace } from '../core/names.ts'
import { makeExchange } from './exchange.ts'

/** What a CloudEvent at a controller's door means. */
export type Ring =
  /**
   * Look at this object; `found` by a sweep: nobody had told of it, so ask the outside world anew too. `at`: when it was
   * told first, in milliseconds since the epoch; every try of the Broker has the same.
   */
  | { readonly means: 'change'; readonly change: Change; readonly found: boolean; readonly at?: number }
  /**
   * Look at everything. `hourly`: the clock rang; else the source has just begun to listen and may have missed changes,
   * or one of our own functions is another one: its image is the bots', its URL is LINE's.
   */
  | { readonly means: 'sweep'; readonly hourly: boolean }

const foundType = 'dev.linebot.sweep.found'

/** Reads a CloudEvent in any HTTP mode; undefined = not one that a controller knows. */
export function read(headers: Record<string, string>, body: string): Ring | undefined {
  const event = parse(headers, body)
  if (!event) return undefined
  if (event.type === 'dev.knative.sources.ping') return { means: 'sweep', hourly: true }
  const { apiversion, kind, namespace, name } = event
  const named = [apiversion, kind, namespace, name].every((part) => typeof part === 'string' && part !== '')
  if (!named || !(event.type.startsWith('dev.knative.apiserver.') || event.type === foundType)) return undefined
  // The source announces its own Deployment when its adapter begins to watch: what changed before, it never tells.
  // A tenant may have a Deployment with that label too, and may not make us look at everybody.
  if (namespace === systemNamespace && (kind === 'Deployment' || kind === 'Service')) {
    return { means: 'sweep', hourly: false }
  }
  const change = {
    apiVersion: String(apiversion),
    kind: String(kind),
    namespace: String(namespace),
    name: String(name),
  }
  // From the header: an event without a time gets today's where it is parsed.
  const at = Date.parse(headers['ce-time'] ?? '')
  return { means: 'change', change, found: event.type === foundType, ...(!Number.isNaN(at) && { at }) }
}

function parse(headers: Record<string, string>, body: string): CloudEvent<unknown> | undefined {
  try {
    const event = HTTP.toEvent<unknown>({ headers, body })
    return Array.isArray(event) ? undefined : new CloudEvent<unknown>(event)
  } catch {
    return undefined
  }
}

const exchange = makeExchange()

/** Rings for an object that a sweep found unsettled. `sink` is the Broker's URL, `source` who swept. Throws when it is not taken. */
export async function ringFor(change: Change, source: string, sink: string): Promise<void> {
  const { apiVersion: apiversion, kind, namespace, name } = change
  const { headers, body } = HTTP.binary(
    new CloudEvent<unknown>({ type: foundType, source, apiversion, kind, namespace, name }),
  )
  const { status } = await exchange({
    method: 'POST',
    url: new URL(sink),
    // Made of strings: HTTP.binary types its headers wider than it writes them.
    headers: headers as Record<string, string>,
    body: Buffer.from(String(body ?? '')),
    // One that is kept may be dead by the next sweep.
    agent: false,
    timeoutMs: 10_000,
    maxAnswerBytes: 64 * 1024,
  })
  if (status >= 300) throw new Error(`the Broker answered ${status}`)
}
