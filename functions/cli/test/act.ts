import { idFor } from '../../core/conversation/people.ts'
import type { Act } from '../../core/conversation.ts'
import { member } from '../../core/schema/path.ts'
import { isObject, type Json } from '../../core/shape.ts'
import type { Reading } from './reading.ts'

/** What can happen in a step; each step names one of these. */
export const actKeys = [
  'say',
  'send',
  'edit',
  'unsend',
  'press',
  'postback',
  'follow',
  'unfollow',
  'join',
  'leave',
  'memberJoined',
  'memberLeft',
  'event',
] as const
export type ActKey = (typeof actKeys)[number]

export function readAct(reading: Reading, key: ActKey, given: Json, path: string): Act | undefined {
  const where = member(path, key)
  const value = given[key]
  const params = reading.optional(given, 'params', path, (one, at) =>
    isObject(one) ? one : reading.mapping(one, at, []),
  )
  switch (key) {
    case 'say': {
      const text = reading.text(value, where)
      const mention = reading.optional(given, 'mention', path, reading.truth) ?? false
      return text === undefined ? undefined : { do: 'say', text, mention }
    }
    case 'send':
      return typedIn(reading, value, where, (content) => ({ do: 'send', content }))
    case 'edit': {
      const text = reading.text(value, where)
      return text === undefined ? undefined : { do: 'edit', text }
    }
    case 'unsend':
      return isTrue(reading, value, where, { do: 'unsend' })
    case 'press': {
      const label = reading.text(value, where)
      const column = reading.optional(given, 'column', path, columnIn(reading))
      return label === undefined
        ? undefined
        : { do: 'press', label, ...(column !== undefined && { column }), ...(params && { params }) }
    }
    case 'postback': {
      const data = reading.text(value, where)
      return data === undefined ? undefined : { do: 'postback', data, ...(params && { params }) }
    }
    case 'follow':
      return followIn(reading, value, where)
    case 'unfollow':
    case 'join':
    case 'leave':
      return isTrue(reading, value, where, { do: 'happen', event: { type: key } })
    case 'memberJoined':
    case 'memberLeft':
      return membersIn(reading, key, value, where)
    case 'event':
      return typedIn(reading, value, where, (event) => ({ do: 'happen', event }))
  }
}

const columnIn =
  ({ wrong }: Reading) =>
  (value: unknown, path: string): number | undefined =>
    typeof value === 'number' && Number.isInteger(value) && value > 0
      ? value
      : wrong(path, 'must be a whole number: 1 is the first column')

const isTrue = (reading: Reading, value: unknown, path: string, act: Act): Act | undefined =>
  value === true ? act : reading.wrong(path, 'write true')

/** `true`, or `again` of somebody who had blocked the bot. */
function followIn(reading: Reading, value: unknown, path: string): Act | undefined {
  if (value !== true && value !== 'again') return reading.wrong(path, 'write true, or again after a block')
  return { do: 'happen', event: { type: 'follow', follow: { isUnblocked: value === 'again' } } }
}

function membersIn(
  reading: Reading,
  type: 'memberJoined' | 'memberLeft',
  value: unknown,
  path: string,
): Act | undefined {
  const names = reading.list(value, path, reading.text)
  const members = names.map((name) => ({ type: 'user', userId: idFor('user', name) }))
  return { do: 'happen', event: { type, [type === 'memberJoined' ? 'joined' : 'left']: { members } }, names }
}

function typedIn(
  reading: Reading,
  value: unknown,
  path: string,
  make: (typed: Json & { type: string }) => Act,
): Act | undefined {
  const { type, ...rest } = isObject(value) ? value : (reading.mapping(value, path, []) ?? {})
  if (typeof type === 'string') return make({ type, ...rest })
  return isObject(value) ? reading.wrong(path, 'required, and missing: type') : undefined
}
