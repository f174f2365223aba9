import { beforeAll, describe, expect, it } from 'vitest'
import { apply, get, list, patch, remove, type Thing } from './kube.ts'
import { answerTo, type Channel, makeChannel } from './line.ts'
import {
  applyAll,
  bindingFor,
  botFor,
  botReady,
  botWith,
  conditionOf,
  eventFor,
  eventWith,
  kindOf,
  makeBot,
  namespaceFor,
  podsOf,
  revisionsOf,
  secretFor,
  showWhenFailed,
} from './story.ts'
import { until } from './until.ts'

const permutations = <T>(all: readonly T[]): T[][] =>
  all.length === 0 ? [[]] : all.flatMap((first, i) => permutations(all.toSpliced(i, 1)).map((rest) => [first, ...rest]))

const hash = /\b[0-9a-f]{10}\b/g

describe('a Secret, an EventBinding, an Event and a Bot', () => {
  let namespace: string
  beforeAll(async () => {
    namespace = await namespaceFor('order')
  })

  /** Resolves when a controller has had its say about the object as it is now. */
  const seenByController = async (thing: Thing): Promise<void> => {
    if (thing.kind === 'Secret') return
    await until(`${thing.kind} ${thing.metadata.name} has a status`, 90, async () => {
      const live = await get(kindOf(thing), namespace, thing.metadata.name)
      return live?.status?.observedGeneration === live?.metadata.generation
    })
  }

  it('end the same in each of the 24 orders', async () => {
    showWhenFailed(namespace)
    const orders = permutations(['Secret', 'EventBinding', 'Event', 'Bot'])
    expect(orders).toHaveLength(24)
    const bots = await Promise.all(
      orders.map(async (order) => {
        const name = `order-${order.map((kind) => (kind === 'EventBinding' ? 'l' : kind.charAt(0).toLowerCase())).join('')}`
        const channel = await makeChannel(`${namespace}-${name}`)
        const labels = { bot: name }
        const things = [
          secretFor(name, channel),
          bindingFor(name, { matchLabels: labels }),
          eventFor(name, 'hi', `hello from ${name}`, labels),
          botFor(name),
        ]
        const steps = order.flatMap((kind) => things.filter((thing) => thing.kind === kind))
        return { name, channel, steps }
      }),
    )
    for (let step = 0; step < 4; step += 1) {
      const now = bots.flatMap(({ steps }) => steps.slice(step, step + 1))
      await Promise.all(now.map((thing) => apply(kindOf(thing), namespace, thing)))
      await Promise.all(now.map(seenByController))
    }
    const ends = await Promise.all(
      bots.map(async ({ name }) => {
        const { status } = await botReady(namespace, name, 180)
        const conditions = status.conditions.map(({ type, status: is, reason }: Thing['status']) => [type, is, reason])
        const service = await get('Service', namespace, name)
        // What differs by right: the name, and the hashes of texts and credentials.
        const template = JSON.stringify(service?.spec.template).replaceAll(name, 'NAME').replaceAll(hash, 'HASH')
        return { conditions, count: status.rules.count, template }
      }),
    )
    expect(new Set(ends.map((end) => JSON.stringify(end)))).toEqual(new Set([JSON.stringify(ends[0])]))
    const answers = await Promise.all(bots.slice(0, 6).map(({ channel }) => answerTo(channel, 'hi')))
    expect(answers).toEqual(bots.slice(0, 6).map(({ name }) => `hello from ${name}`))
  })
})

