import { type Answer, ok } from './answers.ts'
import type { Channels } from './channels.ts'

/** POST /oauth2/v3/token by channel ID and secret. Its errors have a shape of their own. */

const invalidRequest = (description: string): Answer => ({
  status: 400,
  body: { error: 'invalid_request', error_description: description },
})

export const issueToken = (form: URLSearchParams, channels: Channels): Answer => {
  if (form.get('grant_type') !== 'client_credentials') return invalidRequest("Invalid 'grant_type'.")
  const issued = channels.issueToken(form.get('client_id') ?? '', form.get('client_secret') ?? '')
  if (!issued) return invalidRequest("Invalid 'client_credentials'.")
  return ok({ token_type: 'Bearer', access_token: issued.accessToken, expires_in: issued.expiresInSeconds })
}
