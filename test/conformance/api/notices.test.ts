import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Condition } from '../../../functions/core/condition.ts'
import { Notice } from '../../../functions/core/kinds.ts'
import { noticesFor } from '../../../functions/core/notice.ts'
import type { Obj } from '../../../functions/core/object.ts'
import { openServer, type Server } from './server.ts'
import { bot, core, ours } from './things.ts'

/** What the controllers tell of an object, and where `kubectl describe` looks for it. */

let server: Server
let namespace: string
let tenant: string
beforeAll(async () => {
  server = await openServer()
  namespace = await server.namespace()
  tenant = await server.tenant()
})
afterAll(() => server.close())

const condition: Condition = {
  type: 'Ready',
  status: 'False',
  reason: 'SecretMissing',
  message: 'create Secret s — 火龍',
  observedGeneration: 1,
  lastTransitionTime: '2026-01-01T00:00:00Z',
}

const seen = async (name: string, where = namespace) => (await server.send('GET', ours(where, 'bots', name))).body

function noticeOf(object: Obj, now = new Date()) {
  const [notice] = noticesFor(object, { before: undefined, after: [condition], by: 'bot-controller', now })
  if (!notice) throw new Error('there is none')
  return notice
}

const path = (where: string, name: string) => `/apis/events.k8s.io/v1/namespaces/${where}/events/${name}`
const apply = { type: 'application/apply-patch+yaml' }

describe('a Notice', () => {
  it('is shown where kubectl looks for it, in the words of core', async () => {
    await server.send('POST', ours(namespace, 'bots'), { body: bot('a') })
    const notice = noticeOf(await seen('a'))
    const applied = await server.cluster.apply(Notice, notice, 'linebot-bot-controller')
    expect(applied).toMatchObject(notice)
    const selector = 'involvedObject.kind=Bot,involvedObject.name=a'
    const { body } = await server.send(
      'GET',
      `${core(namespace, 'events')}?fieldSelector=${encodeURIComponent(selector)}`,
    )
    expect(body.items).toMatchObject([
      {
        involvedObject: notice.regarding,
        reason: 'SecretMissing',
        message: 'create Secret s — 火龍',
        type: 'Warning',
        action: 'Reconcile',
        reportingComponent: 'linebot.dev/bot-controller',
        reportingInstance: 'bot-controller',
        eventTime: notice.eventTime,
      },
    ])
    const listed = await server.send('GET', path(namespace, '').replace(/\/$/, ''))
    expect(listed.body.items).toMatchObject([{ note: notice.note, regarding: notice.regarding }])
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io'
    const table = await server.send('GET', core(namespace, 'events'), { accept })
    expect(table.body.rows[0].cells.slice(0, 4)).toEqual([
      expect.stringMatching(/^\d+s$/),
      'Warning',
      'SecretMissing',
      'bot/a',
    ])
  })

  it('that is told again is the same, and one that tells another time under its name is refused', async () => {
    await server.send('POST', ours(namespace, 'bots'), { body: bot('b') })
    const about = await seen('b')
    const notice = noticeOf(about, new Date('2026-01-01T00:00:00Z'))
    const first = await server.cluster.apply(Notice, notice, 'linebot-bot-controller')
    expect(await server.cluster.apply(Notice, notice, 'linebot-bot-controller')).toEqual(first)
    const later = noticeOf(about, new Date('2026-01-01T00:00:01Z'))
    expect(later.metadata.name).toBe(notice.metadata.name)
    await expect(server.cluster.apply(Notice, later, 'linebot-bot-controller')).rejects.toMatchObject({ status: 422 })
  })

  it.each([
    ['bot-controller', 201],
    ['event-controller', 201],
    ['front-door', 403],
  ] as const)('may be written in a tenant’s namespace by %s: %i', async (as, status) => {
    await server.send('POST', ours(tenant, 'bots'), { body: bot(as) })
    const notice = noticeOf(await seen(as, tenant))
    const query = `?fieldManager=${as}&force=true`
    const answer = await server.send('PATCH', path(tenant, notice.metadata.name) + query, {
      ...apply,
      body: notice,
      as,
    })
    expect(answer.status).toBe(status)
  })
})
