import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { describe, expect, it } from 'vitest'

/** The rules of the house that a reader relies on without looking. */

const root = join(import.meta.dirname, '..')
const files = globSync('functions/**/*.{ts,tsx}', { cwd: root })

interface Import {
  readonly from: string
  readonly to: string
  readonly typeOnly: boolean
}

const imports: Import[] = files.flatMap((from) => {
  const text = readFileSync(join(root, from), 'utf8')
  const found = text.matchAll(/^\s*(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'|import\('([^']+)'\)/gm)
  return [...found].map(([, type, named, dynamic]) => {
    const target = named ?? dynamic ?? ''
    const to = target.startsWith('.') ? relative(root, join(root, dirname(from), target)) : target
    return { from, to, typeOnly: type !== undefined }
  })
})

/** `functions/edge/line.ts` → `edge`; anything outside → undefined. */
const room = (path: string) => (path.startsWith(`functions${sep}`) ? path.split(sep)[1] : undefined)
const local = imports.filter(({ to }) => room(to) !== undefined)
const packages = imports.filter(({ to, typeOnly }) => room(to) === undefined && !typeOnly)
const tell = ({ from, to }: Import) => `${from} → ${to}`

it('looks at every file and finds its imports', () => {
  expect(files.length).toBeGreaterThan(80)
  expect(local.length).toBeGreaterThan(200)
  expect(local.filter(({ to }) => !existsSync(join(root, to))).map(tell)).toEqual([])
})

describe('imports point inward', () => {
  it('core imports only itself', () => {
    expect(local.filter(({ from, to }) => room(from) === 'core' && room(to) !== 'core').map(tell)).toEqual([])
  })

  it('edge imports only itself and core', () => {
    expect(
      local.filter(({ from, to }) => room(from) === 'edge' && !['edge', 'core'].includes(room(to) ?? '')).map(tell),
    ).toEqual([])
  })

  it('functions never import each other', () => {
    const deployed = files
      .filter((path) => path.endsWith('main.ts'))
      .map(room)
      .filter((name) => name !== 'local')
    const wrong = local.filter(
      ({ from, to }) => deployed.includes(room(from)) && !['edge', 'core', room(from)].includes(room(to) ?? ''),
    )
    expect(deployed.length).toBeGreaterThanOrEqual(4)
    expect(wrong.map(tell)).toEqual([])
  })

  it('the command line imports of the deployed functions the bot’s engine and settings alone, and what is shipped', () => {
    const engine = /^functions\/(bot\/(answer|budget|memory|settings)|bot-controller\/wanted|build\/manifest)\.ts$/
    const inward = /^functions\/(edge|core|cli|local)\//
    const wrong = local.filter(({ from, to }) => room(from) === 'cli' && !inward.test(to) && !engine.test(to))
    expect(wrong.map(tell)).toEqual([])
  })

  it('only the command line imports local mode', () => {
    expect(
      local.filter(({ from, to }) => room(to) === 'local' && !['local', 'cli'].includes(room(from) ?? '')).map(tell),
    ).toEqual([])
  })
})

describe('a package has its rooms', () => {
  const allowed: Record<string, readonly string[]> = {
    '@kubernetes/client-node': ['cli'],
    '@line/bot-sdk': [],
    '@marcbachmann/cel-js': ['core'],
    cloudevents: ['edge', 'local'],
    esbuild: ['build'],
    hono: ['edge', 'local'],
    '@hono/node-server': ['edge', 'local'],
    yaml: ['build', 'cli', 'edge', 'local'],
    zod: ['core', 'local', 'cli', 'build'],
  }
  const packageOf = (to: string) =>
    to
      .split('/')
      .slice(0, to.startsWith('@') ? 2 : 1)
      .join('/')

  it('and is imported, other than for its types, nowhere else', () => {
    const wrong = packages
      .filter(({ to }) => !to.startsWith('node:'))
      .filter(({ from, to }) => !allowed[packageOf(to)]?.includes(room(from) ?? ''))
    expect(wrong.map(tell)).toEqual([])
  })

  it('and core takes nothing from Node but a hash', () => {
    const wrong = packages.filter(
      ({ from, to }) => room(from) === 'core' && to.startsWith('node:') && to !== 'node:crypto',
    )
    expect(wrong.map(tell)).toEqual([])
  })
})

it('is tested on the Node that runs it', () => {
  expect(process.versions.node.split('.')[0]).toBe('24')
})
