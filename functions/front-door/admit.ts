import type http from 'node:http'
import type { Address } from '../core/webhook/address.ts'
import { type NoBody, readBody } from './body.ts'
import type { Bots, KnownBot } from './bots.ts'
import type { Limits } from './limits.ts'
import type { Lobby } from './lobby.ts'
import { couldBeSignature, type Verdict, type Verify } from './verify.ts'

/** What LINE signed, and the Bot whose channel it is. */
export interface Admitted {
  readonly bot: KnownBot
  readonly body: Buffer
}

/** Why it is not let in. The rest of its body is not read then. */
export type Refusal = Exclude<Verdict, KnownBot> | NoBody

/** Reads a request's body, of which nothing is believed until LINE's signature over it has been verified. */
export type Admit = (
  request: http.IncomingMessage,
  address: Address,
  signature: string | undefined,
) => Promise<Admitted | Refusal>

export interface AdmitParts {
  readonly bots: Bots
  readonly verify: Verify
  readonly lobby: Lobby
  readonly limits: Limits
}

export function makeAdmit({ bots, verify, lobby, limits }: AdmitParts): Admit {
  /** Never resolves for a Bot that there is. */
  const notThere = (address: Address) =>
    new Promise<Refusal>((resolve) => {
      void bots.find(address).then((found) => typeof found === 'string' && resolve(found))
    })

  return async (request, address, signature) => {
    if (Number(request.headers['content-length'] ?? 0) > limits.maxBodyBytes) return 'TooLarge'
    const pushedOut = Promise.withResolvers<'Crowded'>()
    const share = lobby(() => pushedOut.resolve('Crowded'))
    try {
      if (!share.take(limits.requestBytes)) return 'Crowded'
      // No body makes a signature of what is none.
      if (!couldBeSignature(signature)) {
        const verdict = await Promise.race([verify(address, nothing, signature), pushedOut.promise])
        return verdict === 'NotFound' || verdict === 'NoSecret' || verdict === 'Crowded' ? verdict : 'BadSignature'
      }
      // While the body comes in, a Bot that was not known yet is read.
      const refused = Promise.race([notThere(address), pushedOut.promise])
      const body = await readBody(request, { share, limits, unless: refused })
      if (typeof body === 'string') return body
      const verdict = await Promise.race([verify(address, body, signature), refused])
      return typeof verdict === 'string' ? verdict : { bot: verdict, body }
    } finally {
      share.free()
    }
  }
}

const nothing = Buffer.alloc(0)
