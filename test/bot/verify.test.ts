import { expect, it } from 'vitest'
import { makeSignedByLine } from '../../functions/bot/verify.ts'
import { sign } from '../../functions/edge/signature.ts'

const body = Buffer.from('{"events":[]}')

function verifier(known: readonly string[], mounted: readonly string[]) {
  let reads = 0
  const signedByLine = makeSignedByLine(known, () => {
    reads += 1
    return mounted
  })
  return { signedBy: (secret: string) => signedByLine(body, sign(body, secret)), signedByLine, reads: () => reads }
}

it('signatures of the current and the previous secret count, and nothing is read for them', () => {
  const { signedBy, reads } = verifier(['new', 'old'], [])
  expect([signedBy('new'), signedBy('old'), reads()]).toEqual([true, true, 0])
})

it('an unknown signature makes the secrets be read again, and from then on the new ones count', () => {
  const { signedBy, reads } = verifier(['old'], ['new'])
  expect([signedBy('new'), reads()]).toEqual([true, 1])
  expect([signedBy('new'), reads()]).toEqual([true, 1])
  expect([signedBy('old'), reads()]).toEqual([false, 2])
})

it('nothing is read for a request without a signature', () => {
  const { signedByLine, reads } = verifier(['a'], ['a'])
  expect([signedByLine(body, undefined), signedByLine(body, ''), reads()]).toEqual([false, false, 0])
})
