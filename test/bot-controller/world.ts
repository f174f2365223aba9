import type { LineAnswers, Question } from '../../functions/bot-controller/line.ts'
import type { BotSeen, Service } from '../../functions/bot-controller/see.ts'
import type { BotDefaults } from '../../functions/bot-controller/wanted.ts'
import type { Obj } from '../../functions/core/object.ts'
import type { Step } from '../../functions/core/plan.ts'
import { aBinding, aBot, aSecret } from '../objects.ts'

/** Worlds that a Bot can be in, as the bot-controller sees them. */

export const defaults: BotDefaults = { image: 'linebot:1', lineApi: 'https://api.line.me' }
export const now = new Date('2026-11-21T08:00:00.789Z')
export const url = 'https://front-door.example/webhook/demo/hello'

export const compiled = (name = 'hello', hash = 'abc', over: Parameters<typeof aBinding>[1] = {}) =>
  aBinding(name, {
    status: { observedGeneration: 1, events: 1, rules: { count: 2, hash, configMaps: [`${name}-rules-${hash}`] } },
    ...over,
  })

export const frontDoor: Service = {
  apiVersion: 'serving.knative.dev/v1',
  kind: 'Service',
  metadata: { name: 'front-door', namespace: 'linebot-system' },
  status: { url: 'https://front-door.example', address: { url: 'http://front-door.internal' } },
}

/** Everything that a Bot needs is there; nothing has been made of it yet. */
export const complete = (over: Partial<BotSeen> = {}): BotSeen => ({
  bot: aBot(),
  access: 'Enabled',
  secret: aSecret(),
  bindings: [compiled()],
  configMaps: new Set(['hello-rules-abc']),
  nameTaken: false,
  frontDoor,
  ...over,
})

export const readyService = (wanted: Obj, over: Service['status'] = {}): Service => ({
  ...wanted,
  metadata: { ...wanted.metadata, generation: 1 },
  status: {
    observedGeneration: 1,
    url: 'http://hello.demo.example',
    address: { url: 'http://hello.demo.svc.cluster.local' },
    latestReadyRevisionName: 'hello-00001',
    conditions: [{ type: 'Ready', status: 'True' }],
    ...over,
  },
})

const question: Question = { credentials: { channelSecret: 's', channelId: '1' }, hash: 'h', url }

export const answers = (over: Partial<LineAnswers> = {}): LineAnswers => ({
  question,
  info: { userId: 'U1', basicId: '@abc', displayName: 'Hello' },
  endpoint: { endpoint: url, active: true },
  test: { success: true, statusCode: 200, reason: 'OK', detail: '200' },
  ...over,
})

/** The Service that the steps apply. */
export const serviceIn = (steps: readonly Step[]): Obj | undefined => {
  const step = steps.find((one) => one.do === 'apply')
  return step?.do === 'apply' ? step.object : undefined
}

interface Status {
  readonly conditions: { type: string; status: string; reason: string; message: string }[]
  readonly [other: string]: unknown
}

/** The status that the steps tell. */
export const statusIn = (steps: readonly Step[]): Status | undefined => {
  const step = steps.find((one) => one.do === 'status')
  // Made by reconcile, whose own types say so.
  return step?.do === 'status' ? (step.object as Obj & { status: Status }).status : undefined
}

/** The world after the steps: the Service applied, the status told. */
export function after(steps: readonly Step[], seen: BotSeen): BotSeen {
  const service = serviceIn(steps)
  const status = statusIn(steps)
  return {
    ...seen,
    ...(service && { service: { ...seen.service, ...service, metadata: { ...service.metadata, generation: 1 } } }),
    // Read back by another run: a status of the Bot's own shape.
    ...(status && { bot: { ...seen.bot, status: status as unknown as NonNullable<BotSeen['bot']['status']> } }),
  }
}
