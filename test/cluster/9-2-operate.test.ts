import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { apply, kubectl, kubectlWith, patch, remove } from './kube.ts'
import { answerTo, changeChannel, channelAtLine, repliesTo, say, textOf } from './line.ts'
import {
  applyAll,
  bindingFor,
  botFor,
  botReady,
  botWith,
  conditionOf,
  eventFor,
  makeBot,
  namespaceFor,
  podsOf,
  secretFor,
  secretWith,
  showWhenFailed,
} from './story.ts'
import { accountOf, streamTo } from './stream.ts'
import { until } from './until.ts'

let namespace: string
beforeAll(async () => {
  namespace = await namespaceFor('operate')
})

describe('two namespaces', () => {
  it('have bots of the same names, and neither has anything of the other', async () => {
    const other = await namespaceFor('other')
    showWhenFailed(other)
    const here = await makeBot(namespace, 'twin')
    const there = await makeBot(other, 'twin')
    await apply('Event', other, eventFor('twin-hi', 'hi', 'hello from over there', { bot: 'twin' }))
    await applyAll(other, [bindingFor('thief', {}), botFor('thief', { channel: { secretName: 'mine' } })])
    await apply('Secret', namespace, secretFor('mine', here))
    await botReady(namespace, 'twin')
    await botReady(other, 'twin')
    await until('each answers for itself', 60, async () => (await answerTo(there, 'hi')) === 'hello from over there')
    expect(await answerTo(here, 'hi')).toBe('hello from twin')
    // A Secret of the other namespace is no Secret of this one.
    await botWith(other, 'thief', 'Ready', { status: 'False', reason: 'SecretMissing' })
    // Nor can a bot's pod ask for one: it has no token, and its account no rights.
    const [pod] = await podsOf(other, 'twin')
    expect(pod?.spec.automountServiceAccountToken).toBe(false)
    const user = `system:serviceaccount:${other}:default`
    for (const home of [namespace, other]) {
      const asked = kubectl('auth', 'can-i', 'get', 'secrets', '-n', home, '--as', user)
      await expect(asked).rejects.toMatchObject({ stdout: expect.stringMatching(/^no/) })
    }
  })
})

describe('two Bots', () => {
  it('that share Events both follow them', async () => {
    showWhenFailed(namespace)
    const labels = { menu: 'all' }
    await apply('Event', namespace, eventFor('menu', 'menu', 'soup', labels))
    const channels = await Promise.all(['lunch', 'dinner'].map((name) => makeBot(namespace, name)))
    for (const name of ['lunch', 'dinner'])
      await apply('EventBinding', namespace, bindingFor(name, { matchLabels: labels }))
    for (const name of ['lunch', 'dinner']) await botReady(namespace, name)
    for (const text of ['soup', 'stew']) {
      await apply('Event', namespace, eventFor('menu', 'menu', text, labels))
      for (const channel of channels) {
        const answered = await until(`“${text}” is answered`, 90, async () => {
          const sent = await say(channel, 'menu')
          await sleep(1_000)
          return (await repliesTo(sent)).some((reply) => textOf(reply) === text)
        })
        expect(answered).toBe(true)
      }
    }
  })

  it('on one channel do not take it from each other: the second names the first, and follows it when it goes', async () => {
    showWhenFailed(namespace)
    const channel = await makeBot(namespace, 'first')
    const { status } = await botReady(namespace, 'first')
    await applyAll(namespace, [
      bindingFor('second', { matchLabels: { bot: 'first' } }),
      botFor('second', { channel: { secretName: 'first' } }),
    ])
    const second = await botWith(namespace, 'second', 'Ready', { status: 'False', reason: 'ChannelTaken' }, 90)
    expect(conditionOf(second, 'WebhookReady')?.message).toContain(`Bot ${namespace}/first`)
    expect(await channelAtLine(channel)).toMatchObject({ endpoint: status.url })
    await remove('Bot', namespace, 'first')
    const { status: after } = await botReady(namespace, 'second', 180)
    expect(await channelAtLine(channel)).toMatchObject({ endpoint: after.url })
    expect(await answerTo(channel, 'hi')).toBe('hello from first')
  })
})

