import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endStories } from './install.ts'
import { kubectl, patch } from './kube.ts'
import { answerTo } from './line.ts'
import { botReady, botWith, conditionOf, makeBot, namespaceFor, podsOf, showWhenFailed } from './story.ts'
import { until } from './until.ts'
import { world } from './world.ts'

let namespace: string
beforeAll(async () => {
  await endStories()
  namespace = await namespaceFor('template')
})

const flags = ['kubernetes.podspec-nodeselector', 'kubernetes.podspec-init-containers']
const features = (value: string | null) =>
  patch('ConfigMap', 'knative-serving', 'config-features', {
    data: Object.fromEntries(flags.map((flag) => [flag, value])),
  })
afterAll(() => features(null))

/** Something that runs in the image of every function, as `restricted` Pod Security wants it. */
const program = (name: string, code: string) => ({
  name,
  image: world.image,
  command: ['/nodejs/bin/node', '-e', code],
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
    runAsUser: 65532,
    seccompProfile: { type: 'RuntimeDefault' },
  },
})

describe('spec.template', () => {
  it('adds a sidecar, a volume, variables and resources with Knative’s default flags', async () => {
    showWhenFailed(namespace)
    const mount = [{ name: 'shared', mountPath: '/shared' }]
    const sidecar = program('sidecar', 'setInterval(() => {}, 1000); process.on("SIGTERM", process.exit)')
    const channel = await makeBot(namespace, 'accompanied', {
      template: {
        metadata: { labels: { team: 'blue' }, annotations: { 'example.com/note': 'kept' } },
        spec: {
          volumes: [{ name: 'shared', emptyDir: {} }],
          containers: [
            {
              name: 'bot',
              volumeMounts: mount,
              resources: { limits: { memory: '200Mi' } },
              env: [{ name: 'TZ', value: 'Asia/Tokyo' }],
            },
            { ...sidecar, volumeMounts: mount },
          ],
        },
      },
    })
    await botReady(namespace, 'accompanied', 120)
    expect(await answerTo(channel, 'hi')).toBe('hello from accompanied')
    const [pod] = await podsOf(namespace, 'accompanied')
    expect(pod?.metadata).toMatchObject({ labels: { team: 'blue' }, annotations: { 'example.com/note': 'kept' } })
    expect(pod?.spec.containers.map(({ name }: { name: string }) => name).toSorted()).toEqual([
      'bot',
      'queue-proxy',
      'sidecar',
    ])
    expect(pod?.spec.containers).toContainEqual(
      expect.objectContaining({ name: 'bot', resources: expect.objectContaining({ limits: { memory: '200Mi' } }) }),
    )
    expect(pod?.spec.volumes).toContainEqual({ name: 'shared', emptyDir: {} })
  })

  it('that asks for more names the flags; the command in the condition is all that it takes', async () => {
    showWhenFailed(namespace)
    const channel = await makeBot(namespace, 'choosy', {
      template: {
        spec: {
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          initContainers: [program('first', 'console.log("first")')],
        },
      },
    })
    const bot = await botWith(namespace, 'choosy', 'Ready', { status: 'False', reason: 'FlagMissing' })
    const message = String(conditionOf(bot, 'ServiceReady')?.message)
    for (const flag of flags) expect(message).toContain(flag)
    const [, command = ''] = /`(kubectl patch [^`]+)`/.exec(message) ?? []
    await promisify(execFile)('sh', ['-c', command])
    await botReady(namespace, 'choosy', 180)
    expect(await answerTo(channel, 'hi')).toBe('hello from choosy')
    const [pod] = await podsOf(namespace, 'choosy')
    expect(pod?.spec).toMatchObject({
      nodeSelector: { 'kubernetes.io/os': 'linux' },
      initContainers: [{ name: 'first' }],
    })
  })

  it('that was refused leaves what ran before as it is', async () => {
    showWhenFailed(namespace)
    const channel = await makeBot(namespace, 'kept')
    await botReady(namespace, 'kept')
    await patch('Bot', namespace, 'kept', { spec: { template: { spec: { hostNetwork: true } } } })
    const bot = await botWith(namespace, 'kept', 'ServiceReady', { status: 'False', reason: 'FlagMissing' })
    expect(conditionOf(bot, 'ServiceReady')?.message).toContain('"kubernetes.podspec-hostnetwork":"enabled"')
    expect(await answerTo(channel, 'hi')).toBe('hello from kept')
  })
})

describe('kubectl scale', () => {
  it('keeps pods warm, as spec.scale.min does, and lets them sleep again', async () => {
    showWhenFailed(namespace)
    const channel = await makeBot(namespace, 'scaled')
    await botReady(namespace, 'scaled')
    await kubectl('scale', 'lbot/scaled', '-n', namespace, '--replicas=2')
    const running = async () =>
      (await podsOf(namespace, 'scaled')).filter(
        ({ metadata, status }) => !metadata.deletionTimestamp && status.phase === 'Running',
      )
    await until('two pods of the Revision of now are there', 90, async () => (await running()).length === 2)
    expect((await botReady(namespace, 'scaled')).status.replicas).toBe(2)
    expect(await answerTo(channel, 'hi')).toBe('hello from scaled')
    await kubectl('scale', 'lbot/scaled', '-n', namespace, '--replicas=0')
    await until('it sleeps', 120, async () => (await running()).length === 0)
    expect(await answerTo(channel, 'hi')).toBe('hello from scaled')
  })
})
