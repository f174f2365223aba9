import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { makeMetrics } from '../../functions/core/metrics.ts'
import { serveMetrics } from '../../functions/edge/metrics.ts'

it('metrics are told on GET /metrics and nowhere else', async () => {
  const metrics = makeMetrics()
  const server = await serveMetrics(metrics, 0)
  // A listening TCP server's address is never a pipe's name.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  metrics.counter('webhooks_total', 'Webhooks.').add()
  const told = await fetch(`${url}/metrics`)
  expect([told.status, told.headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8'])
  expect(await told.text()).toContain('webhooks_total 1\n')
  expect((await fetch(`${url}/`)).status).toBe(404)
  expect((await fetch(`${url}/metrics`, { method: 'POST' })).status).toBe(404)
  server.closeAllConnections()
  server.close()
})
