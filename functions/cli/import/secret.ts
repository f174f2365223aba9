import { label, secretKey } from '../../core/names.ts'
import { isObject, own } from '../../core/shape.ts'
import { type Found, type Note, textsAt } from './found.ts'
import { metadataOf } from './metadata.ts'

const keys: Readonly<Record<string, keyof typeof secretKey>> = {
  channelID: 'channelId',
  channelSecret: 'channelSecret',
  channelToken: 'channelAccessToken',
}

const dropped: Readonly<Record<string, string>> = {
  channelToken:
    'left out: with a channelId, tokens are issued when they are needed; the old one can be revoked at LINE',
  ngrokToken: 'left out: nothing needs ngrok; revoke it if nobody else uses it',
}

/** Whether it is a channel's, by the prototype's keys. */
export const isChannelSecret = ({ kind, object }: Found): boolean =>
  kind === 'Secret' &&
  [object.data, object.stringData].some(
    (data) => isObject(data) && Object.keys(data).some((key) => Object.hasOwn(keys, key)),
  )

/** The same values under our keys. */
export function secretFor(found: Found, notes: Note[]): object {
  const { object } = found
  const given = { ...textsAt(object, 'data'), ...textsAt(object, 'stringData') }
  const carried = (part: 'data' | 'stringData') => {
    const renamed = Object.entries(textsAt(object, part)).flatMap(([key, value]) => {
      const ours = key === 'channelToken' && 'channelID' in given ? undefined : own(keys, key)
      if (ours) return [[ours, value]]
      notes.push({
        of: found,
        path: `${part}.${key}`,
        message: own(dropped, key) ?? 'left out: linebot does not read it',
      })
      return []
    })
    return renamed.length > 0 ? { [part]: Object.fromEntries(renamed) } : {}
  }
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: metadataOf(found, { [label.credentials]: 'true' }),
    ...carried('data'),
    ...carried('stringData'),
  }
}
