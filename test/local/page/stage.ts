import { once } from 'node:events'
import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Obj } from '../../../functions/core/object.ts'
import type { Objects } from '../../../functions/local/apiserver/store.ts'
import { startLine } from '../../../functions/local/line/start.ts'
import type { LocalHappening } from '../../../functions/local/page/happenings.ts'
import { makePage } from '../../../functions/local/page/page.ts'
import { startBot } from '../line/bot.ts'

/** A page with everything around it played: a bot that knows what it is told here, and an API server's objects. */

export const channel = {
  id: '1000000001',
  secret: 'secret',
  name: 'Hello',
  accessToken: 'token',
  bot: 'default/hello',
}

type Listener<T> = (value: T) => void

const makeTeller = <T>() => {
  const listeners = new Set<Listener<T>>()
  return {
    tell: (value: T): void => listeners.forEach((listener) => listener(value)),
    on: (listener: Listener<T>) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

type Change = Parameters<Parameters<Objects['onChange']>[0]>[0]

export const makeObjects = (...given: readonly Obj[]) => {
  const all = new Map<string, Obj>()
  const { tell, on } = makeTeller<Change>()
  const keyOf = ({ kind, metadata }: Obj) => `${kind} ${metadata.namespace}/${metadata.name}`
  const set = (object: Obj): void => {
    const verb = all.has(keyOf(object)) ? 'update' : 'add'
    all.set(keyOf(object), object)
    tell({ verb, object })
  }
  const remove = (object: Obj): void => {
    all.delete(keyOf(object))
    tell({ verb: 'delete', object })
  }
  for (const object of given) set(object)
  const objects: Objects = {
    onChange: on,
    get: ({ kind, namespace, name }) => all.get(`${kind} ${namespace}/${name}`),
    list: ({ apiVersion, kind }) =>
      [...all.values()].filter((object) => object.kind === kind && object.apiVersion === apiVersion),
  }
  return { objects, set, remove }
}

export const condition = (type: string, status: string, reason: string, message = '') => ({
  type,
  status,
  reason,
  message,
})

/** An object of ours in the namespace `default`. */
export const object = (kind: string, name: string, spec: object, ...conditions: object[]): Obj & { spec: object } => ({
  apiVersion: kind === 'Service' ? 'serving.knative.dev/v1' : 'linebot.dev/v1alpha1',
  kind,
  metadata: { namespace: 'default', name, generation: 1 },
  spec,
  ...(conditions.length > 0 ? { status: { conditions } } : {}),
})

interface IncomingEvent {
  readonly type: string
  readonly webhookEventId: string
  readonly replyToken?: string
  readonly message?: { readonly text?: string }
  readonly postback?: { readonly data: string; readonly params?: object }
}

/** What the bot answers, or undefined. */
export type Answers = (event: IncomingEvent) => readonly object[] | undefined

interface Told {
  /** `EVENT/INDEX` by what was written. */
  readonly rules?: Readonly<Record<string, string>>
  readonly wakeMs?: number
}

/** Everything, listening. `wake` happens on each webhook that finds no pod. */
export const openStage = async (answers: Answers, objects?: Objects, { rules = {}, wakeMs = 0 }: Told = {}) => {
  const line = await startLine({ channels: [channel], httpWebhooks: true })
  const local = makeTeller<LocalHappening>()
  const bot = { namespace: 'default', service: 'hello' } as const
  let pods = 0
  const setPods = (count: number, starting = 0): void => {
    pods = count
    local.tell({ kind: 'serving', ...bot, pods: count, starting })
  }
  const reply = (replyToken: string, messages: readonly object[]) =>
    fetch(`${line.url}/v2/bot/message/reply`, {
      method: 'POST',
      headers: { authorization: 'Bearer token', 'content-type': 'application/json' },
      body: JSON.stringify({ replyToken, messages }),
    })
  const work = async (event: IncomingEvent): Promise<void> => {
    if (pods === 0) {
      setPods(0, 1)
      await new Promise((resolve) => setTimeout(resolve, wakeMs))
      setPods(1)
    }
    const messages = event.replyToken === undefined ? undefined : answers(event)
    if (messages && event.replyToken !== undefined) await reply(event.replyToken, messages)
    const keyword = event.message?.text
    const rule = rules[keyword ?? event.type] ?? 'default/0'
    const fields = messages
      ? { message: 'Incoming was answered', rule, binding: 'hello', ...(keyword === undefined ? {} : { keyword }) }
      : { message: 'Incoming was unmatched' }
    local.tell({
      kind: 'log',
      ...bot,
      line: JSON.stringify({ ...fields, webhookEventId: event.webhookEventId, ms: 4 }),
    })
  }
  const server = await startBot((response) => {
    const status = /status=(\d+)/.exec(server.received.at(-1)?.url ?? '')?.[1]
    response.writeHead(Number(status ?? 200)).end()
    if (status !== undefined) return
    const { events } = JSON.parse(String(server.received.at(-1)?.body))
    for (const event of events) void work(event)
  })
  const page = makePage({ platform: line.platform, objects, happenings: local })
  const http = createServer(getRequestListener(page.app.fetch, { overrideGlobalObjects: false })).listen(0, '127.0.0.1')
  await once(http, 'listening')
  const address = http.address()
  const register = () =>
    fetch(`${line.url}/v2/bot/channel/webhook/endpoint`, {
      method: 'PUT',
      headers: { authorization: 'Bearer token', 'content-type': 'application/json' },
      body: JSON.stringify({ endpoint: `${server.origin}/webhook/default/hello` }),
    })
  await register()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    line,
    bot: server,
    setPods,
    close: async () => {
      page.close()
      http.close()
      http.closeAllConnections()
      await server.close()
      await line.close()
    },
  }
}
