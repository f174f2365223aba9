import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { kubectlWith, patch } from './kube.ts'
import { answerTo, type Channel, makeChannel, replyTo, say, tap, textOf } from './line.ts'
import { countedAtLeast } from './metrics.ts'
import { applyAll, asleep, botReady, namespaceFor, secretFor, showWhenFailed } from './story.ts'
import { world } from './world.ts'

/** The sample as it is shipped, with the model, the channel and the image of this test. */
const sample = readFileSync(join(import.meta.dirname, '../../config/samples/llm/llm.yaml'), 'utf8')

let namespace: string
let channel: Channel
let model: Server
/** What the model was asked, and what it waits for before it answers. */
const asked: string[] = []
let mayAnswer: Promise<unknown> = Promise.resolve()

beforeAll(async () => {
  model = createServer(async (request, response) => {
    // The adapter is ours, and so is what it sends.
    const { messages } = (await json(request)) as { messages: { content: string }[] }
    const question = messages.at(-1)?.content ?? ''
    asked.push(question)
    await mayAnswer
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ choices: [{ message: { content: `you asked: ${question}` } }] }))
  }).listen(0, '0.0.0.0')
  await once(model, 'listening')
  const address = model.address()
  const port = typeof address === 'object' ? address?.port : undefined

  namespace = await namespaceFor('forward')
  channel = await makeChannel(`${namespace}-llm`)
  const documents = parseAllDocuments(
    sample
      .replace('https://api.openai.com', `${new URL(world.lineApi).origin.replace(/:\d+$/, '')}:${port}`)
      .replace('docker.io/library/node:24-alpine', world.image)
      .replace('command: [node,', 'command: [/nodejs/bin/node,'),
  ).filter((document) => document.getIn(['metadata', 'name']) !== 'llm' || document.get('kind') !== 'Secret')
  await kubectlWith(documents.map(String).join('\n'), 'apply', '-n', namespace, '-f', '-')
  await applyAll(namespace, [secretFor('llm', channel)])
  await botReady(namespace, 'llm', 120)
  await patch('Bot', namespace, 'llm', { spec: { scale: { idleSeconds: 6 } } })
  await botReady(namespace, 'llm')
})
afterAll(() => model.close())

describe('the sample that asks a language model', () => {
  it('answers what the model says, though the bot and the adapter both sleep', async () => {
    showWhenFailed(namespace)
    // Its first Revision sleeps after the sample's own minute.
    await asleep(namespace, 'llm', 150)
    await asleep(namespace, 'llm-adapter', 150)
    expect(await answerTo(channel, '火龍的弱點是什麼？')).toBe('you asked: 火龍的弱點是什麼？')
    expect(asked).toEqual(['火龍的弱點是什麼？'])
  })

  it('says that it takes longer, and a tap on its button brings the answer, free of charge', async () => {
    showWhenFailed(namespace)
    let release: (value?: unknown) => void = () => undefined
    mayAnswer = new Promise((resolve) => {
      release = resolve
    })
    const late = await replyTo(await say(channel, 'and the tail?'), 45)
    const data = buttonIn(late.request.messages)
    expect(late.request.messages).toMatchObject([{ type: 'template', altText: expect.stringContaining('還在想') }])
    release()
    expect(textOf(await replyTo(await tap(channel, data)))).toBe('you asked: and the tail?')
    await countedAtLeast(`linebot_bot_incomings_total{namespace="${namespace}",bot="llm",type="postback"}`, 1)
  })
})

/** The data of the button that fetches the answer. */
function buttonIn(messages: readonly unknown[]): string {
  const [, data] = /"data":"((?:[^"\\]|\\.)*)"/.exec(JSON.stringify(messages)) ?? []
  return JSON.parse(`"${data}"`)
}
