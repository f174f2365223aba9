import { describe, expect, it } from 'vitest'
import type { Obj } from '../../functions/core/object.ts'
import type { Plan, Step } from '../../functions/core/plan.ts'
import { bindingStatus } from '../../functions/core/resources/binding.ts'
import { type EventRule, eventStatus } from '../../functions/core/resources/event.ts'
import { linearRegex } from '../../functions/edge/linear-regex.ts'
import { manager, ownersManager } from '../../functions/event-controller/configmaps.ts'
import { changesRules, reconcile } from '../../functions/event-controller/reconcile.ts'
import type { RulesSeen } from '../../functions/event-controller/see.ts'
import { aBinding, aBot, anEvent } from '../objects.ts'

const now = new Date('2026-11-21T08:00:00.123Z')

const ruleFor = (keyword: string, over: Partial<EventRule> = {}): EventRule => ({
  keywords: [keyword],
  match: 'Exact',
  priority: 0,
  reply: [{ type: 'text', text: 'Hello' }],
  ...over,
})
/** Of which nothing is left but space. */
const bad = ruleFor(' ')

const seen = (over: Partial<RulesSeen> = {}): RulesSeen => ({
  namespace: 'demo',
  events: [anEvent()],
  bindings: [aBinding()],
  bots: [aBot()],
  configMaps: [],
  revisions: [],
  brokerUrls: new Map(),
  ...over,
})

type World = { [K in Exclude<keyof RulesSeen, 'namespace' | 'brokerUrls'>]: Obj[] }

/** The world after the plan was carried out, as far as the next look sees it. */
function after(plan: Plan, before: RulesSeen): RulesSeen {
  const world = structuredClone(before) as unknown as World
  for (const step of plan.steps) {
    if (step.do === 'remove') {
      world.configMaps = world.configMaps.filter(({ metadata }) => metadata.name !== step.ref.name)
    } else if (step.do === 'apply') {
      const live = world.configMaps.find(({ metadata }) => metadata.name === step.object.metadata.name)
      const merged = { ...live, ...step.object, metadata: { uid: 'u', ...live?.metadata, ...step.object.metadata } }
      world.configMaps = [...world.configMaps.filter((one) => one !== live), merged]
    } else {
      const kind = step.kind.kind === 'Event' ? world.events : world.bindings
      const at = kind.findIndex(({ metadata }) => metadata.name === step.object.metadata.name)
      kind[at] = { ...kind[at], ...step.object, metadata: { ...kind[at]?.metadata, ...step.object.metadata } }
    }
  }
  // What a test's clone of the API server gives back has the same types as what went in.
  return world as unknown as RulesSeen
}

const names = (steps: readonly Step[], wanted: Step['do']) =>
  steps.flatMap((step) =>
    step.do === wanted && step.do !== 'remove'
      ? [step.object.metadata.name]
      : step.do === wanted && step.do === 'remove'
        ? [step.ref.name]
        : [],
  )

const statusOf = (plan: Plan, name: string, kind: string) => {
  const step = plan.steps.find(
    (one) => one.do === 'status' && one.kind.kind === kind && one.object.metadata.name === name,
  )
  return step?.do === 'status' ? (step.object as Obj & { status: Record<string, unknown> }).status : undefined
}

const settle = (world: RulesSeen): RulesSeen => {
  let settled = world
  for (let i = 0; i < 5; i++) settled = after(reconcile(settled, linearRegex, now), settled)
  return settled
}

