import { dirname, join } from 'node:path'
import { hint } from '../../core/schema/nearest.ts'
import { type Position, type Read, readDocuments } from '../documents.ts'
import { type BotWithRules, type Fault, filesAt, type Resources, resourcesIn } from '../resources.ts'
import { makeEngine } from './engine.ts'
import type { TestFile } from './files.ts'
import { play, profilesOf } from './play.ts'
import type { FileReport, Played } from './report.ts'
import { isSuite, readSuite, type Suite } from './suite.ts'

/** Reads resources once for all test files that name the same ones. */
export type Load = (paths: readonly string[]) => Resources

export function makeLoad(): Load {
  const loaded = new Map<string, Resources>()
  return (paths) => {
    const key = JSON.stringify(paths)
    const resources = loaded.get(key) ?? resourcesIn(paths)
    loaded.set(key, resources)
    return resources
  }
}

/** Has all conversations of a file; each of its documents is a suite with resources of its own. */
export async function runFile(file: TestFile, load: Load): Promise<FileReport[]> {
  const documents = readDocuments(file.text)
  if (documents.length === 0) return [broken(file, ['nothing is in it'])]
  return await Promise.all(documents.map((document) => runDocument(file, document, load)))
}

const broken = ({ name }: TestFile, faults: readonly string[]): FileReport => ({
  name,
  faults,
  played: [],
  placeOf: () => name,
})

async function runDocument(file: TestFile, read: Read, load: Load): Promise<FileReport> {
  const { value, errors, positionOf } = read
  const at = ({ line, column }: Position, message: string) => `${file.name}:${line}:${column}: ${message}`
  if (errors.length > 0)
    return broken(
      file,
      errors.map((error) => at(error, error.message)),
    )
  if (!isSuite(value)) {
    return broken(file, [at(positionOf(''), 'no conversation test: conversations is required, and missing')])
  }
  const { suite, problems } = readSuite(value)
  const told = (path: string, message: string) => at(positionOf(path), `${path ? `${path}: ` : ''}${message}`)
  if (problems.length > 0)
    return broken(
      file,
      problems.map(({ path, message }) => told(path, message)),
    )
  const given = givenBy(suite, file, load, told)
  if ('faults' in given) return broken(file, given.faults)
  const played = await playAll(suite, given)
  return { name: file.name, faults: [], played, placeOf: (path) => placeOf(file.name, positionOf(path)) }
}

const placeOf = (name: string, { line, column }: Position) => `${name}:${line}:${column}`

/** One after the other: a test is not the place for races. */
async function playAll(suite: Suite, given: Given): Promise<Played[]> {
  const profiles = profilesOf(suite)
  const played: Played[] = []
  for (const conversation of suite.conversations) {
    const started = performance.now()
    const failures = await play(conversation, makeEngine(given.bot, given.all, profiles))
    played.push({ conversation, failures, ms: performance.now() - started })
  }
  return played
}

/** The Bot that a suite is about, and all that there are. */
interface Given {
  readonly bot: BotWithRules
  readonly all: readonly BotWithRules[]
}

interface Faulty {
  readonly faults: string[]
}

type Told = (path: string, message: string) => string

/** What the suite names, or what is wrong with it. */
function givenBy(suite: Suite, file: TestFile, load: Load, told: Told): Given | Faulty {
  const faults: string[] = []
  const paths = suite.resources.flatMap((path, i) => {
    try {
      return filesAt(join(dirname(file.name), path))
    } catch {
      faults.push(told(`resources[${i}]`, `${path} is not there; it is looked for beside this file`))
      return []
    }
  })
  if (suite.resources.length === 0)
    faults.push(told('resources', 'required, and missing: the files with the Bot and its Events'))
  if (faults.length > 0) return { faults }
  const resources = load(paths)
  faults.push(...unexpected(resources.faults, suite), ...notRejected(resources.faults, suite, told))
  if (faults.length > 0) return { faults }
  return botOf(resources.bots, suite, told)
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
