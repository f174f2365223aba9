import { makeExchange } from './exchange.ts'
import { sign } from './signature.ts'

const empty = Buffer.from('{"destination":"","events":[]}')
const exchange = makeExchange()

/**
 * Calls a webhook URL inside the cluster as LINE's verification does: signed, without events, so that nothing comes of
 * it. Resolves with the status; whoever answers 401 has another channel secret than this one.
 */
export async function knock(url: string, channelSecret: string): Promise<number> {
  const { status } = await exchange({
    method: 'POST',
    url: new URL(url),
    headers: {
      'content-type': 'application/json',
      'content-length': empty.length,
      'x-line-signature': sign(empty, channelSecret),
    },
    body: empty,
    // One that is kept may lead to a front door that has gone.
    agent: false,
    timeoutMs: 5_000,
    maxAnswerBytes: 64 * 1024,
  })
  return status
}
