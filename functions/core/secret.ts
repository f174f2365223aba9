import { secretKey } from './names.ts'
import type { Obj } from './object.ts'

/** A Kubernetes Secret as the API server sends it. */
export interface SecretObject extends Obj {
  /** Values are base64. */
  readonly data?: Readonly<Record<string, string>>
}

/** What LINE is asked with. With an ID, tokens are issued; else the given one is used. */
export interface Credentials {
  readonly channelSecret: string
  readonly channelId?: string
  readonly channelAccessToken?: string
}

export type ChannelCredentials = Partial<Record<keyof typeof secretKey, string>>

/** A channel's credentials as text, without the line end that `--from-file` brings along; an empty one is absent. */
export function credentialsOf(secret: SecretObject | undefined): ChannelCredentials {
  const decoded = Object.entries(secret?.data ?? {}).map(([key, value]) => [
    key,
    Buffer.from(value, 'base64').toString().trim(),
  ])
  return Object.fromEntries(
    decoded.filter(([key, value]) => typeof key === 'string' && Object.hasOwn(secretKey, key) && value !== ''),
  )
}

/** What LINE is asked with, or the key that is missing for it; `channelId` where there is no access token either. */
export function lineCredentials(
  secret: SecretObject | undefined,
): Credentials | { readonly missing: 'channelSecret' | 'channelId' } {
  const { channelSecret, channelId, channelAccessToken } = credentialsOf(secret)
  if (!channelSecret) return { missing: 'channelSecret' }
  if (!channelId && !channelAccessToken) return { missing: 'channelId' }
  return { channelSecret, ...(channelId && { channelId }), ...(channelAccessToken && { channelAccessToken }) }
}
