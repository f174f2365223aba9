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
