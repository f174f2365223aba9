import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Local, startLocal } from './start.ts'

const usage = `npm start -- [--port N] [--empty] [--idle SECONDS]

  --port N         chat page at N, API server N+1, LINE's platform N+2, front door N+3, metrics N+4 (7070)
  --empty          without config/samples/
  --idle SECONDS   without a message until a bot goes to sleep (30)`

const root = join(import.meta.dirname, '../..')

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '7070' },
      empty: { type: 'boolean', default: false },
      idle: { type: 'string', default: '30' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return console.log(usage)
  const port = whole('--port', values.port, 0, 65_531)
  const idleSeconds = whole('--idle', values.idle, 1, 3600)
  const samples = values.empty ? [] : samplesIn('config/samples')
  const local = await startLocal({ port, idleSeconds, home: join(root, '.local'), samples })
  console.log(greeting(local))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void local.close().then(() => process.exit(0)))
  }
}

const samplesIn = (folder: string): string[] =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => `${folder}/${name}`)

function whole(name: string, text: string, least: number, most: number): number {
  const number = Number(text)
  if (Number.isInteger(number) && number >= least && number <= most) return number
  throw new Error(`${name} is ${text}, should be a whole number from ${least} to ${most}`)
}

const greeting = ({ page, apiServer, line, frontDoor, metrics, kubeconfig }: Local): string => `
  Chat page        ${page}
  API server       ${apiServer}    kubectl --kubeconfig ${kubeconfig.replace(`${process.cwd()}/`, '')} get linebot
  LINE's platform  ${line}    npx linebot say hello 火龍
  Front door       ${frontDoor}
  Metrics          ${metrics}

  Ctrl-C ends all of it.
`

main().catch((error: unknown) => {
  console.error(sentence(error))
  process.exit(1)
})

/** One line, with what to do. */
function sentence(error: unknown): string {
  const { code, port, message } = (error ?? {}) as { code?: string; port?: number; message?: string }
  if (code === 'EADDRINUSE')
    return `port ${port} is in use: end what uses it, or choose others with npm start -- --port N`
  return message ?? String(error)
}
