import { beforeAll, describe, expect, it } from 'vitest'
import { applyLinebot, isReady, linebotReady, uninstall } from './install.ts'
import { type Kind, kubectl, list, type Thing } from './kube.ts'
import { answerTo, type Channel, channelAtLine } from './line.ts'
import { rememberRefusals } from './refusals.ts'
import { asleep, botReady, makeBot, namespaceFor, podsOf, showWhenFailed } from './story.ts'
import { ringForSweep } from './sweep.ts'
import { until } from './until.ts'

/** All that anybody could write to on our behalf. */
const written = ['Bot', 'Event', 'EventBinding', 'Service', 'Revision', 'ConfigMap', 'Secret'] as const satisfies Kind[]
const shipped = ['Broker', 'Trigger', 'ApiServerSource', 'PingSource', 'SinkBinding', 'Service', 'ConfigMap'] as const

const stateOf = (things: readonly Thing[], of: (thing: Thing) => unknown) =>
  Object.fromEntries(things.map((thing) => [`${thing.kind} ${thing.metadata.name}`, of(thing)]))

const versionsIn = async (namespace: string) =>
  Promise.all(
    written.map(async (kind) => stateOf(await list(kind, namespace), ({ metadata }) => metadata.resourceVersion)),
  )

describe('an installation', () => {
  it('goes from nothing to functions that are Ready', async () => {
    showWhenFailed('linebot-system')
    await uninstall()
    const started = performance.now()
    await applyLinebot()
    await linebotReady()
    await rememberRefusals()
    console.log(`installed and Ready after ${((performance.now() - started) / 1000).toFixed(1)} s`)
    const functions = await list('Service', 'linebot-system')
    expect(functions.map(({ metadata }) => metadata.name)).toEqual(['bot-controller', 'event-controller', 'front-door'])
    expect(functions.every(isReady)).toBe(true)
    // What many bots leave takes minutes to go.
  }, 600_000)

  it('does not change when it is applied again', async () => {
    const generations = async () =>
      Promise.all(
        shipped.map(async (kind) => stateOf(await list(kind, 'linebot-system'), ({ metadata }) => metadata.generation)),
      )
    const [before, revisions] = [await generations(), await list('Revision', 'linebot-system')]
    // What it prints is of no use: a SinkBinding's variable is taken off by kubectl and put back on the way in.
    await applyLinebot()
    expect(await generations()).toEqual(before)
    expect(await list('Revision', 'linebot-system')).toHaveLength(revisions.length)
  })
})

describe('a first bot', () => {
  let namespace: string
  let channel: Channel
  beforeAll(async () => {
    namespace = await namespaceFor('first')
    channel = await makeBot(namespace, 'hello')
  })

  it('becomes Ready, for which kubectl can wait, and LINE has its webhook URL', async () => {
    showWhenFailed(namespace)
    await kubectl('wait', '--for=condition=Ready', 'lbot/hello', '-n', namespace, '--timeout=60s')
    const bot = await botReady(namespace, 'hello')
    expect(bot.status.url).toMatch(new RegExp(`/webhook/${namespace}/hello$`))
    expect(await channelAtLine(channel)).toMatchObject({ endpoint: bot.status.url })
  })

  it('answers its first webhook from zero pods', async () => {
    showWhenFailed(namespace)
    await asleep(namespace, 'hello')
    expect(await answerTo(channel, 'hi')).toBe('hello from hello')
  })

  it('goes back to zero pods, and so do both controllers', async () => {
    showWhenFailed(namespace)
    await asleep(namespace, 'hello')
    await asleep('linebot-system', 'event-controller', 100)
    await asleep('linebot-system', 'bot-controller', 100)
    expect(await podsOf('linebot-system', 'front-door')).toHaveLength(1)
  })

  it('is left alone by two sweeps: they find nothing, and nothing at all is written', async () => {
    showWhenFailed(namespace)
    const before = await versionsIn(namespace)
    for (const sweeps of [1, 2]) {
      await ringForSweep()
      await Promise.all(controllers.map((controller) => swept(controller, sweeps)))
    }
    const found = (await Promise.all(controllers.map(sweepsOf))).flat().map((line) => /"found":(\d+)/.exec(line)?.[1])
    // The hour's own may come between.
    expect(found.length).toBeGreaterThanOrEqual(4)
    expect(new Set(found)).toEqual(new Set(['0']))
    expect(await versionsIn(namespace)).toEqual(before)
  })
})

const controllers = ['event-controller', 'bot-controller'] as const

/** What a controller's pod has said of its sweeps. It had none before, so that all are ours. */
async function sweepsOf(controller: string): Promise<string[]> {
  const pods = ['-n', 'linebot-system', '-l', `serving.knative.dev/service=${controller}`]
  const { stdout } = await kubectl('logs', ...pods, '-c', 'function', '--tail=1000').catch(() => ({ stdout: '' }))
  return stdout.split('\n').filter((line) => line.includes('"message":"swept"'))
}

const swept = (controller: string, times: number): Promise<boolean> =>
  until(`${controller} has swept ${times} times`, 60, async () => (await sweepsOf(controller)).length >= times)
