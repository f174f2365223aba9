import { existsSync, readdirSync } from 'node:fs'
import { build, type Metafile } from 'esbuild'

/** Never deployed: local mode, the command line and the builders themselves. */
const notDeployed = new Set(['build', 'cli', 'local'])
const functions = new URL('../', import.meta.url)

/** The folders with a main.ts, which is what makes one a function. */
export const deployed: readonly string[] = readdirSync(functions)
  .filter((name) => !notDeployed.has(name) && existsSync(new URL(`${name}/main.ts`, functions)))
  .toSorted()

/**
 * Writes `outdir/NAME.cjs` for each function, with everything it needs in it, and says what went into each.
 * CommonJS, because an ES module that imports node:http loads undici at once: 27 ms of a cold start.
 */
export async function bundle(outdir: string, names: readonly string[] = deployed): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints: names.map((name) => ({ in: new URL(`${name}/main.ts`, functions).pathname, out: name })),
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
  })
  return metafile
}

if (import.meta.main) {
  const { outputs } = await bundle(process.argv[2] ?? new URL('../dist', functions).pathname)
  for (const [path, { bytes }] of Object.entries(outputs)) console.log(`${path}  ${Math.ceil(bytes / 1024)} KiB`)
}
