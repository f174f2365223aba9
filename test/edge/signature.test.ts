import { validateSignature } from '@line/bot-sdk'
import { describe, expect, it } from 'vitest'
import { sign, signedBy } from '../../functions/edge/signature.ts'

const body = Buffer.from('{"destination":"U1","events":[{"type":"message","message":{"text":"\\uD83E\\uDD28 火龍"}}]}')
const secret = 'channel-secret'
const good = sign(body, secret)
const base64url = good.replaceAll('+', '-').replaceAll('/', '_').replace('=', '')

describe('a signature', () => {
  it('is accepted when the SDK would make the same', () => {
    expect(signedBy(body, good, [secret])).toBe(true)
    expect(validateSignature(body, secret, good)).toBe(true)
  })

  it('is accepted when the previous secret made it', () => {
    expect(signedBy(body, sign(body, 'old'), [secret, 'old'])).toBe(true)
  })

  it.each([
    ['absent', undefined],
    ['empty', ''],
    ['repeated', `${good}, ${good}`],
    ['followed by junk', `${good}x`],
    ['preceded by space', ` ${good}`],
    ['without padding', good.slice(0, -1)],
    ['base64url', base64url],
    ['of other bytes', sign(Buffer.from('{}'), secret)],
    ['of another secret', sign(body, 'another')],
    ['in hexadecimal', Buffer.from(good, 'base64').toString('hex')],
    ['44 characters that are more bytes', `${good.slice(0, -1)}龍`],
    ['the same bytes spelt with spare bits', `${good.slice(0, -2)}${nextOf(good.at(-2) ?? '')}=`],
    ['huge', 'A'.repeat(1_000_000)],
  ])('is refused when %s', (_why, signature) => {
    expect(signedBy(body, signature, [secret])).toBe(false)
  })

  it('is refused when it was made with the empty secret, and when there is no secret', () => {
    expect(signedBy(body, sign(body, ''), [''])).toBe(false)
    expect(signedBy(body, good, [])).toBe(false)
  })

  it('is of the bytes, not of what they mean', () => {
    const restringified = Buffer.from(JSON.stringify(JSON.parse(body.toString())))
    expect(signedBy(restringified, good, [secret])).toBe(false)
  })
})

/** The last character before the padding has two bits that decode to nothing. */
function nextOf(character: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  return alphabet[alphabet.indexOf(character) + 1] ?? ''
}
