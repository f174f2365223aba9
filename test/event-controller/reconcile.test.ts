import { describe, expect, it } from 'vitest'
import type { Obj } from '../../functions/core/object.ts'
import type { Plan, Step } from '../../functions/core/plan.ts'
import { bindingStatus } from '../../functions/core/resources/binding.ts'
import { eventStatus } from '../../functions/core/resources/event.ts'
import type { Judge } from '../../functions/event-controller/bind.ts'
import { manager, ownersManager } from '../../functions/event-controller/configmaps.ts'
import { changesRules, reconcile } from '../../functions/event-controller/reconcile.ts'
import type { RulesSeen } from '../../functions/event-controller/see.ts'
import { aBinding, aBot, anEvent } from '../objects.ts'

const now = new Date('2026-11-21T08:00:00.123Z')

/** Takes every rule whose first keyword is not `bad`. */
const judge: Judge = {
  compile: ({ metadata, spec }) => {
    const taken = spec.rules.map((rule, index) => ({ rule, index })).filter(({ rule }) => rule.keywords?.[0] !== 'bad')
    return {
      rules: taken.map(({ rule, index }) => ({
        event: metadata.name,
        index,
        type: spec.type,
        match: rule.match,
        keywords: rule.keywords ?? [],
        priority: rule.priority,
        replies: [[{ type: 'text', text: 'Hello' }]],
      })),
      problems: spec.rules.flatMap((rule, index) =>
        rule.keywords?.[0] === 'bad' ? [{ path: `spec.rules[${index}].keywords[0]`, message: 'is bad' }] : [],
      ),
    }
  },
  shadowed: () => [],
}

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
  for (let i = 0; i < 5; i++) settled = after(reconcile(settled, judge, now), settled)
  return settled
}

