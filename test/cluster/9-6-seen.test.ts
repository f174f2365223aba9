import { beforeAll, describe, expect, it } from 'vitest'
import { kubectl } from './kube.ts'
import { answerTo, type Channel } from './line.ts'
import { countedAtLeast } from './metrics.ts'
import { applyAll, asleep, botReady, botWith, eventWith, makeBot, namespaceFor, showWhenFailed } from './story.ts'
import { until } from './until.ts'

let namespace: string
let channel: Channel
beforeAll(async () => {
  namespace = await namespaceFor('seen')
  channel = await makeBot(namespace, 'counted')
  await botReady(namespace, 'counted')
})

describe('what sleeps', () => {
  it('is seen in the front door’s metrics: a bot that has gone, and both controllers', async () => {
    showWhenFailed(namespace)
    await asleep(namespace, 'counted')
    expect(await answerTo(channel, 'hi')).toBe('hello from counted')
    const of = `{namespace="${namespace}",bot="counted"`
    await countedAtLeast(`linebot_bot_incomings_total${of},type="message",outcome="answered"}`, 1)
    await countedAtLeast(`linebot_bot_cold_start_seconds_count${of}}`, 1)
    await asleep(namespace, 'counted')
    expect(await countedAtLeast(`linebot_bot_reply_seconds_count${of}}`, 1)).toBe(1)
    await countedAtLeast('linebot_reconciles_total{controller="bot-controller",result="settled"}', 1)
    await countedAtLeast('linebot_reconciles_total{controller="event-controller",result="settled"}', 1)
  })
})

describe('`kubectl describe`', () => {
  it('shows why a Bot is ready, and why an Event’s rule is left out, once', async () => {
    showWhenFailed(namespace)
    await applyAll(namespace, [
      eventWith('broken', {
        type: 'message',
        rules: [{ keywords: ['x'], reply: [{ type: 'text', text: '{{user.nickname}}' }] }],
      }),
    ])
    const noticesOf = async (kind: string, name: string) =>
      (await kubectl('describe', '-n', namespace, kind, name)).stdout.split(/^Events:/m)[1] ?? ''
    await until('the Notice of the rule that is left out', 60, async () =>
      (await noticesOf('lbe', 'broken')).includes('spec.rules[0].reply[0].text'),
    )
    await botWith(namespace, 'counted', 'Ready', { status: 'True' })
    const said = await noticesOf('lbot', 'counted')
    expect(said.match(/Ready +/g)).toHaveLength(1)
    expect(said).toContain('bot-controller')
  })
})
