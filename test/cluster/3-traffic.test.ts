import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { apply, patch } from './kube.ts'
import { answerTo, type Channel, type Reply, repliesTo, replyTo, type Sent, say, sendEvents, textOf } from './line.ts'
import {
  asleep,
  botReady,
  botWith,
  drowsy,
  eventFor,
  eventWith,
  makeBot,
  namespaceFor,
  revisionsOf,
  showWhenFailed,
} from './story.ts'
import { until } from './until.ts'

let namespace: string
beforeAll(async () => {
  namespace = await namespaceFor('traffic')
})

/** All that came back for what was sent, once each has a reply; what has none within a minute never gets one. */
const repliesToAll = async (sent: readonly Sent[]): Promise<readonly (readonly Reply[])[]> => {
  for (const one of sent) await replyTo(one, 60)
  return Promise.all(sent.map(repliesTo))
}

describe('a change of rules under a steady stream', () => {
  const perSecond = 20
  const seconds = 18

  it('is one new Revision, and every message is acknowledged and answered once, by the old or the new rules', async () => {
    showWhenFailed(namespace)
    const channel = await makeBot(namespace, 'stream')
    await botReady(namespace, 'stream')
    await answerTo(channel, 'hi')
    const before = new Set((await revisionsOf(namespace, 'stream')).map(({ metadata }) => metadata.name))

    const under: Promise<Sent>[] = []
    const started = performance.now()
    for (let i = 0; i < perSecond * seconds; i += 1) {
      // The stream's own pace, whatever the answers take.
      await sleep(Math.max(0, started + (i * 1000) / perSecond - performance.now()))
      under.push(say(channel, 'hi'))
      if (i === perSecond * 4) await apply('Event', namespace, eventFor('stream-hi', 'hi', 'new', { bot: 'stream' }))
    }
    const sent = await Promise.all(under)
    expect(sent.filter(({ status }) => status !== 200)).toEqual([])

    const replies = await repliesToAll(sent)
    const taken = replies.map((some) => some.filter(({ status }) => status === 200))
    expect(taken.filter((some) => some.length !== 1)).toEqual([])
    // Nor did anybody try a second time.
    expect(replies.filter((some) => some.length !== 1)).toEqual([])
    const texts = taken.map(([reply]) => reply && textOf(reply))
    expect(new Set(texts)).toEqual(new Set(['hello from stream', 'new']))

    // While both Revisions run, either may answer; a second after the first new answer no message finds the old one.
    const firstNew = Math.min(...taken.flat().flatMap((reply) => (textOf(reply) === 'new' ? reply.time : [])))
    const late = sent.filter((one, i) => one.sentAt > firstNew + 1000 && texts[i] !== 'new')
    expect(late).toEqual([])
    const after = (await revisionsOf(namespace, 'stream')).map(({ metadata }) => metadata.name)
    expect(after.filter((name) => !before.has(name))).toHaveLength(1)
  })
})

describe('twenty bots at zero', () => {
  it('are hit at once: every webhook is acknowledged within 2 s, every message answered exactly once', async () => {
    showWhenFailed(namespace)
    const names = Array.from({ length: 20 }, (_, i) => `sleeper-${i}`)
    const channels = await Promise.all(names.map((name) => makeBot(namespace, name)))
    await Promise.all(names.map((name) => botReady(namespace, name, 180)))
    await Promise.all(names.map((name) => asleep(namespace, name, 150)))

    const sent = await Promise.all(channels.map((channel) => say(channel, 'hi')))
    expect(sent.filter(({ status, ms }) => status !== 200 || ms >= 2000)).toEqual([])
    const replies = await repliesToAll(sent)
    console.log(
      `20 at once: slowest ack ${Math.max(...sent.map(({ ms }) => ms))} ms, slowest reply ${Math.max(...replies.flat().map(({ ms }) => ms))} ms`,
    )
    // None has anything left to do: a second try would have come after a second or two.
    await Promise.all(names.map((name) => drowsy(namespace, name)))
    const all = await Promise.all(sent.map(repliesTo))
    expect(all.map((some) => some.map((reply) => [reply.status, textOf(reply)]))).toEqual(
      names.map((name) => [[200, `hello from ${name}`]]),
    )
  })
})

