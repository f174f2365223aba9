import { expect, it } from 'vitest'
import { serviceFor } from '../../functions/bot-controller/wanted.ts'
import type { Bot } from '../../functions/core/resources/bot.ts'
import { aBot, aSecret, type Over } from '../objects.ts'
import { compiled, complete, defaults } from './world.ts'

interface Wanted {
  readonly metadata: { labels: Record<string, string>; annotations: Record<string, string> }
  readonly spec: {
    template: {
      metadata: { labels: Record<string, string>; annotations: Record<string, string> }
      spec: { containers: Record<string, unknown>[]; volumes: Record<string, unknown>[]; [other: string]: unknown }
    }
  }
}

const made = (over: Parameters<typeof complete>[0] = {}): Wanted =>
  serviceFor(complete(over), defaults) as unknown as Wanted
const withSpec = (spec: Over<Bot['spec'], Bot['status']>['spec']) => made({ bot: aBot('hello', { spec: spec ?? {} }) })

it('makes the same bytes of the same world', () => {
  expect(JSON.stringify(made())).toBe(JSON.stringify(made()))
})

it('hides the bot behind the front door, and shows it with Direct delivery', () => {
  expect(made().metadata.labels['networking.knative.dev/visibility']).toBe('cluster-local')
  expect(withSpec({ delivery: 'Direct' }).metadata.labels).not.toHaveProperty('networking.knative.dev/visibility')
})

it('makes a new Revision of other rules, another Secret and another scale, and of nothing else', () => {
  const template = (over: Parameters<typeof complete>[0]) => JSON.stringify(made(over).spec.template)
  const plain = template({})
  expect(template({ bindings: [compiled('hello', 'xyz')] })).not.toBe(plain)
  expect(template({ secret: aSecret({ channelId: '1', channelSecret: 'rotated' }) })).not.toBe(plain)
  expect(
    template({ bot: aBot('hello', { spec: { scale: { min: 1, max: 10, concurrency: 100, idleSeconds: 60 } } }) }),
  ).not.toBe(plain)
  expect(
    template({ bot: aBot('hello', { generation: 7, labels: { x: 'y' }, spec: { webhook: { register: false } } }) }),
  ).toBe(plain)
})

it('never shows a credential', () => {
  expect(
    JSON.stringify(
      made({ secret: aSecret({ channelId: '1', channelSecret: 'hush-hush', channelAccessToken: 'also-hushed' }) }),
    ),
  ).not.toMatch(/hush/)
})

it('mounts the rules of every binding in one volume', () => {
  const { volumes } = made({
    bot: aBot('hello', { spec: { selector: {} } }),
    bindings: [compiled('b', '2'), compiled('a', '1')],
    configMaps: new Set(['a-rules-1', 'b-rules-2']),
  }).spec.template.spec
  const sources = (volumes[0] as { projected: { sources: { configMap: { name: string } }[] } }).projected.sources
  expect(sources.map(({ configMap }) => configMap.name)).toEqual(['a-rules-1', 'b-rules-2'])
})

it('passes spec.template through, under what is ours', () => {
  const { metadata, spec } = withSpec({
    template: {
      metadata: { labels: { team: 'x', 'linebot.dev/bot': 'not-this' }, annotations: { note: 'y' } },
      spec: {
        nodeSelector: { disk: 'ssd' },
        volumes: [{ name: 'theirs', emptyDir: {} }],
        containers: [
          {
            name: 'bot',
            resources: { requests: { cpu: '1' } },
            env: [
              { name: 'TZ', value: 'Asia/Tokyo' },
              { name: 'LINEBOT_NAME', value: 'not-this' },
            ],
            securityContext: { runAsUser: 1000, allowPrivilegeEscalation: true },
          },
          { name: 'sidecar', image: 'side:1' },
        ],
      },
    },
  }).spec.template
  expect(metadata).toMatchObject({ labels: { team: 'x', 'linebot.dev/bot': 'hello' }, annotations: { note: 'y' } })
  expect(spec).toMatchObject({ nodeSelector: { disk: 'ssd' }, automountServiceAccountToken: false })
  expect(spec.volumes.map(({ name }) => name)).toEqual(['theirs', 'linebot-rules', 'linebot-channel'])
  expect(spec.containers).toMatchObject([
    {
      name: 'bot',
      image: 'linebot:1',
      ports: [{ containerPort: 8080 }],
      resources: { requests: { cpu: '1' } },
      securityContext: { runAsUser: 1000, allowPrivilegeEscalation: false, runAsNonRoot: true },
    },
    { name: 'sidecar', image: 'side:1' },
  ])
  expect(spec.containers[0]?.env).toEqual(
    expect.arrayContaining([
      { name: 'TZ', value: 'Asia/Tokyo' },
      { name: 'LINEBOT_NAME', value: 'hello' },
    ]),
  )
  expect(JSON.stringify(spec.containers[0]?.env)).not.toContain('not-this')
})

