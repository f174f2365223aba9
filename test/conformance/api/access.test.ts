import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Account } from '../../../functions/core/access.ts'
import { openServer, type Server } from './server.ts'
import { bot, configMap, core, ours } from './things.ts'

let server: Server
let tenant: string
let stranger: string
beforeAll(async () => {
  server = await openServer()
  tenant = await server.tenant()
  stranger = await server.namespace()
  await server.send('POST', ours(tenant, 'bots'), { body: bot('a') })
})
afterAll(() => server.close())

const applied = 'application/apply-patch+yaml'

describe('an account may do what its Role says, where it is bound', () => {
  const rows: readonly (readonly [Account, string, () => string, number])[] = [
    ['front-door', 'GET', () => ours(tenant, 'bots', 'a'), 200],
    ['front-door', 'GET', () => core(tenant, 'secrets', 'none'), 404],
    ['front-door', 'GET', () => ours(tenant, 'bots'), 403],
    ['front-door', 'GET', () => core(stranger, 'secrets', 'none'), 403],
    ['front-door', 'GET', () => '/apis/linebot.dev/v1alpha1/bots', 403],
    ['front-door', 'DELETE', () => ours(tenant, 'bots', 'a'), 403],
    ['bot-controller', 'GET', () => '/apis/linebot.dev/v1alpha1/bots', 200],
    ['bot-controller', 'GET', () => ours(stranger, 'bots'), 200],
    ['bot-controller', 'GET', () => `/api/v1/namespaces/${tenant}`, 200],
    ['bot-controller', 'GET', () => '/api/v1/namespaces', 403],
    ['bot-controller', 'GET', () => core(tenant, 'configmaps'), 200],
    ['bot-controller', 'GET', () => core(tenant, 'configmaps', 'a'), 403],
    ['bot-controller', 'GET', () => core(stranger, 'configmaps'), 403],
    ['event-controller', 'GET', () => '/api/v1/namespaces', 200],
    ['source', 'GET', () => `${ours(tenant, 'bots')}?watch=true&timeoutSeconds=1`, 200],
    ['event-controller', 'GET', () => `${ours(tenant, 'bots')}?watch=true&timeoutSeconds=1`, 403],
  ]

  it.each(rows)('%s %s %s', async (as, method, path, status) => {
    expect((await server.send(method, path(), { as })).status).toBe(status)
  })

  it('a Role that names objects holds for these', async () => {
    const path = (name: string) => `/apis/serving.knative.dev/v1/namespaces/linebot-system/services/${name}`
    expect((await server.send('GET', path('another'), { as: 'bot-controller' })).status).toBe(403)
    expect([200, 404]).toContain((await server.send('GET', path('front-door'), { as: 'bot-controller' })).status)
  })

  it('status is a right of its own', async () => {
    const body = { ...bot('a'), status: { observedGeneration: 1 } }
    const write = (path: string) =>
      server.send('PATCH', `${path}?fieldManager=bot-controller&force=true`, {
        body,
        type: applied,
        as: 'bot-controller',
      })
    expect((await write(`${ours(tenant, 'bots', 'a')}/status`)).status).toBe(200)
    expect((await write(ours(tenant, 'bots', 'a'))).status).toBe(403)
  })

  it('to apply what is not there, one must be allowed to create it', async () => {
    const write = (namespace: string, as: 'bot-controller' | 'event-controller') =>
      server.send('PATCH', `${core(namespace, 'configmaps', 'a')}?fieldManager=x`, {
        body: configMap('a'),
        type: applied,
        as,
      })
    expect((await write(tenant, 'event-controller')).status).toBe(201)
    expect((await write(tenant, 'bot-controller')).status).toBe(403)
    expect((await write(stranger, 'event-controller')).status).toBe(403)
  })

  it('and is told who may not do what', async () => {
    expect(await server.send('POST', ours(tenant, 'bots'), { as: 'front-door', body: bot('b') })).toMatchObject({
      status: 403,
      body: {
        reason: 'Forbidden',
        message: `bots.linebot.dev is forbidden: User "system:serviceaccount:linebot-system:front-door" cannot create resource "bots" in API group "linebot.dev" in the namespace "${tenant}"`,
      },
    })
    const { body } = await server.send('GET', '/api/v1/secrets', { as: 'front-door' })
    expect(body.message).toBe(
      'secrets is forbidden: User "system:serviceaccount:linebot-system:front-door" cannot list resource "secrets" in API group "" at the cluster scope',
    )
  })
})

it('a token that nobody gave is refused', async () => {
  const answer = await server.send('GET', '/api/v1/namespaces', { headers: { authorization: 'Bearer made-up' } })
  expect(answer).toMatchObject({
    status: 401,
    body: { kind: 'Status', reason: 'Unauthorized', message: 'Unauthorized' },
  })
})
