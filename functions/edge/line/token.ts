import type { Credentials } from '../../core/secret.ts'
import { number, object, parseJson, text } from '../../core/shape.ts'
import type { Call } from './call.ts'
import { LineError } from './error.ts'

export interface Tokens {
  /** Rejects with a LineError: `unauthorized` when the credentials are refused or there are none. */
  get(): Promise<string>
  /** LINE refused this one; the next `get` asks for the credentials again. */
  drop(token: string): void
}

type Ask = () => Promise<Credentials> | Credentials

interface Issued {
  readonly token: string
  readonly until: number
}

/** A token is not used in its last minute, so that none dies on the way. */
const marginMs = 60_000

const readIssued = object<{ access_token: string; expires_in: number }>(
  { access_token: text, expires_in: number },
  'access_token',
  'expires_in',
)

/** Stateless tokens live 15 minutes, are unlimited and need no renewal: one is issued when it is needed and kept meanwhile. */
export function makeTokens(call: Call, credentials: Ask, now: () => number): Tokens {
  let issuing: Promise<Issued> | undefined
  let issued: Issued | undefined
  return {
    async get() {
      if (issued && now() < issued.until) return issued.token
      issuing ??= tokenFor(credentials, call, now).finally(() => {
        issuing = undefined
      })
      issued = await issuing
      return issued.token
    },
    drop(token) {
      if (issued?.token === token) issued = undefined
    },
  }
}

async function tokenFor(ask: Ask, call: Call, now: () => number): Promise<Issued> {
  const given = await ask()
  if (given.channelId !== undefined) return await issue(call, given.channelId, given.channelSecret, now)
  if (given.channelAccessToken === undefined) return noToken()
  return { token: given.channelAccessToken, until: Number.POSITIVE_INFINITY }
}

async function issue(call: Call, id: string, secret: string, now: () => number): Promise<Issued> {
  const form = { grant_type: 'client_credentials', client_id: id, client_secret: secret }
  const asked = now()
  const { body, requestId } = await call({ method: 'POST', path: '/oauth2/v3/token', form })
  const answer = readIssued(parseJson(body))
  if (!answer) throw new LineError({ kind: 'unavailable', message: 'LINE issued no token', requestId })
  return { token: answer.access_token, until: asked + answer.expires_in * 1000 - marginMs }
}

function noToken(): never {
  const message = 'the Secret has neither channelId nor channelAccessToken'
  throw new LineError({ kind: 'unauthorized', message })
}
