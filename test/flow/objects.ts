import { Bot, Event, EventBinding, Secret } from '../../functions/core/kinds.ts'
import { apiVersion } from '../../functions/core/names.ts'
import type { Kind, Obj } from '../../functions/core/object.ts'
import { aSecret } from '../objects.ts'

/** What a person writes: objects of the namespace `demo`, and what they are kinds of. */

export const namespace = 'demo'

export interface Written {
  readonly kind: Kind
  readonly object: Obj
}

type Labels = Readonly<Record<string, string>>

const ours = (kind: Kind, name: string, spec: object, labels?: Labels): Written => {
  const metadata = { name, namespace, ...(labels && { labels }) }
  return { kind, object: { apiVersion, kind: kind.kind, metadata, spec } as Obj }
}

export const bot = (spec: object = {}, name = 'hello'): Written =>
  ours(Bot, name, { channel: { secretName: 'hello' }, ...spec })

export const binding = (spec: object = {}, name = 'hello', labels?: Labels): Written =>
  ours(EventBinding, name, { selector: { matchLabels: { bot: 'hello' } }, ...spec }, labels)

export const event = (name: string, spec: object = {}, labels: Labels = { bot: 'hello' }): Written =>
  ours(Event, name, { type: 'message', rules: [{ keywords: [name], reply: [text(name)] }], ...spec }, labels)

export const text = (said: string) => ({ type: 'text', text: said })

/** What a rule may forward to. */
export const brokerRef = (name: string) => ({ apiVersion: 'eventing.knative.dev/v1', kind: 'Broker', name })

/** The channel that LINE knows. */
export const channel = { id: '1234567890', secret: '0123456789abcdef0123456789abcdef' }

export const secret = (data: Readonly<Record<string, string>> = {}): Written => {
  const values = { channelId: channel.id, channelSecret: channel.secret, ...data }
  return { kind: Secret, object: aSecret(values, { name: 'hello', namespace }) }
}

/** A Bot and all that it needs. */
export const hello = (): Written[] => [secret(), bot(), binding(), event('rathalos'), event('rathian')]
