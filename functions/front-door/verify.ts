import type { Address } from '../core/webhook/address.ts'
import type { Log } from '../edge/log.ts'
import { signedBy } from '../edge/signature.ts'
import type { Bots, KnownBot, Lookup } from './bots.ts'
import type { Limits } from './limits.ts'
import type { Counts } from './metrics.ts'
import { makeQuiet } from './quiet.ts'

/** The Bot whose channel signed, or why nobody knows that it did. */
export type Verdict = Lookup | 'BadSignature' | 'NoSecret'

export type Verify = (address: Address, body: Buffer, signature: string | undefined) => Promise<Verdict>

export interface VerifyParts {
  readonly bots: Bots
  readonly log: Log
  readonly counts: Pick<Counts, 'rejected'>
  readonly limits: Limits
  readonly now: () => number
}

/** Checks LINE's signature, and reads the Bot again before it says no: the secret may have been changed. */
export function makeVerify({ bots, log, counts, limits, now }: VerifyParts): Verify {
  const quiet = makeQuiet(limits.againMs, now)

  const reject = (bot: KnownBot): Verdict => {
    const { namespace, bot: name, secrets } = bot
    if (secrets.length === 0) {
      if (quiet(`${namespace}/${name}`)) {
        log.warn('Bot has no channelSecret: create its Secret, or add the key', { namespace, bot: name })
      }
      return 'NoSecret'
    }
    counts.rejected.add({ namespace, bot: name })
    if (quiet(`${namespace}/${name}`)) {
      log.warn('Signature is not LINE’s for this Bot: see that its Secret holds the channel’s own channelSecret', {
        namespace,
        bot: name,
      })
    }
    return 'BadSignature'
  }

  return async (address, body, signature) => {
    const found = await bots.find(address)
    if (typeof found === 'string' || signedBy(body, signature, found.secrets)) return found
    // What no secret could have made needs no second look.
    if (!couldBeSignature(signature)) return reject(found)
    const again = await bots.findAgain(address)
    if (typeof again === 'string' || signedBy(body, signature, again.secrets)) return again
    return reject(again)
  }
}

/** 32 bytes in base64. */
export const couldBeSignature = (text: string | undefined) => /^[A-Za-z0-9+/]{43}=$/.test(text ?? '')