describe('a Secret', () => {
  it('is issued anew under load: only until the Secret has it does LINE see 401, and every other webhook is answered once', async () => {
    showWhenFailed(namespace)
    const channel = await makeBot(namespace, 'rotated')
    await botReady(namespace, 'rotated')
    await answerTo(channel, 'hi')
    const stream = streamTo([channel], 10)
    const put = async (channelSecret: string, channelSecretPrevious?: string) => {
      const keys = { channelId: channel.id, channelSecret, ...(channelSecretPrevious && { channelSecretPrevious }) }
      const before = (await botReady(namespace, 'rotated')).status.latestReadyRevision
      await apply('Secret', namespace, secretWith('rotated', keys))
      const heldAt = Date.now()
      await until('a Revision has it', 60, async () => {
        const { status } = await botReady(namespace, 'rotated')
        return status.latestReadyRevision !== before
      })
      // The front door reads a Secret again within ten seconds; the Revision of before ends meanwhile.
      await sleep(12_000)
      return heldAt
    }
    await sleep(2_000)
    // LINE signs with the new one from the moment it shows it to a person, who has yet to put it into the Secret.
    const issuedAt = Date.now()
    await changeChannel(channel, { secret: 'new secret' })
    await sleep(3_000)
    const heldAt = await put('new secret', channel.secret)
    await put('new secret')
    const { sent, failed, lost, doubled } = await accountOf(await stream.stop())
    const last = Math.max(0, ...failed.map(({ sentAt }) => sentAt - heldAt))
    console.log(
      `a Secret changed under load: ${sent} webhooks, ${lost.length} lost; ${failed.length} refused, the last ${last} ms after the Secret had it`,
    )
    expect({ lost, doubled }).toEqual({ lost: [], doubled: [] })
    const others = failed.filter(({ status, sentAt }) => status !== 401 || sentAt < issuedAt || sentAt > heldAt + 6_000)
    expect(others).toEqual([])
  })
})

describe('a bad rule that went live', () => {
  it('is silenced by spec.suspend, and gone with kubectl apply of the YAML of before', async () => {
    showWhenFailed(namespace)
    const channel = await makeBot(namespace, 'regret')
    const good = JSON.stringify({ ...eventFor('regret-hi', 'hi', 'good', { bot: 'regret' }) })
    const bad = good.replace('good', 'bad')
    const applied = (yaml: string) => kubectlWith(yaml, 'apply', '-n', namespace, '-f', '-')
    const answers = (text: string) =>
      until(`“${text}” is answered`, 60, async () => (await answerTo(channel, 'hi')) === text)
    await kubectl('delete', 'lbe', 'regret-hi', '-n', namespace)
    await applied(good)
    await botReady(namespace, 'regret')
    await answers('good')
    await applied(bad)
    await answers('bad')
    await patch('Bot', namespace, 'regret', { spec: { suspend: true } })
    await until('nobody hears it any more', 60, async () => {
      const sent = await say(channel, 'hi')
      await sleep(1_500)
      return (await repliesTo(sent)).length === 0
    })
    const started = performance.now()
    await applied(good)
    await botWith(namespace, 'regret', 'Ready', { status: 'True', reason: 'Suspended' })
    await patch('Bot', namespace, 'regret', { spec: { suspend: false } })
    await until('the rules of before answer', 60, async () => {
      const sent = await say(channel, 'hi')
      await sleep(1_000)
      return (await repliesTo(sent)).some((reply) => textOf(reply) === 'good')
    })
    expect(await answerTo(channel, 'hi')).toBe('good')
    console.log(`rolled back after ${((performance.now() - started) / 1000).toFixed(1)} s`)
  })
})
