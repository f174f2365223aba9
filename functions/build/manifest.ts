import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { byContent } from './by-content.ts'
import { isImage, release } from './release.ts'
import { editsFor, problemsOf, type Switched, switches, switchNames } from './switches.ts'

/**
 * Prints all that a cluster needs as one YAML file, in apply order:
 * `npm run --silent release -- IMAGE [SWITCHES] > linebot.yaml`
 */

const root = join(import.meta.dirname, '../..')

const yamlIn = (folder: string): string[] =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.yaml'))
    .toSorted()
    .map((name) => `${folder}/${name}`)

/** The YAML files of config/ (without samples) and knative/, in apply order. */
export const shippedFiles = (): string[] => ['config', 'knative'].flatMap(yamlIn)

/** What an installation is given besides its image. */
export interface Wishes extends Switched {
  readonly 'network-policies'?: boolean
}

export const manifest = (image: string, { 'network-policies': policies = false, ...switched }: Wishes = {}): string => {
  const several = Number(switched['front-doors'] ?? 1) > 1
  const paths = [
    ...shippedFiles(),
    ...(policies ? yamlIn('config/network-policies') : []),
    ...(several ? yamlIn('config/front-doors') : []),
  ]
  return release(textsOf(paths), image, [...editsFor(switched), byContent])
}

/** All that every installation has, under its names, but the definitions of our kinds. */
export const installed = (): string =>
  release(textsOf(shippedFiles().filter((path) => !path.includes('-crd-'))), 'linebot', [byContent])

const textsOf = (paths: readonly string[]) => paths.map((path) => readFileSync(join(root, path), 'utf8'))

const usage = [
  'npm run --silent release -- IMAGE [SWITCHES] > linebot.yaml, as in ghcr.io/you/linebot:1.0.0, and of',
  ...switchNames.map((name) => `  --${name} ${switches[name].takes}\n      ${switches[name].does}`),
  '  --network-policies\n      lets pods talk to what they need alone; only where the cluster’s network enforces it',
].join('\n')

const text = { type: 'string' } as const
const options = {
  'broker-class': text,
  'broker-config': text,
  'front-doors': text,
  'line-api': text,
  'public-url': text,
  'pull-secret': text,
  sweep: text,
  'network-policies': { type: 'boolean' },
} as const

/** The manifest, or what is wrong with the command line. */
export function printed(args: readonly string[]): { out: string } | { err: string } {
  try {
    const { positionals, values } = parseArgs({ args: [...args], allowPositionals: true, options })
    const [image, ...more] = positionals
    if (image === undefined || more.length > 0) return { err: usage }
    if (!isImage(image)) return { err: `${image} is no image\n${usage}` }
    const problems = problemsOf(values)
    return problems.length > 0 ? { err: problems.join('\n') } : { out: manifest(image, values) }
  } catch (error) {
    return { err: `${error instanceof Error ? error.message : error}\n${usage}` }
  }
}

function main(): void {
  const said = printed(process.argv.slice(2))
  if ('out' in said) {
    process.stdout.write(said.out)
    return
  }
  console.error(said.err)
  process.exitCode = 1
}

if (import.meta.main) main()
