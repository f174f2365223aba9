/**
 * How long a bot takes from nothing to an answer: spawn → first signed webhook answered, and its reply sent, against
 * a bare node:http server that answers 204 to anything.
 *
 *   node test/bench/cold-start.ts [--rounds 15] [--keywords 0] [--cpu 1]
 *
 * The variants take turns in every round, so that a noisy moment meets all; medians. With --cpu every child is
 * pinned to that core (taskset), and this process should be pinned to another. LINE is a plain http server in this
 * process that answers at once. CPU ms is what all threads of the child had used when the last of answer and reply
 * was in (Linux; else nothing): on a busy machine it is the steadier number.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { bundle } from '../../functions/build/bundle.ts'
import { sign } from '../../functions/edge/signature.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    keywords: { type: 'string', default: '0' },
    cpu: { type: 'string' },
  },
})

const secret = 'channel-secret'
const body = JSON.stringify({
  destination: `U${'0'.repeat(32)}`,
  events: [
    {
      type: 'message',
      mode: 'active',
      timestamp: 1_700_000_000_000,
      webhookEventId: '01HZZZZZZZZZZZZZZZZZZZZZZZ',
      deliveryContext: { isRedelivery: false },
      replyToken: 'a'.repeat(32),
      source: { type: 'user', userId: `U${'1'.repeat(32)}` },
      message: { id: '1', type: 'text', quoteToken: 'q', text: '火龍' },
    },
  ],
})
const signature = sign(Buffer.from(body), secret)
const request = (path: string, header: string) =>
  `POST ${path} HTTP/1.1\r\nhost: bot\r\ncontent-type: application/json; charset=utf-8\r\n${header}: ${signature}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`

const bare = `require('node:http').createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(204).end())
}).listen(process.env.PORT)`

const rule = (keyword: string, index: number) => ({
  event: 'bench',
  index,
  type: 'message',
  match: 'Exact',
  keywords: [keyword],
  priority: 0,
  replies: [[{ type: 'text', text: '[斬] 頭 > 翼' }]],
})

const directory = mkdtempSync(join(tmpdir(), 'linebot-bench-'))
const write = (name: string, content: string) => writeFileSync(join(directory, name), content)
const keywords = ['火龍', ...Array.from({ length: Number(values.keywords) }, (_, index) => `keyword ${index}`)]
write('rules.json', JSON.stringify({ binding: 'bench', priority: 0, rules: keywords.map(rule) }))
write('channelSecret', secret)
write('channelAccessToken', 'token')
write('bare.cjs', bare)
await bundle(directory, ['bot'])

let replied: (() => void) | undefined
const line = http.createServer((asked, response) => {
  asked.resume().on('end', () => {
    replied?.()
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
})
await new Promise<void>((resolve) => line.listen(0, '127.0.0.1', resolve))
const portOf = (server: net.Server) => {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening on TCP')
  return address.port
}

interface Variant {
  readonly name: string
  readonly file: string
  readonly request: string
  readonly replies: boolean
}
const variants: readonly Variant[] = [
  { name: 'bare node:http', file: 'bare.cjs', request: request('/', 'x-line-signature'), replies: false },
  {
    name: 'bot, CloudEvent (reply, then 204)',
    file: 'bot.cjs',
    request: request('/', 'ce-linesignature'),
    replies: true,
  },
  {
    name: 'bot, Direct (200, then reply)',
    file: 'bot.cjs',
    request: request('/webhook/bench/bench', 'x-line-signature'),
    replies: true,
  },
]

interface Times {
  readonly answer: number
  readonly reply: number | undefined
  readonly cpu: number
}

async function coldStart(variant: Variant): Promise<Times> {
  port += 1
  const wasReplied = Promise.withResolvers<number>()
  replied = () => wasReplied.resolve(performance.now())
  const started = performance.now()
  const child = start(variant)
  try {
    const answer = (await firstAnswer(variant.request)) - started
    const reply = variant.replies ? (await wasReplied.promise) - started : undefined
    return { answer, reply, cpu: cpuMs(child.pid) }
  } finally {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
}

function start({ file }: Variant): ChildProcess {
  const command = [process.execPath, join(directory, file)]
  const [program = '', ...args] = values.cpu === undefined ? command : ['taskset', '-c', values.cpu, ...command]
  const settings = {
    LINEBOT_NAMESPACE: 'bench',
    LINEBOT_NAME: 'bench',
    LINEBOT_RULES: directory,
    LINEBOT_CHANNEL: directory,
  }
  const env = {
    ...settings,
    LINEBOT_LINE_API: `http://127.0.0.1:${portOf(line)}`,
    LINEBOT_METRICS_PORT: '0',
    PORT: String(port),
  }
  return spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...env, PATH: process.env.PATH } })
}

/** Of all its threads until now. */
function cpuMs(pid: number | undefined): number {
  const tasks = `/proc/${pid}/task`
  try {
    const spent = readdirSync(tasks).map((task) =>
      Number(readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[0]),
    )
    return spent.reduce((sum, nanoseconds) => sum + nanoseconds, 0) / 1e6
  } catch {
    return Number.NaN
  }
}

/** Below the range that the system gives to clients: there, knocking at a port long enough connects it to itself. */
let port = 20_000 + (process.pid % 8_000)

/** Tries to connect until somebody listens, sends, and resolves with the time of the answer's first byte. */
async function firstAnswer(bytes: string): Promise<number> {
  for (;;) {
    const socket = net.connect(port, '127.0.0.1')
    const connected = await new Promise((resolve) =>
      socket.on('connect', () => resolve(true)).on('error', () => resolve(false)),
    )
    if (!connected) continue
    socket.write(bytes)
    const [head] = await once(socket, 'data')
    const at = performance.now()
    socket.destroy()
    if (!/^HTTP\/1\.1 20[04] /.test(String(head))) throw new Error(`answered ${String(head)}`)
    return at
  }
}

const median = (numbers: readonly number[]) =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN

const times = new Map(variants.map((variant) => [variant, [] as Times[]]))
// The first round fills the page cache.
for (let round = 0; round <= Number(values.rounds); round += 1) {
  for (const variant of variants) {
    const measured = await coldStart(variant)
    if (round > 0) times.get(variant)?.push(measured)
  }
}

const rows = variants.map((variant) => {
  const measured = times.get(variant) ?? []
  const replies = measured.map(({ reply }) => reply).filter((reply) => reply !== undefined)
  return {
    name: variant.name,
    answer: median(measured.map(({ answer }) => answer)),
    reply: median(replies),
    cpu: median(measured.map(({ cpu }) => cpu)),
  }
})
const [first] = rows
console.log(`${values.rounds} rounds, Node ${process.versions.node}, ${keywords.length} keywords, medians`)
console.table(
  rows.map(({ name, answer, reply, cpu }) => ({
    variant: name,
    'answer ms': answer.toFixed(1),
    '× bare': (answer / (first?.answer ?? Number.NaN)).toFixed(2),
    'reply ms': Number.isNaN(reply) ? '' : reply.toFixed(1),
    'CPU ms': cpu.toFixed(1),
    '× bare CPU': (cpu / (first?.cpu ?? Number.NaN)).toFixed(2),
  })),
)
line.close()
rmSync(directory, { recursive: true })
