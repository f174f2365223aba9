import { Bot, Event, EventBinding, KnativeService } from '../../core/kinds.ts'
import type { Obj } from '../../core/object.ts'
import { isObject } from '../../core/shape.ts'
import type { Objects } from '../apiserver/store.ts'
import type { Platform } from '../line/app.ts'
import { botOf, type Channel } from '../line/channels.ts'

/** What the page shows of everything, without secrets. */

interface Condition {
  readonly type: string
  readonly status: string
  readonly reason: string
  readonly message: string
}

export interface Resource {
  readonly kind: string
  readonly namespace?: string
  readonly name: string
  readonly generation?: number
  readonly conditions: readonly Condition[]
  /** An Event's, to try. */
  readonly keywords?: readonly string[]
  /** An Event's: the EventBindings that select it, as its status says. */
  readonly bindings?: readonly string[]
  /** An EventBinding's: the Bots that use it, as its status says. */
  readonly bots?: readonly string[]
}

/** A Bot, or a channel that no Bot is known of. */
interface BotSeen {
  /** `NAMESPACE/NAME`, or the channel's ID. */
  readonly id: string
  readonly name: string
  readonly namespace?: string
  /** Absent = LINE does not know it yet. */
  readonly channel?: string
  readonly endpoint?: string
  /** As LINE shows it; what a mention is written with. */
  readonly displayName?: string
  readonly active: boolean
  readonly redelivery: boolean
  /** User IDs of those who have blocked it. */
  readonly blockedBy: readonly string[]
}

const shown = [Bot, EventBinding, Event, KnativeService] as const

export const isShown = ({ apiVersion, kind }: Obj): boolean =>
  shown.some((one) => one.apiVersion === apiVersion && one.kind === kind)

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

const listIn = (object: Obj, name: string): readonly unknown[] => {
  const status: unknown = 'status' in object ? object.status : undefined
  return isObject(status) && Array.isArray(status[name]) ? status[name] : []
}

const conditionsOf = (object: Obj): readonly Condition[] =>
  listIn(object, 'conditions')
    .filter(isObject)
    .map(({ type, status: is, reason, message }) => ({
      type: textOf(type),
      status: textOf(is),
      reason: textOf(reason),
      message: textOf(message),
    }))

/** One for each rule. */
const keywordsOf = (object: Obj): readonly string[] => {
  const spec: unknown = 'spec' in object ? object.spec : undefined
  const rules = isObject(spec) && Array.isArray(spec['rules']) ? spec['rules'].filter(isObject) : []
  return rules.flatMap(({ keywords, match }) =>
    Array.isArray(keywords) && match !== 'Regex' ? keywords.slice(0, 1).map(textOf) : [],
  )
}

export const resourceOf = (object: Obj): Resource => {
  const { namespace, name, generation } = object.metadata
  return {
    kind: object.kind,
    ...(namespace === undefined ? {} : { namespace }),
    name,
    ...(generation === undefined ? {} : { generation }),
    conditions: conditionsOf(object),
    ...(object.kind === Event.kind
      ? { keywords: keywordsOf(object), bindings: listIn(object, 'bindings').map(textOf) }
      : {}),
    ...(object.kind === EventBinding.kind ? { bots: listIn(object, 'bots').map(textOf) } : {}),
  }
}

export const resourcesIn = (objects: Objects | undefined): readonly Resource[] =>
  objects ? shown.flatMap((kind) => objects.list(kind).map(resourceOf)) : []

const channelSeen = (channel: Channel, { people }: Platform) => ({
  channel: channel.id,
  displayName: channel.name,
  ...(channel.endpoint === undefined ? {} : { endpoint: channel.endpoint }),
  active: channel.active,
  redelivery: channel.redelivery,
  blockedBy: people
    .list()
    .map(({ userId }) => userId)
    .filter((userId) => people.hasBlocked(channel.id, userId)),
})

const named = (id: string) => {
  const [namespace, name] = id.split('/')
  return namespace !== undefined && name !== undefined ? { id, namespace, name } : { id, name: id }
}

const noChannel = { active: false, redelivery: false, blockedBy: [] }

const botsIn = (platform: Platform, objects: Objects | undefined): readonly BotSeen[] => {
  const channels = platform.channels.list()
  const ids = objects?.list(Bot).map(({ metadata }) => `${metadata.namespace ?? 'default'}/${metadata.name}`) ?? []
  const idOf = (channel: Channel): string => botOf(channel) ?? channel.id
  const all = new Set([...ids, ...channels.map(idOf)])
  return [...all].map((id) => {
    const channel = channels.find((one) => idOf(one) === id)
    return { ...named(id), ...(channel ? channelSeen(channel, platform) : noChannel) }
  })
}

export const worldOf = (platform: Platform, objects: Objects | undefined) => ({
  bots: botsIn(platform, objects),
  people: platform.people.list().map(({ userId, displayName }) => ({ userId, displayName })),
  groups: platform.groups.list().map((group) => ({ ...group, members: [...group.members] })),
})
