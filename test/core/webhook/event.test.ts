import { expect, it } from 'vitest'
import { deliveryFrom, handOverHeadersFor, webhookHeadersFor } from '../../../functions/core/webhook/event.ts'

const carried = {
  namespace: 'village',
  bot: 'monster',
  id: '7f2d',
  arrivedAt: Date.UTC(2026, 10, 21, 18, 30, 0, 7),
  signature: 'signed=',
  contentType: 'application/json; charset=utf-8',
}

/** Written out: what the other release sends or expects during an upgrade. */
const wire = {
  'ce-specversion': '1.0',
  'ce-id': '7f2d',
  'ce-type': 'dev.linebot.webhook',
  'ce-source': '/namespaces/village/bots/monster',
  'ce-time': '2026-11-21T18:30:00.007Z',
  'ce-botnamespace': 'village',
  'ce-botname': 'monster',
  'ce-linesignature': 'signed=',
  'content-type': 'application/json; charset=utf-8',
}

it('a webhook is the CloudEvent that every release knows', () => {
  expect(webhookHeadersFor(carried)).toEqual(wire)
})

it('a hand-over is the same, and says which event it is about and that it goes no further', () => {
  expect(handOverHeadersFor(carried, '01H')).toEqual({ ...wire, 'ce-webhookeventid': '01H', 'ce-forwarded': 'true' })
})

it('a delivery is read as it was written, and goes on with what others added', () => {
  const { contentType: _, ...known } = carried
  const headers = { ...wire, 'ce-knativearrivaltime': '2026-11-21T18:30:01Z' }
  expect(deliveryFrom({ ...headers, host: 'front-door', prefer: 'reply' })).toEqual({ ...known, headers })
})