describe('a Bot', () => {
  let namespace: string
  let channel: Channel
  beforeAll(async () => {
    namespace = await namespaceFor('follow')
    channel = await makeBot(namespace, 'shop')
    await botReady(namespace, 'shop')
  })

  const count = (wanted: number) =>
    until(`Bot shop has ${wanted} rules in force`, 60, async () => {
      const bot = await botReady(namespace, 'shop')
      return bot.status.rules.count === wanted
    })

  it('follows its Events: a changed text, a new Event, one that lost its label', async () => {
    showWhenFailed(namespace)
    await apply('Event', namespace, eventFor('shop-hi', 'hi', 'good day', { bot: 'shop' }))
    await until('the new text is answered', 60, async () => (await answerTo(channel, 'hi')) === 'good day')
    await apply('Event', namespace, eventFor('shop-bye', 'bye', 'good bye', { bot: 'shop' }))
    await count(2)
    expect(await answerTo(channel, 'bye')).toBe('good bye')
    await patch('Event', namespace, 'shop-bye', { metadata: { labels: { bot: null } } })
    await count(1)
  })

  it('uses every EventBinding that its selector finds, and an Event that is shared', async () => {
    showWhenFailed(namespace)
    const labels = { team: 'blue' }
    const both = { matchExpressions: [{ key: 'shared', operator: 'In', values: ['yes'] }] }
    const one = bindingFor('one', { matchLabels: { bot: 'shop' } })
    const two = bindingFor('two', both)
    await apply('Event', namespace, eventFor('shared', 'open', 'from nine to five', { shared: 'yes' }))
    for (const binding of [one, two]) {
      await apply('EventBinding', namespace, { ...binding, metadata: { ...binding.metadata, labels } })
    }
    const selector = {
      matchExpressions: [
        { key: 'team', operator: 'NotIn', values: ['red'] },
        { key: 'team', operator: 'Exists' },
      ],
    }
    await patch('Bot', namespace, 'shop', { spec: { selector } })
    const other = await makeBot(namespace, 'other', { selector: { matchLabels: labels } })
    const bots = await Promise.all(['shop', 'other'].map((name) => botReady(namespace, name, 90)))
    expect(bots.map(({ status }) => status.rules.bindings)).toEqual([
      ['one', 'two'],
      ['one', 'two'],
    ])
    expect(await answerTo(channel, 'open')).toBe('from nine to five')
    expect(await answerTo(other, 'open')).toBe('from nine to five')
  })

  it('loses the rules of a binding that is deleted or labelled otherwise', async () => {
    showWhenFailed(namespace)
    await patch('EventBinding', namespace, 'two', { metadata: { labels: { team: 'red' } } })
    await until('only one is used', 60, async () => {
      const { status } = await botReady(namespace, 'shop')
      return status.rules.bindings.join() === 'one'
    })
    await remove('EventBinding', namespace, 'one')
    const bot = await botWith(namespace, 'shop', 'Ready', { status: 'False', reason: 'BindingMissing' })
    expect(conditionOf(bot, 'Ready')?.message).toContain('label one, or change the selector')
  })

  it('leaves nothing behind when it is deleted', async () => {
    showWhenFailed(namespace)
    await remove('Bot', namespace, 'shop')
    let left: unknown
    await until(
      'nothing carries the label of Bot shop',
      120,
      async () => {
        const kinds = ['Service', 'Revision', 'CoreService', 'ConfigMap', 'Secret', 'Deployment'] as const
        const found = await Promise.all(kinds.map((kind) => list(kind, namespace, 'linebot.dev/bot=shop')))
        const pods = await podsOf(namespace, 'shop')
        const owned = (await list('ConfigMap', namespace, 'linebot.dev/binding')).filter(({ metadata }) =>
          metadata.ownerReferences?.every(({ kind, name }) => kind === 'Bot' && name === 'shop'),
        )
        left = [...found.flat(), ...pods, ...owned].map(({ kind, metadata }) => `${kind ?? ''} ${metadata.name}`)
        return Array.isArray(left) && left.length === 0
      },
      () => left,
    )
    expect(await get('CoreService', namespace, 'shop')).toBeUndefined()
  })
})

describe('many rules', () => {
  let namespace: string
  let channel: Channel
  beforeAll(async () => {
    namespace = await namespaceFor('many')
    channel = await makeBot(namespace, 'big')
    await botReady(namespace, 'big')
  })

  it('of a hundred Events applied at once make at most two Revisions', async () => {
    showWhenFailed(namespace)
    const before = (await revisionsOf(namespace, 'big')).length
    const events = Array.from({ length: 100 }, (_, i) =>
      eventFor(`many-${i}`, `word ${i}`, `answer ${i}`, { bot: 'big' }),
    )
    await Promise.all(events.map((event) => apply('Event', namespace, event)))
    await until('all hundred are in force', 90, async () => {
      const bot = await botReady(namespace, 'big', 90)
      return bot.status.rules.count === 101
    })
    expect(await answerTo(channel, 'word 99')).toBe('answer 99')
    const revisions = await revisionsOf(namespace, 'big')
    const newest = Math.max(...revisions.map(({ metadata }) => Number(metadata.name.split('-').at(-1))))
    expect(newest - before).toBeGreaterThanOrEqual(1)
    expect(newest - before).toBeLessThanOrEqual(2)
  })

  it('that one ConfigMap cannot hold are in several, and all of them answer', async () => {
    showWhenFailed(namespace)
    const long = '火'.repeat(1300)
    const large = (name: string) =>
      eventWith(
        name,
        {
          type: 'message',
          rules: Array.from({ length: 90 }, (_, i) => ({
            keywords: [`${name} ${i}`],
            reply: [
              { type: 'text', text: `${name} ${i}` },
              { type: 'text', text: long },
            ],
          })),
        },
        { bot: 'big' },
      )
    await applyAll(namespace, ['large-a', 'large-b', 'large-c'].map(large))
    await until('all 371 are in force', 90, async () => {
      const bot = await botReady(namespace, 'big', 90)
      return bot.status.rules.count === 371
    })
    const binding = await get('EventBinding', namespace, 'big')
    expect(binding?.status.rules.configMaps.length).toBeGreaterThan(1)
    expect(conditionOf(binding, 'Ready')).toMatchObject({ status: 'True' })
    expect(await answerTo(channel, 'large-a 0')).toBe('large-a 0')
    expect(await answerTo(channel, 'large-c 89')).toBe('large-c 89')
  })

  it('of before leave when no Revision mounts them any more', async () => {
    showWhenFailed(namespace)
    await remove('Bot', namespace, 'big')
    await until('only the rules of today are left', 90, async () => {
      const [binding, configMaps] = await Promise.all([
        get('EventBinding', namespace, 'big'),
        list('ConfigMap', namespace, 'linebot.dev/binding=big'),
      ])
      const today: string[] = binding?.status.rules.configMaps ?? []
      return configMaps.length === today.length && configMaps.every(({ metadata }) => today.includes(metadata.name))
    })
    await remove('EventBinding', namespace, 'big')
    const gone = async () => (await list('ConfigMap', namespace, 'linebot.dev/binding')).length === 0
    expect(await until('no rules are left', 60, gone)).toBe(true)
  })
})
