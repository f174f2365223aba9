import { describe, expect, it } from 'vitest'
import { Bot, Secret } from '../../functions/core/kinds.ts'
import type { Obj } from '../../functions/core/object.ts'
import { ApiError } from '../../functions/edge/cluster.ts'
import { shipped } from '../../functions/local/apiserver/seed.ts'
import { documentsIn } from '../../functions/local/manifests.ts'
import { apiServerSource } from '../../functions/local/source/manifest.ts'
import { bot, brokerRef, event, hello, namespace } from './objects.ts'
import { type Around, type Flow, startFlow } from './world.ts'

interface Rule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly verbs: readonly string[]
}

interface Role extends Obj {
  readonly rules: readonly Rule[]
}

const isRole = (object: object): object is Role => 'rules' in object && Array.isArray(object.rules)
const roles = shipped().filter(isRole)
const ours = ['bot-controller', 'event-controller', 'front-door']
const isOf = (account: string, { metadata }: Obj) =>
  metadata.name === `linebot-${account}` || metadata.name === `linebot-${account}-cluster`

/** Every verb of every rule of a function’s Roles: the least that can be taken away. */
const permissions = roles
  .filter((role) => ours.some((account) => isOf(account, role)))
  .flatMap((role) => role.rules.flatMap((rule, i) => rule.verbs.map((verb) => ({ role, rule, i, verb }))))

/** What is shipped, without one verb of one rule. */
const without = ({ role, i, verb }: (typeof permissions)[number]): object[] =>
  shipped().map((object) => {
    if (!isRole(object) || object.kind !== role.kind || object.metadata.name !== role.metadata.name) return object
    const rules = object.rules.map((rule, n) =>
      n === i ? { ...rule, verbs: rule.verbs.filter((one) => one !== verb) } : rule,
    )
    return { ...object, rules }
  })

/** All that the functions do: rules and a Bot come, change and go, a sweep looks at all, a webhook is judged. */
async function everything(flow: Flow, around: Around): Promise<void> {
  const controllers = flow.controllers(around)
  const frontDoor = flow.frontDoor(around)
  await flow.apply(...hello())
  await flow.settle(controllers)
  await frontDoor.get({ ...Bot, namespace, name: 'hello' })
  await frontDoor.get({ ...Secret, namespace, name: 'hello' })
  await flow.apply(event('rathalos', { rules: [{ reply: [{ type: 'text', text: 'another' }] }] }))
  await flow.apply(event('asks', { rules: [{ forward: { to: { ref: brokerRef('answers') } } }] }))
  await flow.settle(controllers)
  await flow.sweep(controllers)
  await flow.remove(bot())
  await flow.settle(controllers)
}

/** What the API server forbade on the way. */
async function forbidden(objects?: readonly object[]): Promise<string[]> {
  const flow = await startFlow({ accounts: true, ...(objects && { objects }) })
  const refused: string[] = []
  const stop = Promise.withResolvers<void>()
  const around: Around = async (call, go) => {
    try {
      return await go()
    } catch (error) {
      if (error instanceof ApiError && error.status === 403) {
        refused.push(`${call.by}: ${call.what}`)
        stop.resolve()
      }
      throw error
    }
  }
  const done = everything(flow, around).catch((error: unknown) => {
    if (refused.length === 0) throw error
  })
  await Promise.race([done, objects ? stop.promise : done])
  await flow.close()
  return refused
}

describe('the Roles that are shipped', () => {
  it('let the functions do all that they do', async () => {
    expect(await forbidden()).toEqual([])
  })

  it('hold nothing else: without any one verb of theirs, something is forbidden', { timeout: 30_000 }, async () => {
    expect(permissions.length).toBeGreaterThan(20)
    const idle: string[] = []
    for (const permission of permissions) {
      const { role, rule, verb } = permission
      if ((await forbidden(without(permission))).length === 0)
        idle.push(`${role.kind} ${role.metadata.name}: ${verb} ${rule.resources.join()}`)
    }
    expect(idle).toEqual([])
  })

  it('let the source read what it watches, and nothing else: all three verbs of each kind are Knative’s demand', () => {
    const manifest = documentsIn('knative/400-source.yaml').find(({ kind }) => kind === 'ApiServerSource')
    const watched = apiServerSource.parse(manifest).spec.resources.map(({ apiVersion, kind }) => {
      const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : ''
      return `${group}/${kind.toLowerCase()}s get,list,watch`
    })
    const held = roles.filter((role) => isOf('source', role))
    expect(held.map(({ kind }) => kind).toSorted()).toEqual(['ClusterRole', 'Role'])
    for (const { rules } of held) {
      const said = rules.map(
        ({ apiGroups, resources, verbs }) => `${apiGroups.join()}/${resources.join()} ${verbs.join()}`,
      )
      expect(said.toSorted()).toEqual([...new Set(watched)].toSorted())
    }
  })
})
