import { dirname, join } from 'node:path'
import type { BotWithRules } from '../../core/bound.ts'
import { hint } from '../../core/schema/nearest.ts'
import type { Reader } from '../cluster.ts'
import { objectsOf, type Read, type Source } from '../documents.ts'
import { type Fault, lineOf } from '../faults.ts'
import { filesIn } from '../files.ts'
import { type Resources, resourcesIn, sourcesIn } from '../resources.ts'
import { type AtLine, meetAtLine } from './at-line.ts'
import { deployedBot } from './deployed.ts'
import type { Suite } from './suite.ts'

/** The Bot that a suite is about, and all that there are. */
export interface Given {
  readonly bot: BotWithRules
  readonly all: readonly BotWithRules[]
  /** Where it can be met end to end, or why it cannot; absent where nobody would expect it. */
  readonly line?: AtLine | string
}

interface Faulty {
  readonly faults: readonly string[]
}

/** A message as `FILE:LINE:COLUMN: PATH: MESSAGE`. */
export type Told = (path: string, message: string) => string

/** Where the suite stands. */
export interface Place {
  readonly file: string
  readonly positionOf: Read['positionOf']
  readonly told: Told
}

/** Finds what a suite names, or what is wrong with it. */
export type Give = (suite: Suite, place: Place) => Promise<Given | Faulty>

/** What a cluster would make of the suite's resources, each set of files read once. */
export function fromFiles(): Give {
  const loaded = new Map<string, Resources>()
  const load = ({ paths, inline }: Named) => {
    if (inline.length > 0) return resourcesIn([...sourcesIn(paths), ...inline])
    const key = JSON.stringify(paths)
    const resources = loaded.get(key) ?? resourcesIn(sourcesIn(paths))
    loaded.set(key, resources)
    return resources
  }
  return async (suite, place) => {
    const named = namedBy(suite, place)
    if ('faults' in named) return named
    const { bots, faults } = load(named)
    const wrong = [...unexpected(faults, suite), ...notRejected(faults, suite, place.told)]
    return wrong.length > 0 ? { faults: wrong } : botOf(bots, suite, place.told)
  }
}

/**
 * What the cluster's Bot mounts now: the one that is named, or that the suite is about. `stand`: where the stand-in of
 * LINE is from here, where that is not what the bot calls it.
 */
export function deployedIn(reader: Reader, wanted: string | undefined, stand?: string): Give {
  return async (suite, place) => {
    const [name, namespace = reader.namespace] = (wanted ?? nameIn(suite, place) ?? '').split('/').toReversed()
    if (!name) return { faults: [place.told('', 'of which Bot? Say it in bot, or with --bot')] }
    const bot = await deployedBot(reader, namespace, name)
    if (typeof bot === 'string') return { faults: [place.told('bot', bot)] }
    const line = await meetAtLine(bot.env?.['LINEBOT_LINE_API'], stand, { namespace, bot: name })
    return { bot, all: [bot], ...(line !== undefined && { line }) }
  }
}

/** As the suite says, or the only Bot of its resources. */
function nameIn(suite: Suite, place: Place): string | undefined {
  if (suite.bot !== undefined || suite.resources.length === 0) return suite.bot
  const named = namedBy(suite, place)
  const [bot, another] = 'faults' in named ? [] : resourcesIn([...sourcesIn(named.paths), ...named.inline]).bots
  return another ? undefined : bot?.bot.metadata.name
}

interface Named {
  readonly paths: readonly string[]
  /** Objects that stand in the test itself. */
  readonly inline: readonly Source[]
}

function namedBy({ resources }: Suite, { file, positionOf, told }: Place): Named | Faulty {
  if (resources.length === 0)
    return { faults: [told('resources', 'required, and missing: the files with the Bot and its Events')] }
  const faults: string[] = []
  const paths: string[] = []
  const inline: Source[] = []
  for (const [i, one] of resources.entries()) {
    const path = `resources[${i}]`
    if (typeof one !== 'string') {
      const document = {
        value: one,
        errors: [],
        odd: [],
        positionOf: (at: string) => positionOf(at ? `${path}.${at}` : path),
      }
      inline.push(...objectsOf(document).map((object) => ({ name: file, document: object })))
      continue
    }
    try {
      paths.push(...filesIn([join(dirname(file), one)]))
    } catch {
      faults.push(told(path, `${one} is not there; it is looked for beside this file`))
    }
  }
  return faults.length > 0 ? { faults } : { paths, inline }
}

function botOf(bots: readonly BotWithRules[], { bot: wanted }: Suite, told: Told): Given | Faulty {
  const names = bots.map(({ bot }) => bot.metadata.name)
  const [found, another] = bots.filter(({ bot }) => wanted === undefined || bot.metadata.name === wanted)
  if (found?.unwired !== undefined && !another)
    return { faults: [told('resources', `no rule is for Bot ${found.bot.metadata.name}: ${found.unwired}`)] }
  if (found && !another) return { bot: found, all: bots }
  if (names.length === 0) return { faults: [told('resources', 'there is no Bot in these files')] }
  if (wanted === undefined)
    return { faults: [told('', `there are several Bots; say which in bot: ${names.join(', ')}`)] }
  return {
    faults: [told('bot', found ? `there are several ${wanted}` : `there is no Bot ${wanted}${hint(wanted, names)}`)],
  }
}

const unexpected = (faults: readonly Fault[], { rejected }: Suite): string[] =>
  faults
    .filter(({ event, path }) => event === undefined || !rejected[event]?.some((wanted) => isAt(path, wanted)))
    .map(lineOf)

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
