import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { own } from '../core/shape.ts'

/** The YAML files that a file or folder stands for; of a folder those directly in it, as kubectl takes them. */
const filesAt = (path: string): string[] =>
  isFolder(path)
    ? readdirSync(path)
        .filter((name) => /\.ya?ml$/.test(name))
        .toSorted()
        .map((name) => join(path, name))
    : [path]

const isFolder = (path: string) => statSync(path).isDirectory()

/** The folders in those of `paths` that hold YAML files: kubectl passes over them, and so do we. */
export const deeperIn = (paths: readonly string[]): string[] =>
  paths
    .filter((path) => path !== '-' && isFolder(path))
    .flatMap((path) => readdirSync(path).map((name) => join(path, name)))
    .filter((path) => isFolder(path) && filesAt(path).length > 0)
    .toSorted()

/** The files of several paths, each once. */
export function filesIn(paths: readonly string[]): string[] {
  const files = new Map(paths.flatMap(filesAt).map((name) => [resolve(name), name]))
  return [...files.values()]
}

/** What is in the files of several paths; `-` is standard input. */
export function textsAt(paths: readonly string[]): { name: string; text: string }[] {
  const named = filesIn(paths.filter((path) => path !== '-'))
  const names = paths.includes('-') ? ['-', ...named] : named
  return names.map((name) => ({ name, text: readFileSync(name === '-' ? 0 : name, 'utf8') }))
}

/** What the file system says of a path, in a sentence; undefined for any other error. */
export function inWords(error: unknown): string | undefined {
  if (!(error instanceof Error && 'code' in error && 'path' in error)) return undefined
  const said = own(sentences, String(error.code))
  return said === undefined ? undefined : `${String(error.path)} ${said}`
}

const sentences: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  ENOTDIR: 'is not there',
  EACCES: 'may not be opened by you',
}
