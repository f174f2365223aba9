import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import http from 'node:http'
import net from 'node:net'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { expect, it, onTestFinished } from 'vitest'

/** Answers when something comes by stdin. */
const program = `
  import { serve } from ${JSON.stringify(new URL('../../functions/edge/serve.ts', import.meta.url).href)}
  const server = await serve((_request, response) => {
    process.stdin.once('data', () => response.end('done'))
    console.log('in flight')
  }, { port: 0, host: '127.0.0.1', onStop: async () => { await null; console.log('stopped') } })
  process.on('SIGTERM', () => console.log('told'))
  console.log(server.address().port)
`

function start() {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return { child, line: async () => (await lines.next()).value }
}

it.each(['', 'POST / HT'])(
  'a connection that only ever sent %j does not keep a process that is to stop',
  async (sent) => {
    const { child, line } = start()
    const socket = net.connect(Number(await line()), '127.0.0.1')
    const gone = once(socket, 'close')
    await once(socket, 'connect')
    await new Promise<void>((resolve) => socket.write(sent, () => resolve()))
    child.kill('SIGTERM')
    expect([await line(), await line()]).toEqual(['told', 'stopped'])
    expect(await once(child, 'exit')).toEqual([0, null])
    await gone
  },
)

it('at SIGTERM nobody new is let in, the request in flight is answered, onStop runs, and the process ends with 0', async () => {
  const { child, line } = start()
  const port = Number(await line())
  const get = (agent: http.Agent) => http.get({ port, agent, host: '127.0.0.1' })

  const inFlight = get(new http.Agent({ keepAlive: true }))
  const answered = once(inFlight, 'response')
  expect(await line()).toBe('in flight')
  child.kill('SIGTERM')
  expect(await line()).toBe('told')
  const [refused] = await once(get(new http.Agent()), 'error')
  expect(refused.code).toBe('ECONNREFUSED')

  child.stdin.write('go on')
  const [response] = await answered
  expect(await text(response)).toBe('done')
  expect(await line()).toBe('stopped')
  expect(await once(child, 'exit')).toEqual([0, null])
})

it('a process that is told to go before it serves goes at once', async () => {
  const stop = new URL('../../functions/edge/hear-signals.ts', import.meta.url).href
  const slow = `import ${JSON.stringify(stop)}; console.log('starting'); setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', slow], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  child.kill('SIGTERM')
  // Not by the signal's own action, which a pod's first process does not have.
  expect(await once(child, 'exit')).toEqual([0, null])
})

it('who only asks where something listens keeps its own way to end', () => {
  const serve = new URL('../../functions/edge/serve.ts', import.meta.url).href
  const asks = `import { portOf } from ${JSON.stringify(serve)}; process.exit(process.listenerCount('SIGTERM') + (portOf ? 0 : 9))`
  expect(spawnSync(process.execPath, ['--input-type=module', '-e', asks]).status).toBe(0)
})
