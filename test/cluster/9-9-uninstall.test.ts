import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { applyLinebot, linebotReady, linebotYaml, uninstall } from './install.ts'
import { kubectl, kubectlWith, list } from './kube.ts'
import { asleep, botReady, makeBot, namespaceFor } from './story.ts'
import { surroundings, until } from './until.ts'

/** What comes afterwards finds an installation, as it would without these stories. */
afterAll(async () => {
  await uninstall()
  await applyLinebot()
  await linebotReady()
})

const crds = ['bots', 'events', 'eventbindings'].map((name) => `${name}.linebot.dev`)

/** What a person types to take linebot away; none waits for the one before. */
const steps = {
  bots: (namespace: string) => kubectl('delete', 'lbot', '--all', '-n', namespace, '--wait=false'),
  namespace: (namespace: string) => kubectl('delete', 'namespace', namespace, '--wait=false'),
  manifest: () => kubectlWith(linebotYaml(), 'delete', '--ignore-not-found', '--wait=false', '-f', '-'),
  crds: () => kubectl('delete', 'crds', '--wait=false', '--ignore-not-found', ...crds),
}

/** In the second one the bots' namespace stays. */
const orders: (keyof typeof steps)[][] = [
  ['bots', 'namespace', 'manifest', 'crds'],
  ['manifest', 'bots', 'crds'],
  ['namespace', 'manifest', 'crds', 'bots'],
  ['crds', 'manifest', 'namespace', 'bots'],
]

const isGone = async (namespace: string) =>
  (await kubectl('get', 'namespace', namespace, '--ignore-not-found', '-o', 'name')).stdout.trim() === ''

/** Nothing in it that linebot has made; the Secrets are the user's. */
async function isEmptied(namespace: string): Promise<boolean> {
  const made = await Promise.all([
    ...(['Service', 'Revision', 'Pod'] as const).map((kind) => list(kind, namespace)),
    list('ConfigMap', namespace, 'linebot.dev/binding'),
  ])
  return made.every(({ length }) => length === 0)
}

/** Ten bots that sleep, in a namespace of their own. */
async function tenIdleBots(): Promise<string> {
  const namespace = await namespaceFor('leaving')
  const names = Array.from({ length: 10 }, (_, i) => `idle-${i}`)
  await Promise.all(names.map((name) => makeBot(namespace, name)))
  await Promise.all(names.map((name) => botReady(namespace, name, 120)))
  await Promise.all(names.map((name) => asleep(namespace, name, 120)))
  return namespace
}

describe('linebot with ten idle bots goes, nothing hangs, when what is deleted is', () => {
  let namespace: string
  beforeEach(async () => {
    await uninstall()
    await applyLinebot()
    await linebotReady()
    namespace = await tenIdleBots()
  })

  it.each(orders.map((order) => [order.join(', '), order] as const))('%s', async (title, order) => {
    const started = performance.now()
    const since = () => ((performance.now() - started) / 1000).toFixed(1)
    // What is not there any more has nothing to be deleted: kubectl says so and ends with 1.
    for (const step of order) await steps[step](namespace).catch(() => undefined)
    const show = () => surroundings(namespace).then(console.log)
    const leaves = order.includes('namespace') ? isGone : isEmptied
    await until('the bots and what was theirs are gone', 60, () => leaves(namespace)).catch((error) =>
      show().then(() => Promise.reject(error)),
    )
    const bots = since()
    // Its pods were at work: each takes half a minute to end, and Kubernetes looks again after half of the grace that
    // the longest of them has, which is a minute.
    await until('linebot’s own namespace is gone', 150, () => isGone('linebot-system'))
    console.log(`${title}: the bots gone after ${bots} s, linebot after ${since()} s`)
    const left = await kubectl('get', 'crds,clusterroles,clusterrolebindings,validatingadmissionpolicies', '-o', 'name')
    expect(left.stdout.split('\n').filter((name) => name.includes('linebot'))).toEqual([])
  })
})
