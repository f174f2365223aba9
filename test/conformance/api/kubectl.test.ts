import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Notice } from '../../../functions/core/kinds.ts'
import { noticesFor } from '../../../functions/core/notice.ts'
import { kubectlFor, kubectlVersion, removeHomes, type Said } from './kubectl.ts'
import { lists } from './kubectl-steps.ts'
import { openServer, type Server } from './server.ts'
import { bot, ours } from './things.ts'

/** Runs where there is a kubectl. */

const isLike = (said: string, line: string | RegExp) => (typeof line === 'string' ? said === line : line.test(said))

const why = 'no kubectl was found: put one on the PATH, or name it in KUBECTL'

describe.skipIf(kubectlVersion === undefined)(`kubectl ${kubectlVersion ?? `(skipped: ${why})`}`, () => {
  let server: Server
  const said = new Map<string, Promise<Said>>()

  beforeAll(async () => {
    server = await openServer()
    for (const [name, steps] of Object.entries(lists)) {
      const run = kubectlFor(server.kubeconfig, await server.namespace())
      let before: Promise<unknown> = Promise.resolve()
      for (const [index, { type, input, env }] of steps.entries()) {
        const now = before.then(() => run(type.split(' '), input, env))
        said.set(`${name} ${index}`, now)
        before = now
      }
    }
  }, 60_000)
  afterAll(async () => {
    await server.close()
    removeHomes()
  }, 60_000)

  for (const [name, steps] of Object.entries(lists)) {
    it.each(steps.map((step, index) => ({ ...step, index })))(
      `${name} $index: kubectl $type`,
      async ({ index, lines, code = 0 }) => {
        const answer = await said.get(`${name} ${index}`)
        const missing = lines.filter((line) => !answer?.lines.some((one) => isLike(one, line)))
        expect(missing.map((line) => ({ missing: line, said: answer?.lines }))).toEqual([])
        expect(answer?.code).toBe(code)
      },
      60_000,
    )
  }

  it('describes a Bot with what was told of it', async () => {
    const namespace = await server.namespace()
    const run = kubectlFor(server.kubeconfig, namespace)
    const { body } = await server.send('POST', ours(namespace, 'bots'), { body: bot('b') })
    const now = new Date()
    const missing = {
      type: 'Ready',
      status: 'False',
      reason: 'SecretMissing',
      message: 'create Secret s',
      observedGeneration: 1,
      lastTransitionTime: now.toISOString(),
    } as const
    const [notice] = noticesFor(body, { before: undefined, after: [missing], by: 'bot-controller', now })
    if (notice) await server.cluster.apply(Notice, notice, 'linebot-bot-controller')
    const { lines } = await run(['describe', 'lbot', 'b'])
    const told = lines.slice(lines.indexOf('Events:'))
    expect(told.at(-1)).toMatch(/^ {2}Warning +SecretMissing +\S+ +linebot\.dev\/bot-controller +create Secret s$/)
  }, 60_000)

  it('watches, and sees what comes and goes', async () => {
    const run = kubectlFor(server.kubeconfig, await server.namespace())
    const watching = run.follow(['get', 'configmap', '-l', 'w', '--watch', '--output-watch-events', '--no-headers'])
    await run('create configmap w'.split(' '))
    await run('label configmap w w=1'.split(' '))
    await watching.until(/^ADDED +w +0 +AGE$/)
    await run('delete configmap w'.split(' '))
    expect(await watching.until(/^DELETED /)).toMatch(/^DELETED +w +0 +AGE$/)
    await watching.stop()
  }, 60_000)

  it('makes a namespace, and waits until it is gone', async () => {
    const namespace = await server.namespace()
    const run = kubectlFor(server.kubeconfig, namespace)
    const name = `${namespace}-b`
    expect((await run(['create', 'namespace', name])).lines).toEqual([`namespace/${name} created`])
    expect((await run(['get', 'namespace', name, '-o', 'jsonpath={.status.phase}'])).lines).toEqual(['Active'])
    expect((await run(['delete', 'namespace', name])).lines).toContain(`namespace "${name}" deleted`)
    expect((await run(['get', 'namespace', name])).code).toBe(1)
  }, 60_000)
})
