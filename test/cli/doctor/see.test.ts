import { expect, it } from 'vitest'
import { manifest } from '../../../functions/build/manifest.ts'
import type { Read } from '../../../functions/cli/doctor/api.ts'
import { parts } from '../../../functions/cli/doctor/checks/parts.ts'
import { permissions } from '../../../functions/cli/doctor/checks/permissions.ts'
import { see } from '../../../functions/cli/doctor/see.ts'
import { documentsIn } from '../../../functions/cli/doctor/shipped.ts'
import type { Obj } from '../../../functions/core/object.ts'
import { aBot } from '../../objects.ts'
import { aSecret, wellWith } from './facts.ts'

it('asks for a thousand Bots a few at a time, and tells of them in their order', async () => {
  const names = Array.from({ length: 1_000 }, (_, index) => `bot-${index}`)
  let [under, most] = [0, 0]
  const inTurn = async <T>(result: T): Promise<T> => {
    most = Math.max(most, ++under)
    await new Promise((resolve) => setImmediate(resolve))
    under--
    return result
  }
  const read = async (path: string) => {
    if (path === '/version') return { gitVersion: 'v1.35.4' }
    if (path.endsWith('/v1alpha1/bots')) return { kind: 'BotList', items: names.map((name) => aBot(name)) }
    return path.includes('/secrets/') ? inTurn(aSecret()) : undefined
  }
  const { bots } = await see({ read, reach: async () => ({}), askLine: () => inTurn({}) }, {})
  expect(bots.map(({ bot }) => bot.metadata.name)).toEqual(names)
  expect(bots.every(({ secret, channel }) => secret && channel)).toBe(true)
  expect(most).toBeLessThan(50)
})

const manifests = documentsIn(manifest('linebot:1')).filter(({ kind }) => kind !== 'CustomResourceDefinition')
const plurals = { NetworkPolicy: 'networkpolicies', ValidatingAdmissionPolicy: 'validatingadmissionpolicies' }

/** An API server that holds these, and says Ready of all. */
const serving =
  (objects: readonly Obj[]): Read =>
  async (path) => {
    if (path === '/version') return { gitVersion: 'v1.35.4' }
    const items = objects.filter(({ apiVersion, kind, metadata: { namespace } }) => {
      const plural = new Map(Object.entries(plurals)).get(kind) ?? `${kind.toLowerCase()}s`
      const where = namespace === undefined ? '' : `namespaces/${namespace}/`
      return path === `/api${apiVersion.includes('/') ? 's' : ''}/${apiVersion}/${where}${plural}`
    })
    const status = { conditions: [{ type: 'Ready', status: 'True' }] }
    return items.length > 0
      ? { kind: `${items[0]?.kind}List`, items: items.map((item) => ({ ...item, status })) }
      : undefined
  }

const badIn = async (objects: readonly Obj[]) => {
  const seen = await see({ read: serving(objects), reach: async () => ({}), askLine: async () => ({}) }, {})
  const facts = { ...seen, definitions: wellWith().definitions }
  return [parts, permissions].flatMap((check) => check(facts)).filter(({ status }) => status === 'Bad')
}

it('misses nothing in an installation of this release', async () => {
  expect(manifests.length).toBeGreaterThan(30)
  expect(await badIn(manifests)).toEqual([])
})

it('misses each object of this release when all are gone but the kinds', async () => {
  const found = await badIn([])
  const titles = manifests.map(({ kind, metadata }) => `${kind} ${metadata.name} is not there`)
  expect(found.map(({ message }) => message).toSorted()).toEqual(titles.toSorted())
})
