import { type Answer, type Ask, ok, refused } from './answers.ts'
import type { Channel } from './channels.ts'
import { beanRefusal } from './dialects.ts'
import { tooMany } from './faults.ts'
import type { Answer as Sent } from './send.ts'
import type { State } from './state.ts'
import { bodyFor, headersFor, isWebhookUrl, signatureFor } from './webhooks.ts'

/** The webhook endpoint: read, set, test (webhook-settings). */

const notSet = refused(404, 'Webhook endpoint not found')
const invalid = refused(400, 'Invalid webhook endpoint URL')

export const getEndpoint = ({ channel: { endpoint, active } }: Ask): Answer =>
  endpoint === undefined ? notSet : ok({ endpoint, active })

export const putEndpoint = ({ channel, body: { endpoint } }: Ask, { httpWebhooks, happenings }: State): Answer => {
  if (endpoint === undefined || endpoint === null || endpoint === '') {
    return { status: 400, body: beanRefusal([{ path: ['endpoint'], wrong: { is: 'missing' } }]) }
  }
  if (typeof endpoint !== 'string' || !isWebhookUrl(endpoint, httpWebhooks)) return invalid
  channel.endpoint = endpoint
  happenings.tell({ kind: 'channel', channel: channel.id })
  return ok({})
}

const reasonOf = ({ reason }: Sent): string => reason.toUpperCase()

/** Sends the signed verify call: a webhook without events. */
const verify = async (channel: Channel, endpoint: string, { sender, now }: State): Promise<Answer> => {
  const timestamp = new Date(now()).toISOString()
  const body = bodyFor(channel.destination, [])
  const sent = await sender.send(endpoint, body, headersFor(signatureFor(body, channel.secret))).answer
  return ok({
    success: sent.reason === 'ok',
    timestamp,
    statusCode: sent.status ?? 0,
    reason: reasonOf(sent),
    detail: sent.detail,
  })
}

export const testEndpoint = async ({ channel, body }: Ask, state: State): Promise<Answer> => {
  if (!state.webhookTests.take(channel.id)) return refused(429, tooMany.rate)
  const endpoint = body['endpoint'] ?? channel.endpoint
  if (endpoint === undefined) return notSet
  if (typeof endpoint !== 'string' || !isWebhookUrl(endpoint, state.httpWebhooks)) return invalid
  return verify(channel, endpoint, state)
}
