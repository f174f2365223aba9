import http from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ConfigMap, Namespace } from '../../../functions/core/kinds.ts'
import { connect } from '../../../functions/edge/cluster.ts'
import { type ApiServer, startApiServer } from '../../../functions/local/apiserver/start.ts'

let api: ApiServer
beforeAll(async () => {
  api = await startApiServer({ port: 0, names: ['bots.example'] })
})
afterAll(() => api.close())

const answer = (headers: http.OutgoingHttpHeaders, path = '/version') =>
  new Promise<number>((resolve, reject) => {
    http
      .get(new URL(path, api.url), { headers }, (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      })
      .on('error', reject)
  })

describe('only those are let in who come to this server by its name', () => {
  it.each([
    [{ host: 'localhost:1' }, 200],
    [{ host: '127.0.0.1' }, 200],
    [{ host: '[::1]:7071' }, 200],
    [{ host: 'bots.example' }, 200],
    [{ host: 'evil.example' }, 403],
    [{ host: 'localhost.evil.example' }, 403],
    [{ host: '127.0.0.1@evil.example' }, 403],
    [{ origin: 'http://localhost:7070' }, 200],
    [{ origin: 'http://bots.example' }, 200],
    [{ origin: 'http://evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{ authorization: 'Bearer made-up' }, 401],
  ])('%o: %i', async (headers, status) => {
    expect(await answer(headers, '/api/v1/namespaces')).toBe(status)
  })

  it('and no page is told that it may read an answer', async () => {
    const { headers } = await fetch(new URL('/version', api.url))
    expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([])
  })
})

it('has what config/ ships, and holds accounts to it', async () => {
  const names = api.objects.list(Namespace).map(({ metadata }) => metadata.name)
  expect(names).toEqual(['default', 'linebot-system'])
  const token = api.tokenFor('front-door')
  const door = connect({ server: api.url, token: () => token })
  await expect(door.list(Namespace)).rejects.toMatchObject({ status: 403, reason: 'Forbidden' })
})

it('tells others in the process of every write, in order', async () => {
  const heard: string[] = []
  const stop = api.objects.onChange(({ verb, object }) => heard.push(`${verb} ${object.kind} ${object.metadata.name}`))
  const cluster = connect({ server: api.url, token: () => '' })
  const ref = { ...ConfigMap, namespace: 'default', name: 'told' }
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'told', namespace: 'default' } }
  await cluster.apply(ConfigMap, { ...object, data: { a: 'b' } } as typeof object, 'one')
  await cluster.apply(ConfigMap, { ...object, data: { a: 'c' } } as typeof object, 'one')
  expect(api.objects.get(ref)).toMatchObject({ data: { a: 'c' } })
  await cluster.remove(ref, api.objects.get(ref)?.metadata.uid ?? '')
  expect(heard).toEqual(['add ConfigMap told', 'update ConfigMap told', 'delete ConfigMap told'])
  stop()
  await cluster.apply(ConfigMap, object, 'one')
  expect(heard).toHaveLength(3)
})

it('says that its port is taken', async () => {
  await expect(startApiServer({ port: Number(new URL(api.url).port) })).rejects.toMatchObject({ code: 'EADDRINUSE' })
})

it('starts with other objects when it is given some, and with Roles that differ', async () => {
  const other = await startApiServer({ port: 0, objects: [] })
  expect(other.objects.list(Namespace)).toEqual([])
  await other.close()
})

it('refuses a body that is too large', async () => {
  const response = await fetch(new URL('/api/v1/namespaces', api.url), {
    method: 'POST',
    body: 'x'.repeat(3 * 2 ** 20 + 1),
  })
  expect(response.status).toBe(413)
})

it.each([
  ['no JSON', '{', 'application/json'],
  ['no protobuf', Buffer.from('k8s\0\x0a\xff'), 'application/vnd.kubernetes.protobuf'],
  ['protobuf of another kind', Buffer.from('k8s\0'), 'application/vnd.kubernetes.protobuf'],
])('refuses %s', async (_what, body, type) => {
  const response = await fetch(new URL('/api/v1/namespaces', api.url), {
    method: 'POST',
    body,
    headers: { 'content-type': type },
  })
  expect(response.status).toBe(400)
})