it('pulls its image with the Secret of the installation, besides its own', () => {
  expect(made().spec.template.spec).not.toHaveProperty('imagePullSecrets')
  const bot = aBot('hello', { spec: { template: { spec: { imagePullSecrets: [{ name: 'mine' }] } } } })
  const service = serviceFor(complete({ bot }), { ...defaults, pullSecret: 'registry' }) as unknown as Wanted
  expect(service.spec.template.spec.imagePullSecrets).toEqual([{ name: 'mine' }, { name: 'registry' }])
})

it('gives a Revision three minutes to come up, or as long as spec.template says', () => {
  const deadlineOf = ({ spec }: Wanted) => spec.template.metadata.annotations['serving.knative.dev/progress-deadline']
  expect(deadlineOf(made())).toBe('180s')
  const template = { metadata: { annotations: { 'serving.knative.dev/progress-deadline': '900s' } } }
  expect(deadlineOf(withSpec({ template }))).toBe('900s')
})

it.each([
  [undefined, 300],
  [60, 60],
  [600, 300],
  [0, 300],
])('has a timeout of 300 s, or a shorter one of spec.template: %s', (timeoutSeconds, seconds) => {
  const { spec } = withSpec({ template: { spec: { ...(timeoutSeconds !== undefined && { timeoutSeconds }) } } })
  expect(spec.template.spec.timeoutSeconds).toBe(seconds)
})

it('tells the bot how to behave', () => {
  const env = withSpec({ suspend: true, logLevel: 'Debug', groups: { answer: 'WhenMentioned', prefix: '!' } }).spec
    .template.spec.containers[0]?.env
  expect(env).toEqual(
    expect.arrayContaining([
      { name: 'LINEBOT_NAMESPACE', value: 'demo' },
      { name: 'LINEBOT_SUSPEND', value: 'true' },
      { name: 'LINEBOT_LOG_LEVEL', value: 'Debug' },
      { name: 'LINEBOT_GROUPS_ANSWER', value: 'WhenMentioned' },
      { name: 'LINEBOT_GROUPS_PREFIX', value: '!' },
    ]),
  )
})

it('tells the bot what to do about late answers, pushes and quiet hours, as far as they can be understood', () => {
  const lateAnswers = { policy: 'Button', text: '請稍候', label: '看答案', expired: '請再問一次' } as const
  const quietHours = { timeZone: 'Asia/Taipei', times: [{ from: '22:00', until: '07:00' }] }
  const envWith = (spec: Partial<Bot['spec']>) => withSpec(spec).spec.template.spec.containers[0]?.env
  expect(envWith({ lateAnswers, push: { monthlyBudget: 200 }, quietHours })).toEqual(
    expect.arrayContaining([
      { name: 'LINEBOT_LATE_POLICY', value: 'Button' },
      { name: 'LINEBOT_LATE_TEXT', value: '請稍候' },
      { name: 'LINEBOT_LATE_LABEL', value: '看答案' },
      { name: 'LINEBOT_LATE_EXPIRED', value: '請再問一次' },
      { name: 'LINEBOT_PUSH_BUDGET', value: '200' },
      { name: 'LINEBOT_QUIET_HOURS', value: JSON.stringify(quietHours) },
    ]),
  )
  expect(JSON.stringify(envWith({ quietHours: { timeZone: 'Asia/Taipeh' } }))).not.toContain('QUIET')
  const long = envWith({ lateAnswers: { ...lateAnswers, text: '請'.repeat(161), label: '看'.repeat(21) } })
  expect(JSON.stringify(long)).not.toMatch(/LATE_(?:TEXT|LABEL)/)
})
