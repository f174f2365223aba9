import { expect, it } from 'vitest'
import type { Reader } from '../../../functions/cli/cluster.ts'
import { deployedIn } from '../../../functions/cli/test/given.ts'
import { runFile } from '../../../functions/cli/test/run.ts'
import type { Message, RuleFile } from '../../../functions/core/rule.ts'
import { aBot } from '../../objects.ts'

const text = (words: string): Message => ({ type: 'text', text: words })

const rules: RuleFile = {
  binding: 'hello',
  priority: 0,
  rules: [
    { event: 'a', index: 0, type: 'message', match: 'Exact', keywords: ['hi'], priority: 0, replies: [[text('Hey')]] },
  ],
}

const revision = {
  metadata: { name: 'hello-00002' },
  spec: {
    containers: [
      {
        name: 'bot',
        env: [
          { name: 'LINEBOT_NAMESPACE', value: 'demo' },
          { name: 'LINEBOT_NAME', value: 'hello' },
          { name: 'LINEBOT_GROUPS_ANSWER', value: 'WhenMentioned' },
          { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'a', key: 'b' } } },
        ],
      },
    ],
    volumes: [{ name: 'linebot-rules', projected: { sources: [{ configMap: { name: 'hello-rules-1' } }] } }],
  },
}

const objects: Record<string, object> = {
  'Bot hello': aBot(),
  'Service hello': { metadata: { name: 'hello' }, status: { latestReadyRevisionName: 'hello-00002' } },
  'Revision hello-00002': revision,
  'ConfigMap hello-rules-1': { metadata: { name: 'hello-rules-1' }, data: { 'rules.json': JSON.stringify(rules) } },
}

/** A cluster with these objects in its namespace demo. */
const readerOf = (found: Record<string, object>): Reader => ({
  namespace: 'demo',
  list: async () => [],
  // What a test hands in is what it asks for.
  get: (async ({ kind, name, namespace }: { kind: string; name: string; namespace?: string }) =>
    namespace === 'demo' ? found[`${kind} ${name}`] : undefined) as unknown as Reader['get'],
})

const tested = (steps: string, found = objects, bot?: string) =>
  runFile(
    { name: 't.yaml', text: `bot: hello\nconversations: [{ in: group, steps: [${steps}] }]\n` },
    deployedIn(readerOf(found), bot),
  )

it('has the conversation with the rules and settings that the bot’s Revision mounts', async () => {
  const steps = '{ say: hi, silent: true }, { say: hi, mention: true, answer: Hey }'
  expect(await tested(steps)).toMatchObject([{ faults: [], played: [{ failures: [] }] }])
  expect(await tested('{ say: hi, mention: true, answer: Hello }')).toMatchObject([
    { faults: [], played: [{ failures: [{}] }] },
  ])
})

it.each([
  ['demo/hallo', objects, 'there is no Bot hallo in namespace demo'],
  ['shop/hello', objects, 'there is no Bot hello in namespace shop; name one elsewhere by --bot NAMESPACE/hello'],
  [undefined, { 'Bot hello': aBot() }, 'Bot hello has no Revision that is ready: kubectl describe lbot hello -n demo'],
])('says of --bot %s what is missing', async (bot, found, said) => {
  expect(await tested('{ say: hi, silent: true }', found, bot)).toMatchObject([
    { faults: [expect.stringContaining(said)], played: [] },
  ])
})
