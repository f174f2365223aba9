import { manifest, type Wishes } from '../../functions/build/manifest.ts'
import { type Kind, kubectl, kubectlWith, list, type Thing } from './kube.ts'
import { until } from './until.ts'
import { world } from './world.ts'

/** What a user applies, with LINE's stand-in for LINE. */
export const linebotYaml = (wishes: Wishes = {}): string =>
  manifest(world.image, { 'line-api': world.lineApi, ...wishes })

/** On every namespace of a story, so that the next run finds it. */
export const storyLabel = 'linebot-story'

/**
 * Takes away what the stories that were told have left: their bots would all follow what a story does to linebot.
 * The Bots first: Kubernetes empties a namespace of pods before it looks at anything else, and waits long for some.
 * Their namespaces go in their own time.
 */
export async function endStories(): Promise<void> {
  await deleteBots()
  await kubectl('delete', 'namespaces', '-l', storyLabel, '--wait=false')
  let left: string[] = []
  await until(
    'the bots of the stories of before are gone',
    280,
    async () => {
      const things = (await Promise.all([list('Bot'), list('Service', undefined, 'linebot.dev/bot')])).flat()
      left = things.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`)
      return left.length === 0
    },
    () => left,
  )
}

const deleteBots = () => kubectl('delete', 'lbot', '--all', '--all-namespaces', '--wait=false')

/** Takes away what an earlier run, or somebody's hand, left; resolves when it is gone. */
export async function uninstall(): Promise<void> {
  // Where the kinds are gone there are no Bots; kubectl takes that for an error.
  await deleteBots().catch(() => undefined)
  await kubectl('delete', 'namespaces', '-l', storyLabel, '--wait=false')
  await kubectlWith(linebotYaml(), 'delete', '--ignore-not-found', '--wait=false', '-f', '-')
  await until('linebot and the stories of before are gone', 280, async () => {
    const left = await Promise.all([
      kubectl('get', 'namespaces', '-l', storyLabel, '-o', 'name'),
      kubectl('get', 'namespaces', 'linebot-system', '--ignore-not-found', '-o', 'name'),
      kubectl(
        'get',
        'crds',
        'bots.linebot.dev',
        'events.linebot.dev',
        'eventbindings.linebot.dev',
        '--ignore-not-found',
      ),
    ])
    return left.every(({ stdout }) => stdout.trim() === '')
  })
}

export const applyLinebot = (wishes: Wishes = {}): Promise<{ stdout: string }> =>
  kubectlWith(linebotYaml(wishes), 'apply', '-f', '-')

const parts = ['Broker', 'Service', 'Trigger', 'ApiServerSource', 'PingSource', 'SinkBinding'] as const satisfies Kind[]

/** Resolves when all that we installed is Ready, twice in a row: the lists are not all of one moment. */
export async function linebotReady(): Promise<void> {
  let waiting: string[] = []
  let inARow = 0
  await until(
    'all parts of linebot are Ready',
    180,
    async () => {
      const things = (await Promise.all(parts.map((kind) => list(kind, 'linebot-system')))).flat()
      waiting = things.filter((thing) => !isReady(thing)).map(({ kind, metadata }) => `${kind} ${metadata.name}`)
      inARow = things.length >= parts.length && waiting.length === 0 ? inARow + 1 : 0
      return inARow === 2
    },
    () => waiting,
  )
}

/** Ready, as of what the object wants now. */
export const isReady = ({ metadata, status }: Thing): boolean =>
  status?.observedGeneration === metadata.generation &&
  status.conditions?.some(({ type, status: is }: Thing['status']) => type === 'Ready' && is === 'True')
