import { afterAll, beforeAll, expect, it } from 'vitest'
import { openServer, type Server } from './server.ts'
import { configMap, core } from './things.ts'

let server: Server
let namespace: string
beforeAll(async () => {
  server = await openServer()
  namespace = await server.namespace()
})
afterAll(() => server.close())

const maps = (name?: string) => core(namespace, 'configmaps', name)
const slow = { timeout: 30_000 }

interface Reference {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly uid: string
}

async function make(name: string, owners: readonly Reference[] = [], labels = {}): Promise<Reference> {
  const { body } = await server.send('POST', maps(), {
    body: configMap(name, {}, { ownerReferences: owners, labels }),
  })
  return { apiVersion: 'v1', kind: 'ConfigMap', name, uid: body.metadata.uid }
}
const status = (name: string) => async () => (await server.send('GET', maps(name))).status
const remove = (name: string, propagationPolicy?: string) =>
  server.send('DELETE', maps(name), propagationPolicy ? { body: { propagationPolicy } } : {})

it('an object goes when its owner has gone, and what it owned too', async () => {
  const grandmother = await make('grandmother')
  const mother = await make('mother', [grandmother])
  await make('child', [mother])
  await remove('grandmother')
  await expect.poll(status('child'), slow).toBe(404)
  expect(await status('mother')()).toBe(404)
}, 60_000)

it('an object of several owners goes with the last of them, and forgets those that went before', async () => {
  const [one, two] = [await make('one'), await make('two')]
  await make('shared', [one, two])
  await remove('one')
  const owners = async () => (await server.send('GET', maps('shared'))).body.metadata.ownerReferences
  await expect.poll(owners, slow).toEqual([two])
  await remove('two')
  await expect.poll(status('shared'), slow).toBe(404)
}, 60_000)

it('an object goes when none of its owners has ever been', async () => {
  const nobody = { apiVersion: 'v1', kind: 'ConfigMap', name: 'nobody', uid: '00000000-0000-0000-0000-000000000000' }
  await make('orphan', [nobody])
  await expect.poll(status('orphan'), slow).toBe(404)
}, 60_000)

it('an object that is left an orphan stays', async () => {
  const parent = await make('parent')
  await make('left', [parent])
  await remove('parent', 'Orphan')
  await expect.poll(status('parent'), slow).toBe(404)
  const { body } = await server.send('GET', maps('left'))
  expect(body.metadata).not.toHaveProperty('ownerReferences')
}, 60_000)

it('an object that is deleted in the foreground goes after those that it owned', async () => {
  const first = await make('first')
  await make('second', [first], { wait: 'for-me' })
  const { body } = await remove('first', 'Foreground')
  expect(body.metadata.finalizers).toEqual(['foregroundDeletion'])
  await expect.poll(status('first'), slow).toBe(404)
  expect(await status('second')()).toBe(404)
}, 60_000)
