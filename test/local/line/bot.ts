import http from 'node:http'
import type { ChannelConfig } from '../../../functions/local/line/channels.ts'

/** The channel that these tests talk to. */
export const hunter = {
  id: '1000000001',
  secret: 'hunter-secret',
  name: 'Hunter',
  destination: `U${'a'.repeat(32)}`,
  accessToken: 'long-lived-hunter',
} satisfies ChannelConfig

export interface Received {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly headers: http.IncomingHttpHeaders
  readonly rawHeaders: readonly string[]
  readonly body: Buffer
}

export interface Bot {
  readonly origin: string
  readonly url: string
  readonly received: Received[]
  close(): Promise<void>
}

/** The last webhook that came; throws when there is none. */
export const last = ({ received }: Bot): Received => {
  const webhook = received.at(-1)
  if (!webhook) throw new Error('no webhook came')
  return webhook
}

/** A bot that remembers every webhook and answers as `answer` does: 200 at once, when it is left out. */
export const startBot = async (
  answer: (response: http.ServerResponse) => void = (response) => void response.end(),
): Promise<Bot> => {
  const received: Received[] = []
  const server = http.createServer(async (request, response) => {
    const { method, url, headers, rawHeaders } = request
    received.push({ method, url, headers, rawHeaders, body: Buffer.concat(await request.toArray()) })
    answer(response)
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { origin, url: `${origin}/webhook/team/hunter`, received, close }
}
