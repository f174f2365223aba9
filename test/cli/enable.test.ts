import { expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { run } from '../../functions/cli/cli.ts'
import type { Cluster } from '../../functions/cli/cluster.ts'
import { disable } from '../../functions/cli/disable.ts'
import { enable } from '../../functions/cli/enable.ts'

const knative = ['serving.knative.dev', 'eventing.knative.dev', 'sources.knative.dev']

/** A cluster with one namespace, `shop`, that writes down what is done to it. */
function clusterWith(groups: readonly string[]): { cluster: Cluster; done: string[] } {
  const done: string[] = []
  const note = async (...words: (string | undefined)[]) => void done.push(words.join(' '))
  const cluster: Cluster = {
    groups: async () => [...groups],
    labelsOf: async (namespace) => (namespace === 'shop' ? {} : undefined),
    apply: ({ kind, metadata }) => note('apply', kind, metadata?.name),
    unlabel: (namespace, label) => note('unlabel', namespace, label),
    remove: ({ kind, metadata }) => note('remove', kind, metadata?.name),
  }
  return { cluster, done }
}

const bindings = ['linebot-bot-controller', 'linebot-event-controller', 'linebot-front-door', 'linebot-source']

it('binds every account before it labels the namespace', async () => {
  const { cluster, done } = clusterWith([...knative, 'linebot.dev'])
  expect(await enable('shop', cluster)).toMatchObject({ code: 0 })
  expect(done).toEqual([...bindings.map((name) => `apply RoleBinding ${name}`), 'apply Namespace shop'])
})

it('takes the label off before the bindings', async () => {
  const { cluster, done } = clusterWith([...knative, 'linebot.dev'])
  expect(await disable('shop', cluster)).toMatchObject({ code: 0 })
  expect(done).toEqual(['unlabel shop linebot.dev/bots', ...bindings.map((name) => `remove RoleBinding ${name}`)])
})

it.each([
  ['Knative Serving', [...knative.slice(1), 'linebot.dev'], /no Knative Serving .*https:\/\/knative.dev/],
  ['Knative Eventing', [knative[0] ?? '', 'linebot.dev'], /no Knative Eventing .*https:\/\/knative.dev/],
  ['linebot', knative, /linebot is not in the cluster: kubectl apply -f linebot.yaml/],
])('does nothing without %s, and says what to do', async (_part, groups, said) => {
  const { cluster, done } = clusterWith(groups)
  const { code, err } = await enable('shop', cluster)
  expect(code).toBe(1)
  expect(err).toMatch(said)
  expect(done).toEqual([])
})

it.each([
  ['enable', enable],
  ['disable', disable],
])('%s does nothing to a namespace that is not there, nor to linebot’s own', async (_name, command) => {
  const { cluster, done } = clusterWith([...knative, 'linebot.dev'])
  expect(await command('shpo', cluster)).toMatchObject({ code: 1, err: expect.stringContaining('no namespace shpo') })
  expect(await command('linebot-system', cluster)).toMatchObject({ code: 1 })
  expect(done).toEqual([])
})

it('prints what it would apply, in that order, without a cluster', async () => {
  const { code, out = '' } = await run(['enable', 'shop', '--dry-run'])
  const objects = parseAllDocuments(out).map((document) => document.toJS())
  expect(code).toBe(0)
  expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace} ${metadata.name}`)).toEqual([
    ...bindings.map((name) => `RoleBinding shop ${name}`),
    'Namespace undefined shop',
  ])
  expect(objects.at(-1).metadata.labels).toEqual({ 'linebot.dev/bots': 'true' })
})
