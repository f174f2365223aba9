import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { secretKey } from '../core/names.ts'
import type { Credentials } from '../edge/line.ts'

export interface Channel extends Credentials {
  /** Whose signatures count: the current secret's, and the previous one's while it is being changed. */
  readonly secrets: readonly string[]
}

/**
 * The channel's Secret as it is mounted now; kubelet exchanges its files when it changes. Throws an Error that names
 * the key when there is no channel secret.
 */
export function readChannel(directory: string): Channel {
  const read = (key: string) => readKey(join(directory, key))
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

/** Without the newline that editors and `echo` leave; undefined when absent or empty. */
function readKey(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim() || undefined
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
