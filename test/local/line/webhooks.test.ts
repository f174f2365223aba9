import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { eventFor, newUlid, redelivered } from '../../../functions/local/line/events.ts'
import { bodyFor, isWebhookUrl, signatureFor } from '../../../functions/local/line/webhooks.ts'

describe('a webhook’s body', () => {
  const event = { type: 'message', message: { text: '火龍 é 🐉' } }

  it('is the same JSON with and without escapes, and ASCII alone with them', () => {
    const plain = bodyFor('U1', [event])
    const escaped = bodyFor('U1', [event], 'unicode')
    expect(JSON.parse(escaped.toString())).toEqual(JSON.parse(plain.toString()))
    expect(escaped.every((byte) => byte < 0x80)).toBe(true)
    expect(escaped.toString()).toContain(String.raw`\u706B\u9F8D \u00E9 \uD83D\uDC09`)
  })

  it('is signed over its exact bytes', () => {
    const body = bodyFor('U1', [event])
    expect(signatureFor(body, 's')).toBe(createHmac('sha256', 's').update(body.toString()).digest('base64'))
    expect(signatureFor(bodyFor('U1', [event], 'unicode'), 's')).not.toBe(signatureFor(body, 's'))
  })
})

describe('an event', () => {
  const now = Date.UTC(2026, 0, 1)

  it('gets all that LINE adds', () => {
    expect(eventFor({ type: 'message', message: { type: 'text', text: 'hi' } }, { user: 'U1' }, now)).toEqual({
      type: 'message',
      mode: 'active',
      timestamp: now,
      source: { type: 'user', userId: 'U1' },
      webhookEventId: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/),
      deliveryContext: { isRedelivery: false },
      replyToken: expect.stringMatching(/^[0-9a-f]{32}$/),
      message: {
        id: expect.stringMatching(/^\d{18}$/),
        type: 'text',
        text: 'hi',
        quoteToken: expect.any(String),
        markAsReadToken: expect.any(String),
      },
    })
  })

  it.each([
    ['in a group', { user: 'U1', group: 'C1' }, { type: 'group', groupId: 'C1', userId: 'U1' }],
    ['in a group, nobody named', { group: 'C1' }, { type: 'group', groupId: 'C1' }],
    ['in a room', { user: 'U1', room: 'R1' }, { type: 'room', roomId: 'R1', userId: 'U1' }],
    ['nowhere', {}, undefined],
  ])('happens %s', (_where, from, source) => {
    expect(eventFor({ type: 'join' }, from, now)['source']).toEqual(source)
  })

  it.each([
    ['follow', {}, true],
    ['postback', {}, true],
    ['messageEdited', {}, true],
    ['unfollow', {}, false],
    ['unsend', {}, false],
    ['leave', {}, false],
    ['hologram', {}, false],
    ['message', { mode: 'standby' }, false],
    ['accountLink', { replyToken: null }, false],
    ['hologram', { replyToken: 'given' }, true],
  ])('of type %s with %o has a reply token: %s', (type, given, has) => {
    expect('replyToken' in eventFor({ type, ...given }, { user: 'U1' }, now)).toBe(has)
  })

  it('keeps what is given', () => {
    const given = { type: 'message', webhookEventId: 'mine', timestamp: 1, source: { type: 'user', userId: 'U2' } }
    expect(eventFor(given, { user: 'U1' }, now)).toMatchObject(given)
  })

  it('differs only in isRedelivery when it is sent again', () => {
    const event = eventFor({ type: 'follow' }, { user: 'U1' }, now)
    expect(redelivered(event)).toEqual({ ...event, deliveryContext: { isRedelivery: true } })
  })

  it('has an id that sorts by time and is its own', () => {
    const ids = [1, 2, 2 ** 40].map(newUlid)
    expect(ids).toEqual(ids.toSorted())
    expect(newUlid(now)).not.toBe(newUlid(now))
    // The example of the ULID specification: this instant is 01ARYZ6S41.
    expect(newUlid(1469918176385).slice(0, 10)).toBe('01ARYZ6S41')
  })
})

describe('a webhook URL', () => {
  it.each([
    ['https://bots.example.com/webhook/team/hunter', false, true],
    ['http://bots.example.com/webhook/team/hunter', false, false],
    ['http://bots.example.com/webhook/team/hunter', true, true],
    ['https://', false, false],
    ['bots.example.com', false, false],
    ['https://bots.example.com/火', false, false],
    ['https://bots.example.com/ a', false, false],
    ['https://user@bots.example.com/', false, false],
    ['ftp://bots.example.com/', true, false],
    [`https://bots.example.com/${'x'.repeat(475)}`, false, true],
    [`https://bots.example.com/${'x'.repeat(476)}`, false, false],
  ])('%s (http too: %s) is taken: %s', (url, allowsHttp, taken) => {
    expect(isWebhookUrl(url, allowsHttp)).toBe(taken)
  })
})
