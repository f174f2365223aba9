import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { answerIn } from '../../functions/core/forward/answer.ts'
import { makeForwarding } from '../../functions/edge/forward.ts'
import { makeLog } from '../../functions/edge/log.ts'
import { directoryOf } from '../bot/files.ts'

const sample = join(import.meta.dirname, '../../config/samples/llm/llm.yaml')
const documents = parseAllDocuments(readFileSync(sample, 'utf8')).map((document) => document.toJS())
const adapter: string = documents.find(({ kind }) => kind === 'ConfigMap').data['adapter.mjs']

const listening = async (server: net.Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A listening TCP server's address is never a pipe's name.
  return (server.address() as AddressInfo).port
}

const freePort = async () => {
  const server = net.createServer()
  const port = await listening(server)
  server.close()
  return port
}

/** A model that says this, the adapter as the sample has it, and a bot that asks. */
async function village(status: number, answer: unknown) {
  const asked: { path: string | undefined; key: string | undefined; body: unknown }[] = []
  const model = http.createServer(async (request, response) => {
    asked.push({ path: request.url, key: request.headers.authorization, body: JSON.parse(await text(request)) })
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  })
  const url = `http://127.0.0.1:${await listening(model)}`
  onTestFinished(() => void model.close())
  const app = directoryOf({ 'adapter.mjs': adapter })
  const port = await freePort()
  const env = { PORT: String(port), LLM_URL: url, LLM_MODEL: 'small', LLM_KEY: 'key', LLM_SYSTEM: 'Be brief.' }
  const child = spawn(process.execPath, [join(app.path, 'adapter.mjs')], { env, stdio: 'ignore' })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    app[Symbol.dispose]()
  })
  const { forward } = makeForwarding({ namespace: 'hunters', name: 'llm', log: makeLog('Error'), waitsMs: [50] })
  const incoming = { type: 'message', webhookEventId: '01H', message: { type: 'text', text: '火龍？' } }
  const ask = () => forward({ url: `http://127.0.0.1:${port}`, incoming, rule: 'llm-ask/0' }, 5000)
  return { ask, asked, child }
}

describe('the sample’s adapter', () => {
  it('asks the model, and its answer is what the bot says', async () => {
    const { ask, asked, child } = await village(200, {
      choices: [{ message: { role: 'assistant', content: '頭 > 翼' } }],
    })
    expect(answerIn(await ask())).toEqual({ messages: [{ type: 'text', text: '頭 > 翼' }], problems: [], leftOut: 0 })
    const messages = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: '火龍？' },
    ]
    expect(asked).toEqual([{ path: '/v1/chat/completions', key: 'Bearer key', body: { model: 'small', messages } }])
    child.kill('SIGTERM')
    await vi.waitFor(async () => expect(child.exitCode ?? (await once(child, 'exit'))[0]).toBe(0), 10_000)
  })

  it('fails when the model does, so that the rule can say so', async () => {
    const { ask } = await village(429, { error: { message: 'too many' } })
    await expect(ask()).rejects.toMatchObject({ message: 'it answered 500' })
  })
})
