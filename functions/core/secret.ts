import { secretKey } from './names.ts'
import type { Obj } from './object.ts'

/** A Kubernetes Secret as the API server sends it. */
export interface SecretObject extends Obj {
  /** Values are base64. */
  readonly data?: Readonly<Record<string, string>>
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
