import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { applyLinebot, isReady, linebotReady, uninstall } from './install.ts'
import { get, kubectlWith, list, remove } from './kube.ts'
import type { Channel } from './line.ts'
import { asleep, botReady, makeBot, namespaceFor, showWhenFailed } from './story.ts'
import { accountOf, streamTo } from './stream.ts'
import { until } from './until.ts'
import { world } from './world.ts'

/** The release before this one: its manifest, as a file, with an image that the cluster can run. */
const { LINEBOT_PREVIOUS_MANIFEST: previous } = process.env

const imageOf = async (namespace: string, name: string): Promise<string> =>
  (await get('Service', namespace, name))?.spec.template.spec.containers[0].image

const triggers = () => list('Trigger', 'linebot-system')

describe.skipIf(!previous)('the release before this one', () => {
  let namespace: string
  let old: ReadonlySet<string>
  let warm: Channel
  let sleepers: readonly Channel[]
  beforeAll(async () => {
    await uninstall()
    const before = readFileSync(String(previous), 'utf8')
    await kubectlWith(before.replace(/LINEBOT_LINE_API: .*/, `LINEBOT_LINE_API: ${world.lineApi}`), 'apply', '-f', '-')
    await linebotReady()
    old = new Set((await triggers()).map(({ metadata }) => metadata.name))
    namespace = await namespaceFor('upgrade')
    warm = await makeBot(namespace, 'warm')
    sleepers = await Promise.all(['one', 'two', 'three'].map((name) => makeBot(namespace, name)))
    for (const name of ['warm', 'one', 'two', 'three']) await botReady(namespace, name)
    await asleep(namespace, 'one', 120)
  })

  it('is upgraded under a steady stream: no webhook fails, none is lost, none is answered twice', async () => {
    showWhenFailed(namespace)
    // Each sleeper hears something every 45 s: by then it has no pod.
    const streams = [streamTo([warm], 10), streamTo(sleepers, 1 / 15)]
    await sleep(5_000)
    await applyLinebot()
    await linebotReady()
    const stale = await triggersOfBefore(old)
    for (const name of stale) await remove('Trigger', 'linebot-system', name)
    await until('all bots run the new image', 120, async () => {
      const images = await Promise.all(['warm', 'one', 'two', 'three'].map((name) => imageOf(namespace, name)))
      return images.every((image) => image === world.image)
    })
    for (const name of ['warm', 'one', 'two', 'three']) await botReady(namespace, name)
    await sleep(20_000)
    const sent = (await Promise.all(streams.map((stream) => stream.stop()))).flat()

    const { failed, lost, doubled, tried } = await accountOf(sent)
    console.log(
      `upgrade: ${sent.length} webhooks, ${failed.length} failed, ${lost.length} lost, ${doubled.length} doubled; ${tried} replies tried again; slowest ack ${Math.max(...sent.map(({ ms }) => ms))} ms; removed ${stale.join(' ')}`,
    )
    expect({ failed, lost, doubled }).toEqual({ failed: [], lost: [], doubled: [] })
    expect((await list('Service', 'linebot-system')).every(isReady)).toBe(true)
  })
})

/** Triggers of webhooks that the new release does not have; what `linebot doctor` names. */
async function triggersOfBefore(old: ReadonlySet<string>): Promise<string[]> {
  const all = (await triggers()).filter(({ spec }) => spec.broker === 'incoming').map(({ metadata }) => metadata.name)
  const added = all.filter((name) => !old.has(name))
  return added.length === 0 ? [] : all.filter((name) => old.has(name))
}
