import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { HTTP } from 'cloudevents'
import { describe, expect, it } from 'vitest'
import { read, ringFor } from '../../functions/edge/doorbell.ts'
import { cutting } from './cut.ts'

const binary = (over: Record<string, string> = {}) => ({
  'ce-specversion': '1.0',
  'ce-id': '1',
  'ce-source': 'https://10.96.0.1:443',
  'ce-type': 'dev.knative.apiserver.ref.update',
  'ce-apiversion': 'linebot.dev/v1alpha1',
  'ce-kind': 'Bot',
  'ce-namespace': 'demo',
  'ce-name': 'hello',
  'content-type': 'application/json',
  ...over,
})
const change = { apiVersion: 'linebot.dev/v1alpha1', kind: 'Bot', namespace: 'demo', name: 'hello' }

describe('a CloudEvent at the door', () => {
  it.each(['add', 'update', 'delete'])('means the same whether it tells of an %s', (verb) => {
    const event = binary({ 'ce-type': `dev.knative.apiserver.ref.${verb}` })
    expect(read(event, '{}')).toEqual({ means: 'change', change, found: false })
  })

  it('has the time at which it was told first', () => {
    expect(read(binary({ 'ce-time': '2026-11-21T08:00:00.123Z' }), '{}')).toMatchObject({
      at: Date.parse('2026-11-21T08:00:00.123Z'),
    })
    expect(read(binary({ 'ce-time': 'soon' }), '{}')).not.toHaveProperty('at')
  })

  it('is read in structured mode too', () => {
    const body = JSON.stringify({
      specversion: '1.0',
      id: '1',
      source: '/x',
      type: 'dev.knative.apiserver.resource.add',
      apiversion: change.apiVersion,
      kind: 'Bot',
      namespace: 'demo',
      name: 'hello',
      data: {},
    })
    expect(read({ 'content-type': 'application/cloudevents+json' }, body)).toEqual({
      means: 'change',
      change,
      found: false,
    })
  })

  it('from a sweep asks to look afresh', () => {
    expect(read(binary({ 'ce-type': 'dev.linebot.sweep.found' }), '')).toEqual({ means: 'change', change, found: true })
  })

  it('of the source’s own Deployment means that changes may have been missed', () => {
    const own = binary({ 'ce-apiversion': 'apps/v1', 'ce-kind': 'Deployment', 'ce-namespace': 'linebot-system' })
    expect(read(own, '{}')).toEqual({ means: 'sweep', hourly: false })
  })

  it('of a tenant’s Deployment concerns nobody else, whatever its labels', () => {
    const theirs = binary({ 'ce-apiversion': 'apps/v1', 'ce-kind': 'Deployment', 'ce-namespace': 'shop' })
    expect(read(theirs, '{}')).toMatchObject({ means: 'change', change: { kind: 'Deployment', namespace: 'shop' } })
  })

  it('of one of our own functions concerns everything', () => {
    const own = binary({
      'ce-apiversion': 'serving.knative.dev/v1',
      'ce-kind': 'Service',
      'ce-namespace': 'linebot-system',
    })
    expect(read(own, '{}')).toEqual({ means: 'sweep', hourly: false })
  })

  it('of the clock means that the hour has come', () => {
    const ping = { 'ce-specversion': '1.0', 'ce-id': '1', 'ce-source': '/ping', 'ce-type': 'dev.knative.sources.ping' }
    expect(read(ping, '')).toEqual({ means: 'sweep', hourly: true })
  })

  it.each([
    ['no CloudEvent', { 'content-type': 'application/json' }, '{}'],
    ['no name', binary({ 'ce-name': '' }), '{}'],
    ['a type of somebody else', binary({ 'ce-type': 'com.example.order' }), '{}'],
    ['a body that is not what it says', { 'content-type': 'application/cloudevents+json' }, '{"specversion"'],
    ['a batch', { 'content-type': 'application/cloudevents-batch+json' }, '[]'],
  ])('is refused with %s', (_what, headers, body) => {
    expect(read(headers, body)).toBeUndefined()
  })
})

describe('ringing for what a sweep found', () => {
  const broker = async (status: number) => {
    const received: { headers: http.IncomingHttpHeaders; body: string }[] = []
    const server = http.createServer((request, response) => {
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => parts.push(part))
      request.on('end', () => {
        received.push({ headers: request.headers, body: Buffer.concat(parts).toString() })
        response.writeHead(status).end()
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    // A server that listens on TCP has such an address.
    const { port } = server.address() as AddressInfo
    return { received, sink: `http://127.0.0.1:${port}/`, close: () => server.close() }
  }

  it('sends what another door reads as the same change', async () => {
    const { received, sink, close } = await broker(202)
    await ringFor(change, '/linebot/test', sink)
    const [request] = received
    expect(read(request?.headers as Record<string, string>, request?.body ?? '')).toEqual({
      means: 'change',
      change,
      at: expect.any(Number),
      found: true,
    })
    expect(() =>
      HTTP.toEvent({ headers: request?.headers as Record<string, string>, body: request?.body ?? '' }),
    ).not.toThrow()
    close()
  })

  it('fails when the Broker does not take it', async () => {
    const { sink, close } = await broker(503)
    await expect(ringFor(change, '/linebot/test', sink)).rejects.toThrow('503')
    close()
  })

  it('fails when the Broker’s answer is cut', async () => {
    await expect(ringFor(change, '/linebot/test', await cutting(202))).rejects.toThrow('aborted')
  })
})
