import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { applyLinebot, linebotReady } from './install.ts'
import { back, kill, killApiServer, type Part, parts, persist, renew } from './kill.ts'
import { apply, get, type Kind, list, patch, remove, type Thing } from './kube.ts'
import { type Channel, makeChannel, replyTo, say, textOf } from './line.ts'
import { bindingFor, botFor, conditionOf, eventFor, namespaceFor, secretFor, showWhenFailed } from './story.ts'
import { ringForSweep } from './sweep.ts'
import { until } from './until.ts'
import { world } from './world.ts'

/**
 * Bots and Events are made, changed and deleted while one part after the other is killed. Events of the API server may
 * be lost then; one sweep must find all of it.
 */

const bots = Array.from({ length: world.churn }, (_, i) => `churn-${i}`)
const perBot = 4
const wordsOf = (bot: string) => Array.from({ length: perBot }, (_, n) => `${bot}-word-${n}`)

/** Every third Bot goes with all that is its own; every third loses one Event. */
const goes = (bot: string) => bots.indexOf(bot) % 3 === 0
const left = (bot: string) => (goes(bot) ? [] : wordsOf(bot).slice(bots.indexOf(bot) % 3 === 1 ? 1 : 0))

let namespace: string
const channels = new Map<string, Channel>()

// A Bot is Ready without a pod then, so that many of them fit on a small machine.
const zero = 'allow-zero-initial-scale'
const allowZero = (value: 'true' | null) =>
  patch('ConfigMap', 'knative-serving', 'config-autoscaler', { data: { [zero]: value } })

beforeAll(async () => {
  await renew()
  await applyLinebot()
  await linebotReady()
  namespace = await namespaceFor('churn')
  await allowZero('true')
  for (const bot of bots) channels.set(bot, await makeChannel(`${namespace}-${bot}`))
})
afterAll(() => allowZero(null))

type Step = () => Promise<unknown>

const put = (kind: Kind, thing: Thing): Step => {
  return () => apply(kind, namespace, thing)
}
const drop = (kind: Kind, name: string): Step => {
  return async () => (await get(kind, namespace, name)) && remove(kind, namespace, name)
}

const making = (bot: string, channel: Channel): Step[] => [
  put('Secret', secretFor(bot, channel)),
  put('EventBinding', bindingFor(bot, { matchLabels: { bot } })),
  ...wordsOf(bot).map((word) => put('Event', eventFor(word, word, 'first', { bot }))),
  put('Bot', sleepy(bot, 6)),
]
const changing = (bot: string): Step[] => [
  ...wordsOf(bot).map((word) => put('Event', eventFor(word, word, 'changed', { bot }))),
  put('Bot', sleepy(bot, 7)),
]
const deleting = (bot: string): Step[] => [
  ...wordsOf(bot)
    .filter((word) => !left(bot).includes(word))
    .map((word) => drop('Event', word)),
  ...(goes(bot) ? [drop('EventBinding', bot), drop('Bot', bot), drop('Secret', bot)] : []),
]

const sleepy = (bot: string, idleSeconds: number) =>
  botFor(bot, {
    scale: { idleSeconds },
    template: { metadata: { annotations: { 'autoscaling.knative.dev/initial-scale': '0' } } },
  })

/** At any time some are made, some changed, some deleted. */
function steps(): Step[] {
  const half = bots.length / 2
  const all = bots.flatMap((bot, i) => {
    const channel = channels.get(bot)
    if (!channel) throw new Error(`${bot} has no channel`)
    return [
      { at: i, steps: making(bot, channel) },
      { at: i + half, steps: changing(bot) },
      { at: i + 2 * half, steps: deleting(bot) },
    ]
  })
  return all.toSorted((a, b) => a.at - b.at).flatMap(({ steps: some }) => some)
}

/** A share of the steps for each of `count`, as even as it goes. */
const shared = (all: readonly Step[], count: number) =>
  Array.from({ length: count }, (_, i) => all.slice((i * all.length) / count, ((i + 1) * all.length) / count))

