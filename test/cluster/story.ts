import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { onTestFailed } from 'vitest'
import { dataOf } from '../objects.ts'
import { storyLabel } from './install.ts'
import { apply, get, type Kind, kubectl, list, type Thing } from './kube.ts'
import { type Channel, makeChannel } from './line.ts'
import { surroundings, until } from './until.ts'

const root = join(import.meta.dirname, '../..')

/** Makes a namespace for a story, and enables it as a user does. */
export async function namespaceFor(story: string, { enabled = true } = {}): Promise<string> {
  const namespace = `story-${story}-${Date.now().toString(36)}`
  await kubectl('create', 'namespace', namespace)
  await kubectl('label', 'namespace', namespace, `${storyLabel}=${story}`)
  if (enabled) await linebot('enable', namespace)
  return namespace
}

/** Runs our own command as a person would; rejects where it ends with another code than 0. */
export const linebot = (...args: readonly string[]): Promise<{ stdout: string }> =>
  promisify(execFile)('npx', ['--no-install', 'linebot', ...args], { cwd: root })

/** To be called in a test: prints what a person would look at when it fails. */
export function showWhenFailed(namespace: string): void {
  onTestFailed(async () => console.log(await surroundings(namespace)), 30_000)
}

/** In base64 and not as stringData: a key that is left out is taken away by the next apply. */
export const secretWith = (name: string, keys: Readonly<Record<string, string>>): Thing => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, labels: { 'linebot.dev/credentials': 'true' } },
  data: dataOf(keys),
})

export const secretFor = (name: string, { id, secret }: Channel): Thing =>
  secretWith(name, { channelId: id, channelSecret: secret })

const ours = (kind: Kind, name: string, spec: unknown, labels?: Record<string, string>): Thing => ({
  apiVersion: 'linebot.dev/v1alpha1',
  kind,
  metadata: { name, ...(labels && { labels }) },
  spec,
})

/** A Bot that sleeps as soon as Knative lets it, so that a story need not wait long. */
export const botFor = (name: string, spec: Record<string, unknown> = {}): Thing =>
  ours('Bot', name, { channel: { secretName: name }, scale: { idleSeconds: 6 }, ...spec })

export const bindingFor = (name: string, selector: unknown = {}, priority = 0): Thing =>
  ours('EventBinding', name, { selector, priority })

/** An Event that answers a keyword with a text. */
export const eventFor = (name: string, keyword: string, text: string, labels?: Record<string, string>): Thing =>
  ours('Event', name, { type: 'message', rules: [{ keywords: [keyword], reply: [{ type: 'text', text }] }] }, labels)

/** An Event with any spec. */
export const eventWith = (name: string, spec: unknown, labels?: Record<string, string>): Thing =>
  ours('Event', name, spec, labels)

/** Applies each, in the order in which they stand. */
export async function applyAll(namespace: string, things: readonly Thing[]): Promise<void> {
  for (const thing of things) await apply(kindOf(thing), namespace, thing)
}

export function kindOf({ kind }: Thing): Kind {
  if (kind === 'Secret' || kind === 'Bot' || kind === 'Event' || kind === 'EventBinding') return kind
  throw new Error(`not a kind of these stories: ${kind}`)
}

/** A bot, its Secret, binding and one Event: `hi` → `hello from NAME`. All of its own channel. */
export async function makeBot(namespace: string, name: string, spec: Record<string, unknown> = {}): Promise<Channel> {
  const channel = await makeChannel(`${namespace}-${name}`)
  const labels = { bot: name }
  await applyAll(namespace, [
    secretFor(name, channel),
    bindingFor(name, { matchLabels: labels }),
    eventFor(`${name}-hi`, 'hi', `hello from ${name}`, labels),
    botFor(name, spec),
  ])
  return channel
}

export interface Condition {
  readonly type: string
  readonly status: string
  readonly reason: string
  readonly message: string
}

export const conditionOf = (thing: Thing | undefined, type: string): Condition | undefined =>
  thing?.status?.conditions?.find((condition: Condition) => condition.type === type)

/** The Bot once it is Ready as of its spec of now. It waits longer than a Bot does whose webhook LINE could not test. */
export const botReady = (namespace: string, name: string, seconds = 150): Promise<Thing> =>
  botWith(namespace, name, 'Ready', { status: 'True' }, seconds)

/** The Bot once a condition of it is so, as of its spec of now. */
export async function botWith(
  namespace: string,
  name: string,
  type: string,
  wanted: Partial<Condition>,
  seconds = 150,
): Promise<Thing> {
  let bot: Thing | undefined
  return until(
    `Bot ${namespace}/${name} has ${type} ${JSON.stringify(wanted)}`,
    seconds,
    async () => {
      bot = await get('Bot', namespace, name)
      const found = conditionOf(bot, type)
      if (!bot || !found || bot.status.observedGeneration !== bot.metadata.generation) return undefined
      const fits =
        (found.status === wanted.status || !wanted.status) && (found.reason === wanted.reason || !wanted.reason)
      return fits ? bot : undefined
    },
    () => bot?.status?.conditions,
  )
}

const podLabel = 'serving.knative.dev/service'

/** Pods of a Knative Service that are there, also those that are about to end. */
export const podsOf = (namespace: string, service: string): Promise<readonly Thing[]> =>
  list('Pod', namespace, `${podLabel}=${service}`)

/** Resolves when the Service has no pod at all. */
export const asleep = (namespace: string, service: string, seconds = 90): Promise<true> =>
  until(`${namespace}/${service} is at zero pods`, seconds, async () =>
    (await podsOf(namespace, service)).length === 0 ? true : undefined,
  )

/**
 * Resolves when all pods that are left are going: whoever asks then starts one. Knative lets a pod go half a minute
 * after it has told it to, for requests that may still be on their way.
 */
export const drowsy = (namespace: string, service: string, seconds = 90): Promise<boolean> =>
  until(`${namespace}/${service} has no pod that stays`, seconds, async () =>
    (await podsOf(namespace, service)).every(({ metadata }) => metadata.deletionTimestamp !== undefined),
  )

export const revisionsOf = (namespace: string, bot: string): Promise<readonly Thing[]> =>
  list('Revision', namespace, `linebot.dev/bot=${bot}`)
