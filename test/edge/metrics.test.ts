import { once } from 'node:events'
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { expect, it, onTestFinished, vi } from 'vitest'
import { type MetricsDoor, serveMetrics } from '../../functions/edge/metrics.ts'

async function open(door: Partial<MetricsDoor> = {}, limits?: Parameters<typeof serveMetrics>[2]) {
  const pushed: string[] = []
  const push = (body: string) => {
    pushed.push(body)
    return body === 'good' ? 204 : 400
  }
  const scrape = () => 'webhooks_total 1\n'
  const server = await serveMetrics({ scrape, push, maxPushBytes: 100, now: () => 0, ...door }, 0, limits)
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  // A listening TCP server's address is never a pipe's name.
  const { port } = server.address() as AddressInfo
  const connections = () =>
    new Promise<number>((resolve, reject) => server.getConnections((error, n) => (error ? reject(error) : resolve(n))))
  return { pushed, port, connections, url: `http://127.0.0.1:${port}` }
}

it('metrics are told on GET /metrics, taken on POST /push, and nowhere else', async () => {
  const { url, pushed } = await open()
  const told = await fetch(`${url}/metrics`)
  expect([told.status, told.headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8'])
  expect(await told.text()).toBe('webhooks_total 1\n')
  expect((await fetch(`${url}/push`, { method: 'POST', body: 'good' })).status).toBe(204)
  expect((await fetch(`${url}/push`, { method: 'POST', body: 'bad' })).status).toBe(400)
  expect(pushed).toEqual(['good', 'bad'])
  for (const [method, path] of [
    ['GET', '/'],
    ['POST', '/metrics'],
    ['GET', '/push'],
  ] as const)
    expect((await fetch(`${url}${path}`, { method })).status).toBe(404)
})

it('a push that is too large is refused, told how long it is or not, and not looked at', async () => {
  const { url, pushed } = await open()
  expect((await fetch(`${url}/push`, { method: 'POST', body: 'x'.repeat(101) })).status).toBe(413)
  const status = await new Promise((resolve, reject) => {
    const request = http.request(`${url}/push`, { method: 'POST' }, (response) => resolve(response.resume().statusCode))
    request.on('error', reject)
    request.write('x'.repeat(60))
    request.end('x'.repeat(60))
  })
  expect(status).toBe(413)
  expect((await fetch(`${url}/push`, { method: 'POST', body: 'x'.repeat(100) })).status).toBe(400)
  expect(pushed).toEqual(['x'.repeat(100)])
})

it('what was told is told again for two seconds: to write it takes time that LINE waits', async () => {
  let now = 0
  let scraped = 0
  const { url } = await open({ scrape: () => String(++scraped), now: () => now })
  const look = async () => (await fetch(`${url}/metrics`)).text()
  expect([await look(), await look()]).toEqual(['1', '1'])
  now += 1_999
  expect(await look()).toBe('1')
  now += 1
  expect(await look()).toBe('2')
  // Nor longer, where the clock is set back.
  now -= 60_000
  expect(await look()).toBe('3')
})

/** More than the buffers of two sockets hold. */
const much = 'x'.repeat(16 * 1024 * 1024)

it('of those who ask and do not read, the first ones are left when more come; who reads is told all', async () => {
  const { port, url, connections } = await open({ scrape: () => much }, { freshMs: 0, answerMs: 60_000, maxAnswers: 3 })
  for (let nth = 0; nth < 10; nth++) await askOnly(port)
  await vi.waitFor(async () => expect(await connections()).toBe(3), { interval: 5 })
  expect(await (await fetch(`${url}/metrics`)).text()).toBe(much)
})

it('who does not read the answer in time is left', async () => {
  const { port, connections } = await open({ scrape: () => much }, { freshMs: 0, answerMs: 20, maxAnswers: 9 })
  await askOnly(port)
  await vi.waitFor(async () => expect(await connections()).toBe(0), { interval: 5 })
})

async function askOnly(port: number): Promise<void> {
  const socket = net.connect(port, '127.0.0.1').on('error', () => {})
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  socket.write('GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n')
}