/** All that is not yet as it should be. */
async function unsettled(): Promise<string[]> {
  const [nowBots, bindings, events, services, configMaps] = await Promise.all(
    (['Bot', 'EventBinding', 'Event', 'Service', 'ConfigMap'] as const).map((kind) => list(kind, namespace)),
  )
  const wanted = bots.filter((bot) => !goes(bot))
  const names = (things: readonly Thing[] = []) => things.map(({ metadata }) => metadata.name)
  const owners = (thing: Thing) => thing.metadata.ownerReferences?.map(({ name }) => name) ?? []
  const wrong = {
    'Bot missing': wanted.filter((bot) => !names(nowBots).includes(bot)),
    'Bot left over': names(nowBots).filter((bot) => !wanted.includes(bot)),
    'Bot untrue': names(
      nowBots?.filter((bot) => !isTrue(bot) || bot.status.rules.count !== left(bot.metadata.name).length),
    ),
    'EventBinding untrue': names(bindings?.filter((binding) => !isTrue(binding))),
    'Event untrue': names(events?.filter((event) => !isTrue(event))),
    'Service missing': wanted.filter((bot) => !names(services).includes(bot)),
    'Service left over': names(services).filter((service) => !wanted.includes(service)),
    'ConfigMap left over': names(
      configMaps?.filter((one) => owners(one).length > 0 && !owners(one).some((owner) => wanted.includes(owner))),
    ),
  }
  return Object.entries(wrong).flatMap(([what, some]) => some.map((name) => `${what}: ${name}`))
}

const isTrue = (thing: Thing) =>
  conditionOf(thing, 'Ready')?.status === 'True' && thing.status.observedGeneration === thing.metadata.generation

/** What is left unsettled once nothing has moved for a while: no event is on its way any more. */
async function afterQuiet(seconds: number): Promise<readonly string[]> {
  let seen: readonly string[] = ['nothing yet']
  let since = performance.now()
  return until('nothing moves', 240, async () => {
    const now = await unsettled()
    if (now.join() !== seen.join()) since = performance.now()
    seen = now
    return (now.length === 0 || performance.now() - since > seconds * 1000) && now
  })
}

describe('while the parts are killed one after another', () => {
  it(`${bots.length} Bots and ${bots.length * perBot} Events are made, changed and deleted, and after one sweep all is true`, async () => {
    showWhenFailed(namespace)
    const { frontDoor: _, ...others } = parts
    const victims: readonly (Part | undefined)[] = [...Object.values(others), undefined]
    const rows: string[] = []
    for (const [i, share] of shared(steps(), victims.length).entries()) {
      const part = victims[i]
      const started = performance.now()
      const early = share.slice(0, share.length / 3)
      for (const step of early) await persist('a change', step)
      const pod = part && kill(part)
      const apiServer = part ? undefined : killApiServer()
      for (const step of share.slice(early.length)) await persist('a change', step)
      const killed = Boolean(await (pod ?? apiServer))
      const mayBeAway = part ? part.sleeps : world.killApiServer === undefined
      expect({ part, killed: killed || mayBeAway }).toEqual({ part, killed: true })
      if (part) await persist(`${part.what} is back`, async () => back(part, await pod))
      await sleep(1000)
      const open = (await persist('the list', unsettledSoFar)).length
      rows.push(
        `| ${part?.what ?? 'the API server'} | ${killed ? 'killed' : 'not there'} | ${share.length} | ${((performance.now() - started) / 1000).toFixed(1)} | ${open} |`,
      )
    }
    const bySweep = await afterQuiet(20)
    const started = performance.now()
    await ringForSweep()
    let rest: readonly string[] = []
    await until(
      'after one sweep every status is true, nothing is left over and nothing is missing',
      120,
      async () => {
        rest = await unsettled()
        return rest.length === 0
      },
      () => rest,
    )
    console.log(
      [
        '| killed | | changes meanwhile | s | Bots, Events, EventBindings not settled then |',
        '| --- | --- | --: | --: | --: |',
        ...rows,
        `only the sweep found ${bySweep.length}: ${bySweep.join(', ') || 'nothing'}; all true ${((performance.now() - started) / 1000).toFixed(1)} s after it`,
      ].join('\n'),
    )
    const asked = bots.filter((bot) => !goes(bot))
    // A few at a time: each starts from zero.
    while (asked.length > 0) await Promise.all(asked.splice(0, 4).map(answersAsChanged))
  }, 600_000)
})

async function answersAsChanged(bot: string): Promise<void> {
  const channel = channels.get(bot)
  const word = left(bot).at(-1)
  if (!channel || !word) throw new Error(`${bot} has nothing to say`)
  expect(textOf(await replyTo(await say(channel, word)))).toBe('changed')
}

/** Of what is there now. */
async function unsettledSoFar(): Promise<readonly Thing[]> {
  const all = await Promise.all((['Bot', 'EventBinding', 'Event'] as const).map((kind) => list(kind, namespace)))
  return all.flat().filter((thing) => !isTrue(thing))
}
