import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** The YAML files that a file or folder stands for; of a folder those directly in it, as kubectl takes them. */
export const filesAt = (path: string): string[] =>
  statSync(path).isDirectory()
    ? readdirSync(path)
        .filter((name) => /\.ya?ml$/.test(name))
        .toSorted()
        .map((name) => join(path, name))
    : [path]
