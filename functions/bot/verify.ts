import { signedBy } from '../edge/signature.ts'

export type SignedByLine = (body: Buffer, signature: string | undefined) => boolean

/**
 * Whether a channel secret made the signature. The secrets are read again when none of the known ones did, because
 * they may have been changed meanwhile. Throws what `read` throws.
 */
export function makeSignedByLine(known: readonly string[], read: () => readonly string[]): SignedByLine {
  let secrets = known
  return (body, signature) => {
    if (signedBy(body, signature, secrets)) return true
    if (!signature) return false
    secrets = read()
    return signedBy(body, signature, secrets)
  }
}
