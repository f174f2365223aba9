import { execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** The words that run kubectl: KUBECTL, as in `/opt/kubectl-1.32`, else the one on the PATH. */
const [program = 'kubectl', ...words] = (process.env['KUBECTL'] ?? 'kubectl').split(' ')

/** Undefined where there is none: tests say so, and are skipped. */
export const kubectlVersion: string | undefined = (() => {
  const { status, stdout } = spawnSync(program, [...words, 'version', '--client', '-o', 'json'], { encoding: 'utf8' })
  return status === 0 ? /"gitVersion": "([^"]+)"/.exec(stdout)?.[1] : undefined
})()

export interface Said {
  readonly code: number
  /** What it printed, and then what it complained of. */
  readonly lines: readonly string[]
}

export interface Followed {
  /** The first line that matches, when it is printed. */
  until(line: RegExp): Promise<string>
  stop(): Promise<void>
}

export interface Kubectl {
  (args: readonly string[], input?: string, more?: Readonly<Record<string, string>>): Promise<Said>
  follow(args: readonly string[]): Followed
}

const homes: string[] = []

export const removeHomes = (): void => {
  for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true })
}

/** Runs kubectl as a person would, in one namespace, with a home that remembers nothing of other servers. */
export function kubectlFor(kubeconfig: string, namespace: string): Kubectl {
  const home = mkdtempSync(join(tmpdir(), 'linebot-kubectl-'))
  homes.push(home)
  const env = { ...process.env, KUBECONFIG: kubeconfig, HOME: home, KUBECACHEDIR: home }
  const all = (args: readonly string[]) => [...words, '--namespace', namespace, ...args]
  const run = (args: readonly string[], input = '', more = {}): Promise<Said> =>
    new Promise((resolve) => {
      const running = execFile(program, all(args), { env: { ...env, ...more } }, (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code) : 0, lines: plain(`${stdout}\n${stderr}`.split('\n'), namespace) })
      })
      running.stdin?.end(input)
    })
  return Object.assign(run, { follow: (args: readonly string[]) => follow(all(args), env, namespace) })
}

function follow(args: readonly string[], env: NodeJS.ProcessEnv, namespace: string): Followed {
  const running = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface(running.stdout)[Symbol.asyncIterator]()
  return {
    async until(wanted) {
      for (let next = await lines.next(); ; next = await lines.next()) {
        if (next.done) throw new Error(`kubectl ended without ${wanted}`)
        const found = plain([next.value], namespace).find((line) => wanted.test(line))
        if (found !== undefined) return found
      }
    },
    async stop() {
      running.kill()
      await once(running, 'exit')
    },
  }
}

/** Lines with what differs from run to run, and from kubectl to kubectl, made the same. */
function plain(lines: readonly string[], namespace: string): string[] {
  const warning = `Warning: Validation failed for ValidatingAdmissionPolicy 'linebot-namespace-opted-in' with binding 'linebot-namespace-opted-in': the namespace ${namespace} has not opted in, so nothing will happen: run npx linebot enable ${namespace}`
  return lines
    .map((line) => line.trimEnd())
    .filter((line) => line !== '' && line !== warning)
    .map((line) => line.replace(/\b\d+m?s$/, 'AGE').replace(/ from .* namespace(?=$| \()/, ''))
}
