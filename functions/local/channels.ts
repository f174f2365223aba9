import { Secret } from '../core/kinds.ts'
import { credentialsOf, type SecretObject } from '../core/secret.ts'
import type { Objects } from './apiserver/store.ts'
import type { Channels } from './line/channels.ts'

/**
 * Makes a channel at the LINE stand-in of every Secret that has an ID and a secret for one, because here nobody has an
 * account. A channel that is there stays as it is: a Secret that is changed alone is wrong, as it would be at LINE.
 * Returns what ends that.
 */
export function introduce(objects: Objects, channels: Channels): () => void {
  const meet = (secret: SecretObject) => {
    const { channelId: id, channelSecret } = credentialsOf(secret)
    if (id && channelSecret && !channels.byId(id))
      channels.add({ id, secret: channelSecret, name: secret.metadata.name })
  }
  return objects.onChange(({ verb, object }) => {
    if (verb !== 'delete' && object.apiVersion === Secret.apiVersion && object.kind === Secret.kind) meet(object)
  })
}