describe('the rules of a namespace', () => {
  it('are written as a ConfigMap before its owners, and the statuses last', () => {
    const { steps } = reconcile(seen(), linearRegex, now)
    expect(
      steps.map((step) => (step.do === 'remove' ? step.do : `${step.do} ${step.kind.kind} by ${step.manager}`)),
    ).toEqual([
      `apply ConfigMap by ${manager}`,
      `apply ConfigMap by ${ownersManager}`,
      `status EventBinding by ${manager}`,
      `status Event by ${manager}`,
    ])
  })

  it('are silent when settled', () => {
    const settled = settle(seen())
    expect(reconcile(settled, linearRegex, new Date('2027-01-01T00:00:00Z')).steps).toEqual([])
  })

  it('are the same in whatever order the API server lists them', () => {
    const events = [anEvent('a'), anEvent('b'), anEvent('c')]
    const [one, other] = [events, events.toReversed()].map(
      (listed) => reconcile(seen({ events: listed }), linearRegex, now).steps[0],
    )
    expect(one).toEqual(other)
  })

  describe('of yesterday', () => {
    const events = [anEvent('greet', { generation: 2, spec: { rules: [ruleFor('yo')] } })]
    const hashOf = (configMap: Obj | undefined) => configMap?.metadata.labels?.['linebot.dev/rules'] ?? ''
    const revision = (bot: string, hash: string): Obj => ({
      apiVersion: 'serving.knative.dev/v1',
      kind: 'Revision',
      metadata: {
        name: `${bot}-${hash}`,
        labels: { 'linebot.dev/bot': bot },
        annotations: { 'linebot.dev/rules': hash },
      },
    })
    const before = settle(seen())
    const [old] = before.configMaps
    const changed = settle({ ...before, events, revisions: [revision('hello', hashOf(old))] })
    const next = changed.configMaps.find(({ metadata }) => metadata.name !== old?.metadata.name)

    it('stay untouched until every Bot has a Revision with those of today', () => {
      expect(changed.configMaps).toHaveLength(2)
      expect(changed.configMaps).toContainEqual(old)
      expect(reconcile({ ...changed, revisions: [] }, linearRegex, now).steps).toEqual([])
    })

    /** So many changes of the rules, a minute apart, while no Bot comes to mount any of them. */
    const changedOften = (world: RulesSeen, times: number): RulesSeen => {
      let live = world
      for (let i = 0; i < times; i++) {
        const spec = { rules: [ruleFor(`word ${i}`)] }
        live = settle({ ...live, events: [anEvent('greet', { generation: i + 3, spec })] })
        const creationTimestamp = new Date(now.getTime() + i * 60_000).toISOString()
        const born = (one: Obj): Obj => ({ ...one, metadata: { creationTimestamp, ...one.metadata } })
        live = { ...live, configMaps: live.configMaps.map(born) }
      }
      return live
    }

    it.each([
      ['has no Revision', [], undefined],
      ['has only one of long ago, which keeps its own', [revision('hello', hashOf(old))], old],
    ])('are the last ten, however often they change, beside a Bot that %s', (_what, revisions, kept) => {
      const grown = changedOften({ ...before, revisions }, 12)
      const rest = grown.configMaps.filter(({ metadata }) => metadata.name !== kept?.metadata.name)
      expect(grown.configMaps.length - rest.length).toBe(kept ? 1 : 0)
      const minutes = rest.map(({ metadata }) => new Date(metadata.creationTimestamp ?? 0).getUTCMinutes())
      expect(minutes.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
      expect(reconcile(grown, linearRegex, now).steps).toEqual([])
    })

    it('then belong to the Bots whose Revisions still name them', () => {
      const moved = settle({ ...changed, revisions: [revision('hello', hashOf(old)), revision('hello', hashOf(next))] })
      const kept = moved.configMaps.find(({ metadata }) => metadata.name === old?.metadata.name)
      expect(kept?.metadata.ownerReferences?.map(({ kind }) => kind)).toEqual(['Bot'])
    })

    it('go when no Revision names them any more', () => {
      const moved = reconcile({ ...changed, revisions: [revision('hello', hashOf(next))] }, linearRegex, now)
      expect(names(moved.steps, 'remove')).toEqual([old?.metadata.name])
    })

    it('go at once where no Bot uses the binding', () => {
      expect(names(reconcile({ ...before, events, bots: [] }, linearRegex, now).steps, 'remove')).toEqual([
        old?.metadata.name,
      ])
    })
  })

  it('never make a ConfigMap hollow: what has gone meanwhile is not owned again', () => {
    const settled = settle(seen())
    const { steps } = reconcile(
      { ...settled, bots: [aBot(), aBot('late', { spec: { selector: {} } })] },
      linearRegex,
      now,
    )
    const owners = steps.find((step) => step.do === 'apply' && step.manager === ownersManager)
    expect(owners?.do === 'apply' && owners.object.metadata.uid).toBe(settled.configMaps[0]?.metadata.uid)
  })

  it('tell a problem shortly, for the API server would refuse a long status', () => {
    const long = ruleFor('hi', { reply: [{ type: 'text', text: 'Hello', ['斬'.repeat(5000)]: 1 }] })
    const events = [anEvent('greet', { spec: { rules: [long] } })]
    const status = statusOf(reconcile(seen({ events }), linearRegex, now), 'greet', 'Event')
    const [problem] = (status?.problems ?? []) as { path: string; message: string }[]
    expect(problem?.path.length).toBeLessThanOrEqual(1024)
    expect(problem?.message).toHaveLength(500)
  })

  it('have a status that the API server takes, however many Bots and EventBindings share them', () => {
    const many = Array.from({ length: 1_001 }, (_, i) => `shared-by-one-of-very-many-${i}`)
    const bots = many.map((name) => aBot(name, { spec: { selector: {} } }))
    const bindings = many.map((name) => aBinding(name))
    const busy = statusOf(reconcile(seen({ bots }), linearRegex, now), 'hello', 'EventBinding')
    expect(bindingStatus.safeParse(busy)).toMatchObject({ success: true, data: { rules: { count: 1 } } })
    const shared = statusOf(reconcile(seen({ bindings }), linearRegex, now), 'greet', 'Event')
    expect(eventStatus.safeParse(shared)).toMatchObject({ success: true, data: { accepted: 1 } })
  })

  it('follow labels: an Event that leaves the selector leaves the rules', () => {
    const bindings = [
      aBinding('hello', { spec: { selector: { matchExpressions: [{ key: 'hunter', operator: 'Exists' }] } } }),
    ]
    const hunter = anEvent('greet', { labels: { hunter: 'x' } })
    expect(
      statusOf(reconcile(seen({ bindings, events: [hunter] }), linearRegex, now), 'hello', 'EventBinding'),
    ).toMatchObject({ events: 1, rules: { count: 1 } })
    expect(
      statusOf(reconcile(seen({ bindings, events: [anEvent()] }), linearRegex, now), 'hello', 'EventBinding'),
    ).toMatchObject({
      events: 0,
      conditions: [{ type: 'Ready', status: 'False', reason: 'NoEvents' }],
    })
  })

  it('leave out a rule that is wrong, say so at its path, and keep the rest', () => {
    const events = [
      anEvent('greet', {
        spec: {
          rules: [bad, ruleFor('ok')],
        },
      }),
    ]
    const plan = reconcile(seen({ events }), linearRegex, now)
    const message = 'nothing is left of it but space: write a word'
    expect(statusOf(plan, 'greet', 'Event')).toMatchObject({
      accepted: 1,
      problems: [{ path: 'spec.rules[0].keywords[0]', message }],
      conditions: [{ reason: 'Rejected', message: expect.stringContaining(`spec.rules[0].keywords[0]: ${message}`) }],
    })
    expect(statusOf(plan, 'hello', 'EventBinding')).toMatchObject({
      rules: { count: 1 },
      rejected: [{ event: 'greet' }],
      conditions: [{ reason: 'PartlyRejected' }],
    })
  })

  it('tell which keyword never wins, and over whom, until the other Event leaves', () => {
    const world = settle(seen({ events: [anEvent('a'), anEvent('b')] }))
    expect(world.events.map((event) => event.status?.shadowed)).toEqual([
      undefined,
      [{ keyword: 'hi', path: 'spec.rules[0].keywords[0]', by: 'Event a, spec.rules[0].keywords[0]' }],
    ])
    const alone = reconcile({ ...world, events: world.events.slice(1) }, linearRegex, now)
    expect(statusOf(alone, 'b', 'Event')).toMatchObject({ accepted: 1 })
    expect(statusOf(alone, 'b', 'Event')).not.toHaveProperty('shadowed')
  })

  it('are none where all are wrong: the binding is not Ready, and its ConfigMap is written as ever', () => {
    const events = [anEvent('greet', { spec: { rules: [bad] } })]
    const plan = reconcile(seen({ events }), linearRegex, now)
    expect(statusOf(plan, 'hello', 'EventBinding')).toMatchObject({
      events: 1,
      rules: { count: 0, configMaps: names(plan.steps, 'apply').slice(0, 1) },
      conditions: [
        {
          type: 'Ready',
          status: 'False',
          reason: 'NoRules',
          message: 'no rule of 1 Event is in force: 1 rule left out, see status.rejected',
        },
      ],
    })
    expect(changesRules(plan)).toBe(true)
  })

  it('are shared by Bots: each that uses the binding owns them, and says so in its status', () => {
    const bots = [aBot('hello'), aBot('other', { spec: { selector: { matchLabels: { set: 'x' } } } }), aBot('stranger')]
    const bindings = [aBinding('hello', { labels: { set: 'x' } })]
    const plan = reconcile(seen({ bots, bindings }), linearRegex, now)
    expect(statusOf(plan, 'hello', 'EventBinding')?.bots).toEqual(['hello', 'other'])
    const owners = plan.steps.find((step) => step.do === 'apply' && step.manager === ownersManager)
    expect(owners?.do === 'apply' && owners.object.metadata.ownerReferences?.map(({ name }) => name)).toEqual([
      'hello',
      'hello',
      'other',
    ])
  })

  it('of a binding that is gone go when no Revision names them', () => {
    const settled = settle(seen())
    expect(names(reconcile({ ...settled, bindings: [] }, linearRegex, now).steps, 'remove')).toHaveLength(1)
  })

  it('do not wait for quiet when only a status is to be written', () => {
    const settled = settle(seen())
    const plan = reconcile({ ...settled, bots: [] }, linearRegex, now)
    expect(plan.steps.length).toBeGreaterThan(0)
    expect(changesRules(plan)).toBe(false)
    expect(changesRules(reconcile(seen(), linearRegex, now))).toBe(true)
  })
})
