import { type Position, type Read, readDocuments } from '../documents.ts'
import { makeEngine } from './engine.ts'
import type { TestFile } from './files.ts'
import type { Give, Given } from './given.ts'
import { play, profilesOf } from './play.ts'
import type { FileReport, Played } from './report.ts'
import { isSuite, readSuite, type Suite } from './suite.ts'

/** Has all conversations of a file; each of its documents is a suite with resources of its own. */
export async function runFile(file: TestFile, give: Give): Promise<FileReport[]> {
  const documents = readDocuments(file.text)
  if (documents.length === 0) return [broken(file, ['nothing is in it'])]
  return await Promise.all(documents.map((document) => runDocument(file, document, give)))
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
  const given = await give(suite, { file: file.name, positionOf, told })
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