describe('the rules of a namespace', () => {
  it('are written as a ConfigMap before its owners, and the statuses last', () => {
    const { steps } = reconcile(seen(), judge, now)
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
    expect(reconcile(settled, judge, new Date('2027-01-01T00:00:00Z')).steps).toEqual([])
  })

  it('are the same in whatever order the API server lists them', () => {
    const events = [anEvent('a'), anEvent('b'), anEvent('c')]
    const [one, other] = [events, events.toReversed()].map(
      (listed) => reconcile(seen({ events: listed }), judge, now).steps[0],
    )
    expect(one).toEqual(other)
  })

  describe('of yesterday', () => {
    const events = [
      anEvent('greet', {
        generation: 2,
        spec: { rules: [{ keywords: ['yo'], match: 'Exact', priority: 0, reply: [] }] },
      }),
    ]
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
      expect(reconcile({ ...changed, revisions: [] }, judge, now).steps).toEqual([])
    })

    /** So many changes of the rules, a minute apart, while no Bot comes to mount any of them. */
    const changedOften = (world: RulesSeen, times: number): RulesSeen => {
      let live = world
      for (let i = 0; i < times; i++) {
        const spec = { rules: [{ keywords: [`word ${i}`], match: 'Exact' as const, priority: 0, reply: [] }] }
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
      expect(reconcile(grown, judge, now).steps).toEqual([])
    })

    it('then belong to the Bots whose Revisions still name them', () => {
      const moved = settle({ ...changed, revisions: [revision('hello', hashOf(old)), revision('hello', hashOf(next))] })
      const kept = moved.configMaps.find(({ metadata }) => metadata.name === old?.metadata.name)
      expect(kept?.metadata.ownerReferences?.map(({ kind }) => kind)).toEqual(['Bot'])
    })

    it('go when no Revision names them any more', () => {
      const moved = reconcile({ ...changed, revisions: [revision('hello', hashOf(next))] }, judge, now)
      expect(names(moved.steps, 'remove')).toEqual([old?.metadata.name])
    })

    it('go at once where no Bot uses the binding', () => {
      expect(names(reconcile({ ...before, events, bots: [] }, judge, now).steps, 'remove')).toEqual([
        old?.metadata.name,
      ])
    })
  })

  it('never make a ConfigMap hollow: what has gone meanwhile is not owned again', () => {
    const settled = settle(seen())
    const { steps } = reconcile({ ...settled, bots: [aBot(), aBot('late', { spec: { selector: {} } })] }, judge, now)
    const owners = steps.find((step) => step.do === 'apply' && step.manager === ownersManager)
    expect(owners?.do === 'apply' && owners.object.metadata.uid).toBe(settled.configMaps[0]?.metadata.uid)
  })

  it('tell a problem shortly, for the API server would refuse a long status', () => {
    const long: Judge = {
      ...judge,
      compile: () => ({ rules: [], problems: [{ path: 'p'.repeat(5000), message: '斬'.repeat(5000) }] }),
    }
    const status = statusOf(reconcile(seen(), long, now), 'greet', 'Event')
    const [problem] = (status?.problems ?? []) as { path: string; message: string }[]
    expect(problem?.path.length).toBeLessThanOrEqual(1024)
    expect(problem?.message).toHaveLength(500)
  })

  it('have a status that the API server takes, however many Bots and EventBindings share them', () => {
    const many = Array.from({ length: 1_001 }, (_, i) => `shared-by-one-of-very-many-${i}`)
    const bots = many.map((name) => aBot(name, { spec: { selector: {} } }))
    const bindings = many.map((name) => aBinding(name))
    const busy = statusOf(reconcile(seen({ bots }), judge, now), 'hello', 'EventBinding')
    expect(bindingStatus.safeParse(busy)).toMatchObject({ success: true, data: { rules: { count: 1 } } })
    const shared = statusOf(reconcile(seen({ bindings }), judge, now), 'greet', 'Event')
    expect(eventStatus.safeParse(shared)).toMatchObject({ success: true, data: { accepted: 1 } })
  })

  it('follow labels: an Event that leaves the selector leaves the rules', () => {
    const bindings = [
      aBinding('hello', { spec: { selector: { matchExpressions: [{ key: 'hunter', operator: 'Exists' }] } } }),
    ]
    const hunter = anEvent('greet', { labels: { hunter: 'x' } })
    expect(
      statusOf(reconcile(seen({ bindings, events: [hunter] }), judge, now), 'hello', 'EventBinding'),
    ).toMatchObject({ events: 1, rules: { count: 1 } })
    expect(
      statusOf(reconcile(seen({ bindings, events: [anEvent()] }), judge, now), 'hello', 'EventBinding'),
    ).toMatchObject({
      events: 0,
      conditions: [{ type: 'Ready', status: 'False', reason: 'NoEvents' }],
    })
  })

  it('leave out a rule that is wrong, say so at its path, and keep the rest', () => {
    const events = [
      anEvent('greet', {
        spec: {
          rules: [
            { keywords: ['bad'], match: 'Exact', priority: 0 },
            { keywords: ['ok'], match: 'Exact', priority: 0 },
          ],
        },
      }),
    ]
    const plan = reconcile(seen({ events }), judge, now)
    expect(statusOf(plan, 'greet', 'Event')).toMatchObject({
      accepted: 1,
      problems: [{ path: 'spec.rules[0].keywords[0]', message: 'is bad' }],
      conditions: [{ reason: 'Rejected', message: expect.stringContaining('spec.rules[0].keywords[0]: is bad') }],
    })
    expect(statusOf(plan, 'hello', 'EventBinding')).toMatchObject({
      rules: { count: 1 },
      rejected: [{ event: 'greet' }],
      conditions: [{ reason: 'PartlyRejected' }],
    })
  })

  it('are none where all are wrong: the binding is not Ready, and its ConfigMap is written as ever', () => {
    const events = [anEvent('greet', { spec: { rules: [{ keywords: ['bad'], match: 'Exact', priority: 0 }] } })]
    const plan = reconcile(seen({ events }), judge, now)
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
    const plan = reconcile(seen({ bots, bindings }), judge, now)
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
    expect(names(reconcile({ ...settled, bindings: [] }, judge, now).steps, 'remove')).toHaveLength(1)
  })

  it('do not wait for quiet when only a status is to be written', () => {
    const settled = settle(seen())
    const plan = reconcile({ ...settled, bots: [] }, judge, now)
    expect(plan.steps.length).toBeGreaterThan(0)
    expect(changesRules(plan)).toBe(false)
    expect(changesRules(reconcile(seen(), judge, now))).toBe(true)
  })
})
