import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { run } from '../../../functions/cli/cli.ts'
import { tenantBindings } from '../../../functions/core/access.ts'
import { Bot, ConfigMap, EventBinding, KnativeService, Namespace, Secret } from '../../../functions/core/kinds.ts'
import type { Kind, Obj } from '../../../functions/core/object.ts'
import { type Cluster, connect } from '../../../functions/edge/cluster.ts'
import { type ApiServer, startApiServer } from '../../../functions/local/apiserver/start.ts'
import { kubeconfigFor } from '../../../functions/local/kubeconfig.ts'
import { type Line, startLine } from '../../../functions/local/line/start.ts'
import { startBot } from '../../local/line/bot.ts'
import { aSecret } from '../../objects.ts'
import { condition } from './facts.ts'

/** The whole command, against an API server and LINE’s platform of this machine; DNS is its own. */

// Kubernetes' own client takes seconds to load on a busy machine.
vi.setConfig({ testTimeout: 30_000 })

const open: { close(): unknown }[] = []
let api: ApiServer
let cluster: Cluster
let line: Line
let url: string

const put = (kind: Kind, object: Omit<Obj, 'apiVersion' | 'kind'> & Record<string, unknown>, subresource?: 'status') =>
  cluster.apply(kind, { apiVersion: kind.apiVersion, kind: kind.kind, ...object }, 'test', subresource)

const roleBinding = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', plural: 'rolebindings' }
const channel = { id: '1000000001', secret: 'secret', accessToken: 'token' }
const secretWith = (channelSecret: string) =>
  put(Secret, { ...aSecret({ channelId: channel.id, channelSecret }, { name: 'hello' }) })

async function ready(name: string, at?: string) {
  const metadata = { name, namespace: 'linebot-system' }
  const spec = { template: { spec: { containers: [{ name: 'function', image: 'linebot:1' }] } } }
  await put(KnativeService, { metadata, spec })
  const conditions = [{ type: 'Ready', status: 'True' }]
  await put(KnativeService, { metadata, status: { conditions, ...(at && { url: at }) } }, 'status')
}

/** As a cluster is after `kubectl apply`, `linebot enable` and a first Bot. */
beforeEach(async () => {
  api = await startApiServer({ port: 0 })
  line = await startLine({ channels: [channel], httpWebhooks: true })
  const bot = await startBot((response) => void response.end())
  open.push(api, line, bot)
  const home = mkdtempSync(join(tmpdir(), 'doctor-'))
  open.push({ close: () => rmSync(home, { recursive: true }) })
  writeFileSync(join(home, 'kubeconfig'), kubeconfigFor(api.url))
  vi.stubEnv('KUBECONFIG', join(home, 'kubeconfig'))
  cluster = connect({ server: api.url, token: () => '' })

  url = `${bot.origin}/webhook/demo/hello`
  await put(ConfigMap, {
    metadata: { name: 'linebot', namespace: 'linebot-system' },
    data: { LINEBOT_LINE_API: line.url },
  })
  for (const name of ['bot-controller', 'event-controller']) await ready(name)
  await ready('front-door', bot.origin)
  await put(Namespace, { metadata: { name: 'demo', labels: { 'linebot.dev/bots': 'true' } } })
  for (const binding of tenantBindings('demo')) await put(roleBinding, { ...binding })
  await secretWith(channel.secret)
  const metadata = { name: 'hello', namespace: 'demo' }
  await put(Bot, { metadata, spec: { channel: { secretName: 'hello' } } })
  const conditions = [condition('Ready', 'True', 'Ready', 'the bot answers')]
  await put(Bot, { metadata, status: { url, conditions } }, 'status')
  await setWebhook(url)
})

afterEach(async () => {
  vi.unstubAllEnvs()
  for (const one of open.splice(0)) await one.close()
})

const setWebhook = (endpoint: string) =>
  fetch(`${line.url}/v2/bot/channel/webhook/endpoint`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${channel.accessToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ endpoint }),
  })

it('finds nothing wrong where nothing is', async () => {
  const { code, out } = await run(['doctor'])
  expect(out).toMatch(/nothing is wrong$/)
  expect(out).toMatch(/✓ Webhook .* its test succeeded/)
  expect(code).toBe(0)
})

it.each<[string, () => Promise<unknown>, RegExp, RegExp]>([
  [
    'a Secret that LINE does not take',
    () => secretWith('mistyped'),
    /✗ Credentials +demo\/hello: LINE refuses/,
    /→ compare Secret hello/,
  ],
  [
    'another webhook at LINE',
    () => setWebhook('http://old.test/'),
    /✗ Webhook .*LINE has http:\/\/old/,
    /→ kubectl patch lbot -n demo hello/,
  ],
  [
    'a label that went',
    () => cluster.apply(Namespace, { ...Namespace, metadata: { name: 'demo' } }, 'test'),
    /✗ Namespaces +namespace demo has not opted in/,
    /→ npx linebot enable demo/,
  ],
  [
    'a function that went',
    async () => {
      const ref = { ...KnativeService, namespace: 'linebot-system', name: 'bot-controller' }
      const live = await cluster.get<Obj>(ref)
      await cluster.remove(ref, String(live?.metadata.uid))
    },
    /✗ Parts +Service bot-controller is not there/,
    /→ kubectl apply -f linebot\.yaml/,
  ],
])('ends with 1 for %s, and prints what mends it', async (_what, breaks, sentence, todo) => {
  await breaks()
  const { code, out } = await run(['doctor', 'demo/hello'])
  expect(out).toMatch(sentence)
  expect(out).toMatch(todo)
  expect(code).toBe(1)
})

it('says what is wrong with rules that the Bot lacks, and calls the rest well', async () => {
  const metadata = { name: 'hello', namespace: 'demo' }
  await put(EventBinding, { metadata, spec: { selector: {} } })
  const rejected = [{ event: 'bad', path: 'spec.rules[0].reply[0].text', message: 'too long' }]
  await put(EventBinding, { metadata, status: { rejected } }, 'status')
  const { code, out } = await run(['doctor', 'demo/hello'])
  expect(out).toMatch(/\? Bots +demo\/hello: Event bad has rules that are left out: .*too long/)
  expect(out).toMatch(/→ kubectl describe lbe -n demo bad/)
  expect(code).toBe(0)
})

it('looks at the one Bot that it is asked about', async () => {
  const { code, out } = await run(['doctor', 'demo/hi', '-o', 'json'])
  const { well, findings } = JSON.parse(out ?? '')
  expect({ code, well }).toEqual({ code: 1, well: false })
  expect(findings).toContainEqual({
    check: 'Bots',
    status: 'Bad',
    message: 'there is no Bot hi in namespace demo',
    todo: 'kubectl get lbot -n demo',
  })
})

it('says that there is no API server', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  const port = address && typeof address === 'object' ? address.port : 0
  await new Promise((resolve) => server.close(resolve))
  writeFileSync(String(process.env['KUBECONFIG']), kubeconfigFor(`http://127.0.0.1:${port}`))
  expect(await run(['doctor'])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/does not answer: .*ECONNREFUSED/),
  })
})

it.each([[['a/b/c']], [['/b']], [['a/']], [['a', 'b']], [['-o', 'yaml']], [['--all']]])(
  'does not understand %j',
  async (args) => {
    expect(await run(['doctor', ...args])).toMatchObject({ code: 2 })
  },
)
