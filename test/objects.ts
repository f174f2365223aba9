import { apiVersion, label } from '../functions/core/names.ts'
import type { Stored } from '../functions/core/object.ts'
import type { EventBinding } from '../functions/core/resources/binding.ts'
import type { Bot } from '../functions/core/resources/bot.ts'
import type { EventResource } from '../functions/core/resources/event.ts'
import type { SecretObject } from '../functions/core/secret.ts'

/** Objects as the API server would give them back: complete, with defaults; each takes what a test cares about. */

export interface Over<Spec, Status> {
  readonly labels?: Record<string, string>
  readonly generation?: number
  readonly spec?: Partial<Spec>
  readonly status?: Status
}

const meta = (name: string, { labels, generation = 1 }: Over<unknown, unknown>) => ({
  name,
  namespace: 'demo',
  uid: `uid-of-${name}`,
  generation,
  ...(labels && { labels }),
})

export const aBot = (name = 'hello', over: Over<Bot['spec'], Bot['status']> = {}): Stored<Bot> => ({
  apiVersion,
  kind: 'Bot',
  metadata: meta(name, over),
  spec: {
    channel: { secretName: 'hello-channel' },
    delivery: 'FrontDoor',
    webhook: { register: true },
    scale: { min: 0, max: 10, concurrency: 100, idleSeconds: 60 },
    groups: { answer: 'Always' },
    lateAnswers: { policy: 'Say', label: 'Get the answer' },
    push: { monthlyBudget: 0 },
    logLevel: 'Info',
    suspend: false,
    ...over.spec,
  },
  ...(over.status && { status: over.status }),
})

export const aBinding = (
  name = 'hello',
  over: Over<EventBinding['spec'], EventBinding['status']> = {},
): Stored<EventBinding> => ({
  apiVersion,
  kind: 'EventBinding',
  metadata: meta(name, over),
  spec: { selector: {}, priority: 0, ...over.spec },
  ...(over.status && { status: over.status }),
})

export const anEvent = (
  name = 'greet',
  over: Over<EventResource['spec'], EventResource['status']> = {},
): Stored<EventResource> => ({
  apiVersion,
  kind: 'Event',
  metadata: meta(name, over),
  spec: {
    type: 'message',
    rules: [{ keywords: ['hi'], match: 'Exact', priority: 0, reply: [{ type: 'text', text: 'Hello' }] }],
    ...over.spec,
  },
  ...(over.status && { status: over.status }),
})

/** As a Secret holds it: in base64. */
export const dataOf = (texts: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString('base64')]))

/** A channel's. */
export const aSecret = (
  texts: Readonly<Record<string, string>> = { channelId: '1', channelSecret: 's' },
  { name = 'hello-channel', namespace = 'demo', labelled = true } = {},
): SecretObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace, ...(labelled && { labels: { [label.credentials]: 'true' } }) },
  data: dataOf(texts),
})
