import { exec } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { storyLabel } from './install.ts'
import { create, get, kubectl, list, type Thing } from './kube.ts'
import { until } from './until.ts'
import { world } from './world.ts'

/** A part of the installation, by the pods that are it. */
export interface Part {
  readonly what: string
  readonly namespace: string
  readonly labels: string
  /** One of those that sleep: killed where it is awake, and not waited for. */
  readonly sleeps?: true
}

const eventing = 'knative-eventing'
const system = 'linebot-system'

export const parts = {
  adapter: { what: 'the source’s adapter', namespace: system, labels: 'eventing.knative.dev/sourceName=changes' },
  dispatcher: {
    what: 'in-memory channel: dispatcher',
    namespace: eventing,
    labels: 'messaging.knative.dev/role=dispatcher',
  },
  ingress: { what: 'Broker: ingress', namespace: eventing, labels: 'eventing.knative.dev/brokerRole=ingress' },
  filter: { what: 'Broker: filter', namespace: eventing, labels: 'eventing.knative.dev/brokerRole=filter' },
  activator: { what: 'activator', namespace: 'knative-serving', labels: 'app=activator' },
  eventController: {
    what: 'event-controller',
    namespace: system,
    labels: 'serving.knative.dev/service=event-controller',
    sleeps: true,
  },
  botController: {
    what: 'bot-controller',
    namespace: system,
    labels: 'serving.knative.dev/service=bot-controller',
    sleeps: true,
  },
  frontDoor: { what: 'front door (one of two)', namespace: system, labels: 'serving.knative.dev/service=front-door' },
} as const satisfies Record<string, Part>

const present = ({ metadata }: Thing) => metadata.deletionTimestamp === undefined

export const podsOfPart = async ({ namespace, labels }: Part): Promise<readonly Thing[]> =>
  (await list('Pod', namespace, labels)).filter(present)

/**
 * SIGKILL to every process of one pod of the part, all at once and without a word, as when the node's power goes; its
 * containers are started again in place. Of several pods it is the one that died least often. Returns the pod as it was;
 * undefined when there is none now.
 */
export async function kill(part: Part): Promise<Thing | undefined> {
  const [pod] = (await podsOfPart(part)).toSorted((one, other) => restartsOf(one) - restartsOf(other))
  if (!pod) return undefined
  await kubectl(
    'exec',
    '-n',
    'default',
    await killerOn(pod.spec.nodeName),
    '--',
    ...node(killing(pod.metadata.uid ?? '')),
  )
  return pod
}

const restartsOf = ({ status }: Thing): number =>
  (status?.containerStatuses ?? []).reduce((sum: number, { restartCount }: Thing['status']) => sum + restartCount, 0)

/**
 * New pods for all parts that do not sleep: the kubelet lets a container that was killed a second time within ten
 * minutes wait for it, and what an earlier story killed would be away for longer each time.
 */
export async function renew(): Promise<void> {
  const always = Object.values<Part>(parts).filter(({ sleeps }) => !sleeps)
  for (const { namespace, labels } of always)
    await kubectl('delete', 'pods', '-n', namespace, '-l', labels, '--grace-period=1', '--ignore-not-found')
  for (const part of always) if ((await podsOfPart(part)).length > 0) await back(part)
}

/** Resolves when the part serves again. For seconds a pod that was killed still says Ready: it counts once it has started anew. */
export async function back(part: Part, killed?: Thing): Promise<void> {
  if (part.sleeps) return
  const anew = (pod: Thing) =>
    !killed || pod.metadata.uid !== killed.metadata.uid || restartsOf(pod) > restartsOf(killed)
  await until(`${part.what} is back`, 120, async () => {
    const pods = await podsOfPart(part)
    return pods.length > 0 && pods.every((pod) => isUp(pod) && anew(pod))
  })
}

export const isUp = ({ status }: Thing): boolean =>
  status?.conditions?.some(({ type, status: is }: Thing['status']) => type === 'Ready' && is === 'True')

/** Ends the API server and starts it again; false where nobody said how. */
export async function killApiServer(): Promise<boolean> {
  if (world.killApiServer === undefined) return false
  await promisify(exec)(world.killApiServer)
  return true
}

/** Whatever the API server's absence made of it is tried again; what it refuses is not. */
export async function persist<T>(what: string, action: () => Promise<T>): Promise<T> {
  const end = performance.now() + 90_000
  for (;;) {
    try {
      return await action()
    } catch (error) {
      const status = error instanceof Error && 'status' in error ? Number(error.status) : undefined
      if (status !== undefined && status < 500 && status !== 429 && !isStarting(error)) throw error
      if (performance.now() > end) throw new Error(`not within 90 s: ${what}`, { cause: error })
      await sleep(500)
    }
  }
}

/** An API server says 403 to everybody until its admission plugins know the cluster. */
const isStarting = (error: unknown) => error instanceof Error && error.message.includes('not yet ready')

/** A pod's processes are those whose cgroup names it; its pause container has no part in the work. */
const killing = (uid: string) => `
  const { readdirSync, readFileSync } = require('node:fs')
  const read = (pid, file) => { try { return readFileSync('/proc/' + pid + '/' + file, 'utf8') } catch { return '' } }
  for (const pid of readdirSync('/proc').filter((name) => /^\\d+$/.test(name))) {
    if (read(pid, 'cgroup').replaceAll('_', '-').includes('${uid}') && read(pid, 'comm') !== 'pause\\n') try { process.kill(Number(pid), 'SIGKILL') } catch {}
  }`

const node = (program: string) => ['/nodejs/bin/node', '-e', program]

/** A pod that may end any process of its node. */
async function killerOn(nodeName: string): Promise<string> {
  const name = `story-killer-${nodeName}`
  if (!(await get('Pod', 'default', name))) {
    await create('Pod', 'default', {
      metadata: { name, labels: { [storyLabel]: 'kill' } },
      spec: {
        nodeName,
        hostPID: true,
        terminationGracePeriodSeconds: 0,
        containers: [
          {
            name: 'killer',
            image: world.image,
            command: node('setInterval(() => {}, 60_000)'),
            securityContext: { privileged: true, runAsUser: 0 },
          },
        ],
      },
    })
  }
  await until(`${name} runs`, 60, async () => (await get('Pod', 'default', name))?.status.phase === 'Running')
  return name
}
