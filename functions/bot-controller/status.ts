import { rfc3339 } from '../core/condition.ts'
import { hashOf, same } from '../core/plan.ts'
import type { BotStatus, ChannelStatus } from '../core/resources/bot.ts'
import { bindingsOf, foreign, ruleCount } from './facts.ts'
import type { LineAnswers } from './line.ts'
import { webhookUrl } from './question.ts'
import type { BotSeen } from './see.ts'
import { type BotDefaults } from './wanted.ts'

/** The schema's own bound: the API server refuses a longer status, whatever else it has to say. */
export const listedNames = 1_000

/** The Bot's status besides its conditions: what was seen, and what LINE said. `answered`: nothing is left to ask again. */
export function observed(seen: BotSeen, defaults: BotDefaults, answered: boolean, now: Date): BotStatus {
  if (seen.access !== 'Enabled') return {}
  const at = webhookUrl(seen, defaults)
  const bindings = bindingsOf(seen)
  const channel = channelStatus(seen, answered, now)
  return {
    ...('url' in at && { url: at.url }),
    ...(channel && { channel }),
    ...(bindings.length > 0 && {
      rules: {
        count: ruleCount(seen),
        hash: hashOf(bindings.map(({ status }) => status?.rules?.hash ?? '')),
        bindings: bindings.slice(0, listedNames).map(({ metadata }) => metadata.name),
      },
    }),
    ...serviceStatus(seen),
  }
}

function serviceStatus(seen: BotSeen): BotStatus {
  const { bot, service } = seen
  if (!service || foreign(seen)) return {}
  const { address, latestReadyRevisionName } = service.status ?? {}
  const generation = seen.appliedGeneration ?? bot.status?.serviceGeneration
  return {
    ...(address?.url && { address: { url: address.url } }),
    ...(latestReadyRevisionName && { latestReadyRevision: latestReadyRevisionName }),
    ...(generation !== undefined && { serviceGeneration: generation }),
    replicas: bot.spec.scale.min,
  }
}

/** What LINE said, over what it said before. */
function channelStatus({ bot, line, secret }: BotSeen, answered: boolean, now: Date): ChannelStatus | undefined {
  const before = bot.status?.channel
  if (!secret || !line) return secret && before
  const { asked: _asked, ...kept } = before ?? {}
  const { info, endpoint, test, quota, consumption, question } = line
  return {
    ...kept,
    ...info,
    ...(endpoint && { endpoint: endpoint.endpoint, active: endpoint.active }),
    ...(test && { test: testStatus(test, before?.test, now) }),
    ...(quota !== undefined && { quota }),
    ...(consumption !== undefined && { consumption }),
    // What is pushed goes on while LINE is asked again and again: not every number is worth a status, which rings.
    ...(!answered && budgetOf(before)),
    ...(answered && { asked: question.hash }),
  }
}

const budgetOf = ({ quota, consumption }: ChannelStatus = {}): ChannelStatus => ({
  ...(quota !== undefined && { quota }),
  ...(consumption !== undefined && { consumption }),
})

type Test = NonNullable<ChannelStatus['test']>

/** LINE's test, with the time at which this result was first seen: an equal result is no news. */
function testStatus(test: NonNullable<LineAnswers['test']>, before: Test | undefined, now: Date): Test {
  const { success, statusCode, reason, detail } = test
  const result = {
    success,
    ...(statusCode !== undefined && { statusCode }),
    ...(reason !== undefined && { reason: reason.slice(0, 200) }),
    ...(detail !== undefined && { detail: detail.slice(0, 500) }),
  }
  const { time, ...earlier } = before ?? { time: '' }
  return { ...result, time: same(earlier, result) ? time : rfc3339(now) }
}
