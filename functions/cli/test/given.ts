import { dirname, join } from 'node:path'
import { hint } from '../../core/schema/nearest.ts'
import type { Reader } from '../cluster.ts'
import { type BotWithRules, type Fault, filesAt, type Resources, resourcesIn } from '../resources.ts'
import { deployedBot } from './deployed.ts'
import type { Suite } from './suite.ts'

/** The Bot that a suite is about, and all that there are. */
export interface Given {
  readonly bot: BotWithRules
  readonly all: readonly BotWithRules[]
}

interface Faulty {
  readonly faults: readonly string[]
}

/** A message as `FILE:LINE:COLUMN: PATH: MESSAGE`. */
export type Told = (path: string, message: string) => string

/** Finds what a suite of the file names, or what is wrong with it. */
export type Give = (suite: Suite, file: string, told: Told) => Promise<Given | Faulty>

/** What a cluster would make of the suite's resources, each set of files read once. */
export function fromFiles(): Give {
  const loaded = new Map<string, Resources>()
  return async (suite, file, told) => {
    const paths = pathsOf(suite, file, told)
    if ('faults' in paths) return paths
    const key = JSON.stringify(paths)
    const resources = loaded.get(key) ?? resourcesIn(paths)
    loaded.set(key, resources)
    const faults = [...unexpected(resources.faults, suite), ...notRejected(resources.faults, suite, told)]
    return faults.length > 0 ? { faults } : botOf(resources.bots, suite, told)
  }
}

/** What the cluster's Bot mounts now: the one that is named, or that the suite is about. */
export function deployedIn(reader: Reader, named: string | undefined): Give {
  return async (suite, file, told) => {
    const [name, namespace = reader.namespace] = (named ?? nameIn(suite, file, told) ?? '').split('/').toReversed()
    if (!name) return { faults: [told('', 'of which Bot? Say it in bot, or with --bot')] }
    const bot = await deployedBot(reader, namespace, name)
    return typeof bot === 'string' ? { faults: [told('bot', bot)] } : { bot, all: [bot] }
  }
}

/** As the suite says, or the only Bot of its resources. */
function nameIn(suite: Suite, file: string, told: Told): string | undefined {
  if (suite.bot !== undefined || suite.resources.length === 0) return suite.bot
  const paths = pathsOf(suite, file, told)
  const [bot, another] = 'faults' in paths ? [] : resourcesIn(paths).bots
  return another ? undefined : bot?.bot.metadata.name
}

function pathsOf({ resources }: Suite, file: string, told: Told): string[] | Faulty {
  if (resources.length === 0)
    return { faults: [told('resources', 'required, and missing: the files with the Bot and its Events')] }
  const faults: string[] = []
  const paths = resources.flatMap((path, i) => {
    try {
      return filesAt(join(dirname(file), path))
    } catch {
      faults.push(told(`resources[${i}]`, `${path} is not there; it is looked for beside this file`))
      return []
    }
  })
  return faults.length > 0 ? { faults } : paths
}

function botOf(bots: readonly BotWithRules[], { bot: wanted }: Suite, told: Told): Given | Faulty {
  const names = bots.map(({ bot }) => bot.metadata.name)
  const [found, another] = bots.filter(({ bot }) => wanted === undefined || bot.metadata.name === wanted)
  if (found && !another) return { bot: found, all: bots }
  if (names.length === 0) return { faults: [told('resources', 'there is no Bot in these files')] }
  if (wanted === undefined) return { faults: [told('', `bot: say which: ${names.join(', ')}`)] }
  return {
    faults: [told('bot', found ? `there are several ${wanted}` : `there is no Bot ${wanted}${hint(wanted, names)}`)],
  }
}

const unexpected = (faults: readonly Fault[], { rejected }: Suite): string[] =>
  faults
    .filter(({ event, path }) => event === undefined || !rejected[event]?.some((wanted) => isAt(path, wanted)))
    .map(({ place, path, message }) => `${place}: ${path ? `${path}: ` : ''}${message}`)

const notRejected = (faults: readonly Fault[], { rejected }: Suite, told: Told): string[] =>
  Object.entries(rejected).flatMap(([event, paths]) =>
    paths.flatMap((wanted, i) =>
      faults.some((one) => one.event === event && isAt(one.path, wanted))
        ? []
        : [told(`rejected.${event}[${i}]`, `${event}: nothing is wrong at ${wanted}`)],
    ),
  )

/** At the path, or within it. */
const isAt = (path: string, wanted: string) =>
  path === wanted || (/^[.[]/.test(path.slice(wanted.length)) && path.startsWith(wanted))
