import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** One life of local mode: what it has started, and the files that those were given. */
export interface Run {
  readonly directory: string
  started(pid: number): void
  /** All of it has ended. */
  end(): void
}

const prefix = 'run-'
const children = 'children'

/** Begins a run in `home`, after ending what runs that are no more have left there. */
export function beginRun(home: string): Run {
  mkdirSync(home, { recursive: true })
  for (const name of readdirSync(home).filter((one) => one.startsWith(prefix))) endLeftovers(join(home, name), name)
  const directory = mkdtempSync(join(home, `${prefix}${process.pid}-`))
  return {
    directory,
    started: (pid) => appendFileSync(join(directory, children), `${pid}\n`),
    end: () => rmSync(directory, { recursive: true, force: true }),
  }
}

function endLeftovers(directory: string, name: string): void {
  const [, parent = ''] = name.split('-')
  if (alive(Number(parent))) return
  for (const pid of pidsIn(directory)) {
    // Another process may have the number by now: ours names the directory in its command.
    if (commandOf(pid).includes(directory)) process.kill(pid, 'SIGKILL')
  }
  rmSync(directory, { recursive: true, force: true })
}

function pidsIn(directory: string): number[] {
  try {
    return readFileSync(join(directory, children), 'utf8').trim().split('\n').map(Number)
  } catch {
    return []
  }
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

function commandOf(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' })
  } catch {
    return ''
  }
}
