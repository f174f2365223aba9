import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { secretKey } from '../core/names.ts'
import type { Credentials } from '../core/secret.ts'

export interface Channel extends Credentials {
  /** Whose signatures count: the current secret's, and the previous one's while it is being changed. */
  readonly secrets: readonly string[]
}

/**
 * The channel's Secret as it is mounted now; kubelet exchanges its files when it changes. Throws an Error that names
 * the key when there is no channel secret.
 */
export function readChannel(directory: string): Channel {
  const keys = new Set(existsSync(directory) ? readdirSync(directory) : [])
  // Without the newline that editors and `echo` leave; empty is absent.
  const read = (key: string) => (keys.has(key) && readFileSync(join(directory, key), 'utf8').trim()) || undefined
  const channelSecret = read(secretKey.channelSecret)
  if (channelSecret === undefined)
    throw new Error(`${directory} has no ${secretKey.channelSecret}; add it to the Secret`)
  const previous = read(secretKey.channelSecretPrevious)
  const channelId = read(secretKey.channelId)
  const channelAccessToken = read(secretKey.channelAccessToken)
  return {
    channelSecret,
    secrets: previous === undefined ? [channelSecret] : [channelSecret, previous],
    ...(channelId === undefined ? {} : { channelId }),
    ...(channelAccessToken === undefined ? {} : { channelAccessToken }),
  }
}
