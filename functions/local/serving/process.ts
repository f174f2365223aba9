import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'

export interface Running {
  readonly pid: number
  readonly port: number
  readonly metricsPort: number
  /** Resolves when it has ended, for whatever reason. */
  readonly ended: Promise<void>
  /** SIGTERM; SIGKILL when `grace` says that it has had time enough. Resolves when it has ended. */
  stop(grace: AbortSignal): Promise<void>
}

export interface Launch {
  /** Of Node: its own options, file, arguments. */
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Says that this much time was enough to begin to listen. */
  readonly deadline: AbortSignal
  readonly line: (text: string) => void
  readonly started: (pid: number) => void
}

/**
 * Starts a process that is told its ports, and resolves once it listens. Throws an Error with its last word when it
 * ends before, or listens too late. Its stdin stays open for as long as we live: see preload.ts.
 */
export async function launch({ args, env, deadline, line, started }: Launch): Promise<Running> {
  const [port, metricsPort] = await freePorts()
  // Nor is there another front door here.
  const ports = { PORT: String(port), LINEBOT_METRICS_PORT: String(metricsPort), LINEBOT_PEERS: '' }
  // Detached: a terminal's Ctrl-C is for us alone, and we say when it ends.
  const child = spawn(process.execPath, args, { env: { ...env, ...ports }, stdio: 'pipe', detached: true })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()).once('error', () => resolve()))
  if (child.pid === undefined) throw new Error('no process could be started')
  started(child.pid)
  let last = ''
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on('line', (text) => {
      last = text
      line(text)
    })
  }
  // It may end before it has read all that we never write.
  child.stdin.on('error', () => {})
  let over = false
  void ended.then(() => (over = true))
  const kill = () => child.kill('SIGKILL')
  while (!(await listens(port))) {
    if (over) throw new Error(`it ended with ${child.exitCode ?? child.signalCode}${last && `: ${last}`}`)
    if (deadline.aborted) {
      kill()
      throw new Error(`it does not listen on PORT${last && `: ${last}`}`)
    }
    await pause(5)
  }
  return {
    pid: child.pid,
    port,
    metricsPort,
    ended,
    async stop(grace) {
      child.kill('SIGTERM')
      if (grace.aborted) kill()
      grace.addEventListener('abort', kill)
      await ended
      grace.removeEventListener('abort', kill)
    },
  }
}

/** Two that are free now; held together, so that they are two. */
async function freePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()]
  const ports = servers.map(async (server) => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    // Listens on TCP, so it has a port.
    return (server.address() as AddressInfo).port
  })
  const [first = 0, second = 0] = await Promise.all(ports)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return [first, second]
}

const listens = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
