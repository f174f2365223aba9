import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { makeMetrics } from '../../functions/core/metrics.ts'
import { makeLog } from '../../functions/edge/log.ts'
import { makePusher, type PusherOptions } from '../../functions/edge/push.ts'
import { scraped } from '../metrics.ts'

/** A bot that pushes, and a front door that answers as it is told. */
async function open(options: Partial<PusherOptions> = {}, statuses: number[] = []) {
  const got: { name: string; by: number }[][] = []
  const server = http.createServer(async (request, response) => {
    const { samples } = JSON.parse(await text(request))
    const status = statuses.shift() ?? 204
    if (status === 204) got.push(samples)
    if (status === 0) request.socket.destroy()
    else response.writeHead(status).end()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  const metrics = makeMetrics()
  // A listening TCP server's address is never a pipe's name.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/push`
  const log = makeLog('Error', {}, () => {})
  const pusher = makePusher(metrics.series, { url, log, quietMs: 20, ...options })
  const count = metrics.counter('linebot_sweeps_total')
  return { got, server, pusher, count, metrics }
}

describe('what was counted', () => {
  it('is pushed once it has been quiet for a moment', async () => {
    const { got, pusher, count } = await open()
    for (let n = 0; n < 3; n++) {
      count.add()
      pusher.soon()
    }
    expect(got).toEqual([])
    await vi.waitFor(() => expect(got).toEqual([[expect.objectContaining({ by: 3 })]]), 10_000)
  })

  it('is pushed at last where it never goes quiet', async () => {
    const { got, pusher, count } = await open({ quietMs: 60_000, atMostMs: 30 })
    await vi.waitFor(
      () => {
        count.add()
        pusher.soon()
        expect(got.length).toBeGreaterThan(0)
      },
      { interval: 5 },
    )
  })

  it.each([
    ['does not take it', 503],
    ['hangs up', 0],
  ])('is kept when the front door %s, and goes with what comes later', async (_what, status) => {
    const { got, pusher, count, metrics } = await open({}, [status])
    count.add()
    metrics.gauge('linebot_bot_rules').set(1)
    const failing = pusher.flush()
    metrics.gauge('linebot_bot_rules').set(2)
    await failing
    expect(got).toEqual([])
    count.add()
    await pusher.flush()
    expect(got).toEqual([[expect.objectContaining({ by: 2 }), expect.objectContaining({ value: 2 })]])
  })

  it('is kept when there is no front door at all, or none that answers', async () => {
    const { server, pusher, count, metrics, got } = await open({ timeoutMs: 30 })
    server.removeAllListeners('request')
    count.add()
    await pusher.flush()
    server.close()
    server.closeAllConnections()
    await pusher.flush()
    expect(scraped(metrics)).toContain('linebot_sweeps_total 1')
    expect(got).toEqual([])
  })

  it('goes nowhere, and is not piled up, where nobody wants it', async () => {
    const { pusher, count, metrics } = await open({ url: undefined })
    count.add()
    await pusher.flush()
    expect(scraped(metrics)).toBe('\n')
  })

  it('is not pushed when there is nothing', async () => {
    const { got, pusher } = await open()
    await pusher.flush()
    expect(got).toEqual([])
  })
})