describe('a bot', () => {
  let channel: Channel
  const labels = { bot: 'many' }
  beforeAll(async () => {
    channel = await makeBot(namespace, 'many')
    const replies = {
      picture: {
        type: 'image',
        originalContentUrl: 'https://example.com/a.jpg',
        previewImageUrl: 'https://example.com/b.jpg',
      },
      buttons: {
        type: 'template',
        altText: 'choose',
        template: { type: 'buttons', text: 'choose', actions: [{ type: 'postback', label: 'buy', data: 'buy=1' }] },
      },
      bubble: {
        type: 'flex',
        altText: 'a bubble',
        contents: {
          type: 'bubble',
          body: { type: 'box', layout: 'vertical', contents: [{ type: 'text', text: 'in it' }] },
        },
      },
      stamp: { type: 'sticker', packageId: '446', stickerId: '1988' },
    }
    const events = [
      eventWith(
        'replies',
        {
          type: 'message',
          rules: [
            ...Object.entries(replies).map(([word, message]) => ({ keywords: [word], reply: [message] })),
            { keywords: ['who'], reply: [{ type: 'text', text: 'you are {{user.displayName}}' }] },
            { content: ['sticker'], reply: [{ type: 'text', text: 'a sticker' }] },
            { keywords: ['rath'], match: 'Prefix', reply: [{ type: 'text', text: 'by prefix' }] },
            { keywords: ['needle'], match: 'Contains', reply: [{ type: 'text', text: 'contained' }] },
            { keywords: ['^\\d{3}$'], match: 'Regex', reply: [{ type: 'text', text: 'three digits' }] },
            { keywords: ['elephant'], match: 'Fuzzy', reply: [{ type: 'text', text: 'nearly' }] },
          ],
        },
        labels,
      ),
      eventWith(
        'pressed',
        { type: 'postback', rules: [{ data: ['buy=1'], reply: [{ type: 'text', text: 'sold' }] }] },
        labels,
      ),
      eventWith('friend', { type: 'follow', rules: [{ reply: [{ type: 'text', text: 'welcome' }] }] }, labels),
      eventWith('joined', { type: 'join', rules: [{ reply: [{ type: 'text', text: 'hello all' }] }] }, labels),
    ]
    for (const event of events) await apply('Event', namespace, event)
    await until('all rules are in force', 60, async () => (await botReady(namespace, 'many')).status.rules.count === 14)
  })

  it.each([
    ['picture', 'image'],
    ['buttons', 'template'],
    ['bubble', 'flex'],
    ['stamp', 'sticker'],
  ])('answers %s with a message of type %s, which LINE takes', async (word, type) => {
    const reply = await replyTo(await say(channel, word))
    expect(reply).toMatchObject({ status: 200, request: { messages: [{ type }] } })
  })

  it.each([
    ['Who', 'you are Hunter'],
    ['ＲＡＴＨＡＬＯＳ', 'by prefix'],
    ['a needle in hay', 'contained'],
    ['123', 'three digits'],
    ['elefant', 'nearly'],
  ])('hears %s', async (text, answer) => {
    expect(await answerTo(channel, text)).toBe(answer)
  })

  it.each([
    ['a pressed button', { type: 'postback', postback: { data: 'buy=1' } }, {}, 'sold'],
    ['a new friend', { type: 'follow', follow: { isUnblocked: false } }, {}, 'welcome'],
    ['being let into a group', { type: 'join' }, { user: undefined, group: `C${'1'.repeat(32)}` }, 'hello all'],
    ['a sticker', { type: 'message', message: { type: 'sticker', packageId: '1', stickerId: '2' } }, {}, 'a sticker'],
  ])('answers %s', async (_what, event, where, answer) => {
    expect(textOf(await replyTo(await sendEvents(channel, [event], where)))).toBe(answer)
  })

  it('that is to be mentioned in groups keeps still until it is', async () => {
    showWhenFailed(namespace)
    const shy = await makeBot(namespace, 'shy', { groups: { answer: 'WhenMentioned', prefix: '!' } })
    await botReady(namespace, 'shy')
    const group = { group: `C${'2'.repeat(32)}` }
    const unheard = await say(shy, 'hi', group)
    expect(unheard).toMatchObject({ status: 200 })
    expect(await answerTo(shy, '!hi', group)).toBe('hello from shy')
    const mention = { mentionees: [{ index: 0, length: 4, type: 'user', userId: `U${'3'.repeat(32)}`, isSelf: true }] }
    const mentioned = { type: 'message', message: { type: 'text', text: '@shy hi', mention } }
    expect(textOf(await replyTo(await sendEvents(shy, [mentioned], group)))).toBe('hello from shy')
    expect(await answerTo(shy, 'hi')).toBe('hello from shy')
    expect(await repliesTo(unheard)).toEqual([])
  })

  it('that is suspended acknowledges and keeps still, and answers again afterwards', async () => {
    showWhenFailed(namespace)
    const paused = await makeBot(namespace, 'paused')
    await botReady(namespace, 'paused')
    expect(await answerTo(paused, 'hi')).toBe('hello from paused')
    await patch('Bot', namespace, 'paused', { spec: { suspend: true } })
    await botWith(namespace, 'paused', 'Ready', { status: 'True', reason: 'Suspended' })
    const unheard: Sent[] = []
    // The front door reads a Bot again after ten seconds; the bot itself keeps still as soon as its Revision serves.
    await until('a message goes unanswered', 60, async () => {
      const sent = await say(paused, 'hi')
      expect(sent).toMatchObject({ status: 200 })
      await sleep(1500)
      if ((await repliesTo(sent)).length > 0) return false
      return unheard.push(sent)
    })
    await patch('Bot', namespace, 'paused', { spec: { suspend: false } })
    await until('it answers again', 60, async () => {
      const sent = await say(paused, 'hi')
      await sleep(1500)
      return (await repliesTo(sent)).length > 0
    })
    expect(await Promise.all(unheard.map(repliesTo))).toEqual([[]])
  })

  it('with delivery Direct is called by LINE itself, warm, and answers', async () => {
    showWhenFailed(namespace)
    const direct = await makeBot(namespace, 'direct', { delivery: 'Direct', scale: { min: 1, idleSeconds: 6 } })
    const bot = await botReady(namespace, 'direct')
    expect(bot.status.url).toMatch(/^http:\/\/direct\./)
    const sent = await say(direct, 'hi')
    expect(sent).toMatchObject({ status: 200 })
    expect(textOf(await replyTo(sent))).toBe('hello from direct')
  })
})
