import { parseArgs } from 'node:util'

/** How a command ended. Only cli.ts prints and exits. */
export interface Ended {
  /** 0 done; 1 it cannot be done, or something is wrong; 2 not understood. */
  readonly code: 0 | 1 | 2
  readonly out?: string
  readonly err?: string
}

export interface Command {
  /** After `linebot`, as in `enable NAMESPACE`. */
  readonly usage: string
  readonly summary: string
  run(args: readonly string[]): Promise<Ended>
}

export const done = (out: string): Ended => ({ code: 0, out })
export const refused = (err: string): Ended => ({ code: 1, err })
export const misused = (usage: string): Ended => ({ code: 2, err: `usage: linebot ${usage}` })

/** What enable and disable are given, or undefined. Throws what parseArgs throws for an option that is none. */
export function namespaceIn(args: readonly string[]): { namespace: string; dryRun: boolean } | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { 'dry-run': { type: 'boolean', default: false } },
  })
  const [namespace] = positionals
  return namespace && positionals.length === 1 ? { namespace, dryRun: values['dry-run'] } : undefined
}
