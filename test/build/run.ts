import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { onTestFinished, vi } from 'vitest'

export interface Running {
  readonly child: ChildProcess
  /** The origin it listens at. */
  readonly url: string
  /** What it has logged so far. */
  readonly logged: readonly Record<string, unknown>[]
  /** Sends SIGTERM and resolves with the exit code. */
  readonly stop: () => Promise<number | null>
}

/** Starts a bundled function on a free port and resolves when it listens. It never outlives the test. */
export async function run(
  file: string,
  env: Record<string, string>,
  nodeArgs: readonly string[] = [],
): Promise<Running> {
  const { child, logged, exited } = start(file, env, nodeArgs)
  const listening = () => logged.find(({ message }) => message === 'listening')
  await vi.waitUntil(() => listening() ?? child.exitCode !== null, { timeout: 10_000, interval: 5 })
  const port = listening()?.['port']
  if (typeof port !== 'number') throw new Error(`it does not listen: ${JSON.stringify(logged)}`)
  const stop = async () => {
    child.kill('SIGTERM')
    return await exited
  }
  return { child, logged, stop, url: `http://127.0.0.1:${port}` }
}

/** Starts it and resolves with its exit code and what it said. */
export async function runToEnd(file: string, env: Record<string, string>) {
  const { logged, exited } = start(file, env, [])
  return { code: await exited, logged }
}

function start(file: string, env: Record<string, string>, nodeArgs: readonly string[]) {
  const child = spawn(process.execPath, [...nodeArgs, file], {
    env: { PORT: '0', LINEBOT_METRICS_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const logged: Record<string, unknown>[] = []
  createInterface({ input: child.stdout }).on('line', (line) => void logged.push(JSON.parse(line)))
  // `close` comes after the last line, `exit` may come before.
  const exited: Promise<number | null> = once(child, 'close').then(([code]) => code)
  return { child, logged, exited }
}
