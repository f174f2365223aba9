import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { isImage, release } from './release.ts'

/**
 * Prints all that a cluster needs as one YAML file, in apply order:
 * `npm run --silent release -- IMAGE > linebot.yaml`
 */

const root = join(import.meta.dirname, '../..')

/** The YAML files of config/ (without samples) and knative/, in apply order. */
export const shippedFiles = (): string[] =>
  ['config', 'knative'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.yaml'))
      .toSorted()
      .map((name) => `${folder}/${name}`),
  )

export const manifest = (image: string): string =>
  release(
    shippedFiles().map((path) => readFileSync(join(root, path), 'utf8')),
    image,
  )

function main(): void {
  const { positionals } = parseArgs({ allowPositionals: true })
  const [image] = positionals
  if (positionals.length === 1 && image !== undefined && isImage(image)) {
    process.stdout.write(manifest(image))
    return
  }
  console.error(`the image to install, as in: npm run --silent release -- ghcr.io/you/linebot:1.0.0 > linebot.yaml`)
  process.exitCode = 1
}

if (import.meta.main) main()
