import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Bot, ConfigMap, Event, KnativeService, Namespace } from '../../../functions/core/kinds.ts'
import type { Obj } from '../../../functions/core/object.ts'
import { openServer, type Server } from './server.ts'
import { bot, configMap } from './things.ts'

/** What our functions do, through the client that they use. */

let server: Server
let namespace: string
beforeAll(async () => {
  server = await openServer()
  namespace = await server.namespace()
})
afterAll(() => server.close())

const inNamespace = <T extends Obj>(object: T): T => ({ ...object, metadata: { ...object.metadata, namespace } })

describe('get', () => {
  it('gives the object, or nothing where there is no such name, namespace or kind', async () => {
    expect(await server.cluster.get({ ...Namespace, name: namespace })).toMatchObject({
      metadata: { name: namespace, labels: { 'kubernetes.io/metadata.name': namespace } },
      status: { phase: 'Active' },
    })
    expect(await server.cluster.get({ ...Bot, namespace, name: 'none' })).toBeUndefined()
    expect(await server.cluster.get({ ...KnativeService, namespace, name: 'none' })).toBeUndefined()
    expect(await server.cluster.get({ ...Bot, namespace: 'conf-none', name: 'none' })).toBeUndefined()
    const unknown = { apiVersion: 'linebot.dev/v1', kind: 'Bot', plural: 'bots' }
    expect(await server.cluster.get({ ...unknown, namespace, name: 'none' })).toBeUndefined()
    expect(await server.cluster.list(unknown)).toEqual([])
  })
})

describe('apply', () => {
  it('creates, changes, takes away, and of the same again writes nothing', async () => {
    const first = await server.cluster.apply(ConfigMap, inNamespace(configMap('a', { a: '1', b: '1' })), 'one')
    const again = await server.cluster.apply(ConfigMap, inNamespace(configMap('a', { a: '1', b: '1' })), 'one')
    expect(again).toEqual(first)
    const less = await server.cluster.apply(ConfigMap, inNamespace(configMap('a', { a: '2' })), 'one')
    expect(less).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', data: { a: '2' } })
    expect(less).not.toHaveProperty('data.b')
  })

  it('takes over what a person has written', async () => {
    await server.send('POST', `/api/v1/namespaces/${namespace}/configmaps`, { body: configMap('p', { a: '1' }) })
    expect(await server.cluster.apply(ConfigMap, inNamespace(configMap('p', { a: '2' })), 'one')).toMatchObject({
      data: { a: '2' },
    })
  })

  it('writes a status, and refuses where there is no object', async () => {
    await server.cluster.apply(Bot, inNamespace(bot('s')), 'person')
    const status = (name: string) => inNamespace({ ...bot(name), status: { observedGeneration: 1 } })
    const done = await server.cluster.apply(Bot, status('s'), 'one', 'status')
    expect(done).toMatchObject({ metadata: { generation: 1 }, status: { observedGeneration: 1 } })
    expect(await server.cluster.apply(Bot, status('s'), 'one', 'status')).toEqual(done)
    await expect(server.cluster.apply(Bot, status('none'), 'one', 'status')).rejects.toMatchObject({ status: 404 })
  })

  it('rejects with the reason', async () => {
    const wrong = server.cluster.apply(Bot, inNamespace(bot('w', { delivery: 'Nope' })), 'one')
    await expect(wrong).rejects.toMatchObject({ name: 'ApiError', status: 422, reason: 'Invalid' })
    const immutable = inNamespace({ ...configMap('rock', { a: '1' }), immutable: true })
    await server.cluster.apply(ConfigMap, immutable, 'one')
    await expect(
      server.cluster.apply(ConfigMap, { ...immutable, data: { a: '2' } } as Obj, 'one'),
    ).rejects.toMatchObject({
      status: 422,
    })
  })
})

describe('list', () => {
  it('says of each item what it is, in one namespace, by labels, and of metadata alone', async () => {
    await server.cluster.apply(ConfigMap, inNamespace(configMap('l', { a: 'b' }, { labels: { l: 'yes' } })), 'one')
    const found = await server.cluster.list(ConfigMap, { namespace, labels: 'l=yes' })
    expect(found).toMatchObject([{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'l' }, data: { a: 'b' } }])
    const meta = await server.cluster.list(ConfigMap, { namespace, labels: 'l=yes', metadataOnly: true })
    expect(meta).toMatchObject([{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'l', labels: { l: 'yes' } } }])
    expect(meta[0]).not.toHaveProperty('data')
    expect(await server.cluster.list(Event, { namespace })).toEqual([])
    const spaces = await server.cluster.list(Namespace, { labels: `kubernetes.io/metadata.name=${namespace}` })
    expect(spaces).toMatchObject([{ kind: 'Namespace', metadata: { name: namespace } }])
  })
})

describe('remove', () => {
  it('deletes this very object, and leaves another of its name', async () => {
    const ref = { ...ConfigMap, namespace, name: 'r' }
    const { metadata } = await server.cluster.apply(ConfigMap, inNamespace(configMap('r')), 'one')
    await server.cluster.remove(ref, '00000000-0000-0000-0000-000000000000')
    expect(await server.cluster.get(ref)).toBeDefined()
    await server.cluster.remove(ref, metadata.uid ?? '')
    expect(await server.cluster.get(ref)).toBeUndefined()
    await server.cluster.remove(ref, metadata.uid ?? '')
  })
})
