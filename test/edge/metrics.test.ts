import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { serveMetrics } from '../../functions/edge/metrics.ts'

async function open() {
  const pushed: string[] = []
  const push = (body: string) => {
    pushed.push(body)
    return body === 'good' ? 204 : 400
  }
  const server = await serveMetrics({ scrape: () => 'webhooks_total 1\n', push, maxPushBytes: 100 }, 0)
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  // A listening TCP server's address is never a pipe's name.
  return { pushed, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
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
