import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Read, readDocuments } from '../documents.ts'
import { isSuite } from './suite.ts'

export interface TestFile {
  readonly name: string
  readonly text: string
}

/** The files that are named, and of a folder all test files in it, however deep. Throws where something is not there. */
export const testFilesAt = (paths: readonly string[]): TestFile[] => paths.flatMap(testFilesIn)

function testFilesIn(path: string): TestFile[] {
  if (!statSync(path).isDirectory()) return [{ name: path, text: readFileSync(path, 'utf8') }]
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name) && !name.split(/[\\/]/).includes('node_modules'))
    .toSorted()
    .map((name) => ({ name: join(path, name), text: readFileSync(join(path, name), 'utf8') }))
    .filter(({ text }) => /^['"]?conversations['"]?\s*:/m.test(text) && readDocuments(text).some(isTest))
}

/** What is no YAML may be a test all the same, and must not be passed over in silence. */
const isTest = ({ value, errors }: Read) => errors.length > 0 || isSuite(value)
