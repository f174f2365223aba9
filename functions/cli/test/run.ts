import { type Position, type Read, readDocuments } from '../documents.ts'
import { makeEngine } from './engine.ts'
import type { TestFile } from './files.ts'
import type { Give, Given } from './given.ts'
import { play, profilesOf } from './play.ts'
import type { FileReport, Played } from './report.ts'
import { isNearlySuite, isSuite, readSuite, type Suite } from './suite.ts'

/** Has all conversations of a file; each of its documents is a suite with resources of its own. */
export async function runFile(file: TestFile, give: Give): Promise<FileReport[]> {
  const documents = readDocuments(file.text)
  if (documents.length === 0) return [broken(file, ['nothing is in it'])]
  const reports: FileReport[] = []
  for (const document of documents) reports.push(await runDocument(file, document, give))
  return reports
}

const broken = ({ name }: TestFile, faults: readonly string[]): FileReport => ({
  name,
  faults,
  played: [],
  placeOf: () => name,
})

async function runDocument(file: TestFile, read: Read, give: Give): Promise<FileReport> {
  const { value, errors, positionOf } = read
  const at = ({ line, column }: Position, message: string) => `${file.name}:${line}:${column}: ${message}`
  if (errors.length > 0)
    return broken(
      file,
      errors.map((error) => at(error, error.message)),
    )
  if (!isSuite(value) && !isNearlySuite(value)) {
    return broken(file, [at(positionOf(''), 'no conversation test: conversations is required, and missing')])
  }
  const { suite, problems } = readSuite(value)
  const told = (path: string, message: string) => at(positionOf(path), `${path ? `${path}: ` : ''}${message}`)
  if (problems.length > 0)
    return broken(
      file,
      problems.map(({ path, message }) => told(path, message)),
    )
  const given = await give(suite, { file: file.name, positionOf, told })
  if ('faults' in given) return broken(file, given.faults)
  const played = await playAll(suite, given)
  const how = howPlayed(played, given.line)
  const placed = (path: string) => placeOf(file.name, positionOf(path))
  return { name: file.name, faults: [], played, ...(how !== undefined && { how }), placeOf: placed }
}

const placeOf = (name: string, { line, column }: Position) => `${name}:${line}:${column}`

/** One after the other: a test is not the place for races. */
async function playAll(suite: Suite, given: Given): Promise<Played[]> {
  const profiles = profilesOf(suite)
  const played: Played[] = []
  for (const conversation of suite.conversations) {
    const started = performance.now()
    const line = typeof given.line === 'object' ? { ...given.line, people: suite.people } : undefined
    const { failures, endToEnd } = await play(conversation, makeEngine(given.bot, given.all, profiles), line)
    played.push({ conversation, failures, endToEnd, ms: performance.now() - started })
  }
  return played
}

/** Nothing where no cluster with a stand-in of LINE was asked. */
function howPlayed(played: readonly Played[], line: Given['line']): string | undefined {
  if (line === undefined) return undefined
  if (typeof line === 'string') return `by the engine alone: ${line}`
  const steps = played.reduce((sum, { conversation }) => sum + conversation.steps.length, 0)
  const endToEnd = played.reduce((sum, one) => sum + one.endToEnd, 0)
  return `end to end ${endToEnd} of ${steps} steps, by the engine alone ${steps - endToEnd}`
}
