import { describe, expect, it } from 'vitest'
import { reconcile } from '../../functions/bot-controller/reconcile.ts'
import type { BotSeen } from '../../functions/bot-controller/see.ts'
import { serviceFor } from '../../functions/bot-controller/wanted.ts'
import { botStatus } from '../../functions/core/resources/bot.ts'
import { aBot, aSecret } from '../objects.ts'
import { after, answers, compiled, complete, defaults, now, readyService, serviceIn, statusIn, url } from './world.ts'

const plan = (seen: BotSeen) => reconcile(seen, defaults, now)
const service = readyService(serviceFor(complete(), defaults))
const running = (over: Partial<BotSeen> = {}) => complete({ service, appliedGeneration: 1, line: answers(), ...over })
const conditions = (seen: BotSeen) =>
  Object.fromEntries(
    (statusIn(plan(seen).steps)?.conditions ?? []).map(({ type, status, reason }) => [type, `${status} ${reason}`]),
  )
const message = (seen: BotSeen, type: string) =>
  statusIn(plan(seen).steps)?.conditions.find((one) => one.type === type)?.message

describe('a Bot', () => {
  it('gets its Service, and a status that says what it waits for', () => {
    const { steps, outcome } = plan(complete())
    expect(steps.map((step) => step.do)).toEqual(['apply', 'status'])
    expect(outcome).toEqual({ ended: 'settled' })
    expect(conditions(complete())).toMatchObject({
      RulesReady: 'True Ready',
      ServiceReady: 'Unknown Deploying',
      Reconciling: expect.any(String),
    })
  })

  it('is Ready when its Service runs and LINE has tested its webhook', () => {
    expect(conditions(running())).toEqual({
      Ready: 'True Ready',
      CredentialsValid: 'True Valid',
      RulesReady: 'True Ready',
      ServiceReady: 'True Ready',
      WebhookReady: 'True Registered',
    })
    expect(statusIn(plan(running()).steps)).toMatchObject({
      url,
      address: { url: 'http://hello.demo.svc.cluster.local' },
      latestReadyRevision: 'hello-00001',
      rules: { count: 2, bindings: ['hello'] },
      channel: { basicId: '@abc', active: true, asked: 'h', test: { success: true, time: '2026-11-21T08:00:00Z' } },
      serviceGeneration: 1,
    })
  })

  it('has a status that the API server takes, however many EventBindings it uses', () => {
    const bindings = Array.from({ length: 1_001 }, (_, i) => compiled(`one-of-very-many-${i}`))
    const bot = aBot('hello', { spec: { selector: {} } })
    const status = statusIn(plan(running({ bot, bindings })).steps)
    expect(botStatus.safeParse(status)).toMatchObject({ success: true, data: { rules: { count: 2_002 } } })
  })

  it('is told a passing failure in one try’s words, and in others for another spec', () => {
    const refused = (words: string, seen: BotSeen) => plan({ ...seen, refusal: { final: false, message: words } }).steps
    const told = after(refused('first', complete()), complete())
    expect(refused('second', told)).toEqual([])
    const bot = { ...told.bot, metadata: { ...told.bot.metadata, generation: 2 } }
    expect(statusIn(refused('second', { ...told, bot }))).toMatchObject({
      conditions: expect.arrayContaining([
        expect.objectContaining({ type: 'ServiceReady', message: 'second; it is tried again' }),
      ]),
    })
  })

  it('that is not allowed says so in a Notice, stalls, and is rung again all the same', () => {
    const seen = complete({ refusal: { final: false, denied: true, message: 'exceeded quota: services' } })
    expect(conditions(seen)).toMatchObject({
      ServiceReady: 'False NotAllowed',
      Ready: 'False NotAllowed',
      Stalled: 'True NotAllowed',
    })
    const { steps, outcome } = plan(seen)
    expect(steps).toMatchObject([{ notices: [{ reason: 'NotAllowed', type: 'Warning' }] }])
    expect(outcome).toMatchObject({ ended: 'again', because: expect.stringContaining('exceeded quota') })
  })

  it('is left alone when settled', () => {
    const { appliedGeneration: _g, line: _l, ...settled } = after(plan(running()).steps, running())
    expect(reconcile(settled, defaults, new Date('2027-01-01T00:00:00Z')).steps).toEqual([])
  })

  it('keeps the time of a test whose result is no news', () => {
    const settled = after(plan(running()).steps, running())
    expect(reconcile(settled, defaults, new Date('2027-01-01T00:00:00Z')).steps).toEqual([])
  })

  it('takes its Service back when somebody else changes the spec', () => {
    const { appliedGeneration: _g, line: _l, ...settled } = after(plan(running()).steps, running())
    const meddled = { ...settled, service: { ...service, metadata: { ...service.metadata, generation: 2 } } }
    expect(plan(meddled).steps.map((step) => step.do)).toContain('apply')
  })

  it.each([
    ['no Secret', { secret: undefined }, 'CredentialsValid', 'SecretMissing', /create Secret hello-channel/],
    [
      'no channel secret',
      { secret: aSecret({ channelId: '1' }) },
      'CredentialsValid',
      'SecretKeyMissing',
      /no channelSecret/,
    ],
    [
      'nothing to get a token with',
      { secret: aSecret({ channelSecret: 's' }) },
      'CredentialsValid',
      'SecretKeyMissing',
      /neither channelId nor/,
    ],
    [
      'a label that LINE would refuse',
      { bot: aBot('hello', { spec: { lateAnswers: { policy: 'Button', label: '看'.repeat(21) } } }) },
      'RulesReady',
      'LateAnswersInvalid',
      /spec.lateAnswers.label: 21 graphemes, at most 20/,
    ],
    ['no binding', { bindings: [] }, 'RulesReady', 'BindingMissing', /create EventBinding hello/],
    [
      'a binding without rules',
      {
        bindings: [
          compiled('hello', 'abc', {
            status: { observedGeneration: 1, rules: { count: 0, hash: 'abc', configMaps: ['hello-rules-abc'] } },
          }),
        ],
      },
      'RulesReady',
      'NoRules',
      /kubectl describe lbeb hello/,
    ],
    [
      'a namespace that has not opted in',
      { access: 'LabelMissing' as const },
      'ServiceReady',
      'NamespaceNotEnabled',
      /npx linebot enable demo/,
    ],
    [
      'RoleBindings that are missing',
      { access: 'Forbidden' as const },
      'ServiceReady',
      'NamespaceNotEnabled',
      /not all RoleBindings/,
    ],
  ])('with %s says what to do, stalls, and is not rung again', (_what, over, type, reason, hint) => {
    const seen = complete(over)
    expect(conditions(seen)).toMatchObject({
      [type]: `False ${reason}`,
      Ready: `False ${reason}`,
      Stalled: `True ${reason}`,
    })
    expect(message(seen, 'Ready')).toMatch(hint)
    expect(plan(seen).outcome.ended).toBe('refused')
  })

  it.each([
    ['the Secret', { secret: undefined }],
    ['a key of the Secret', { secret: aSecret({ channelId: '1' }) }],
    ['a ConfigMap', { configMaps: new Set<string>() }],
    ['the binding', { bindings: [] }],
    ['the rules', { bindings: [compiled('hello', 'abc', { status: {} })] }],
  ])('gets no Service before %s is there, for it would stay broken', (_what, over) => {
    expect(serviceIn(plan(complete(over)).steps)).toBeUndefined()
  })

  it.each([
    ['its ConfigMap', { configMaps: new Set<string>() }, /ConfigMap hello-rules-abc/],
    ['its Secret', { secret: undefined }, /Secret hello-channel/],
  ])('that runs is not Ready any more when %s is deleted, though Knative says so', (_what, over, hint) => {
    expect(conditions(running(over))).toMatchObject({
      ServiceReady: 'False MountMissing',
      Ready: expect.stringContaining('False'),
    })
    expect(message(running(over), 'ServiceReady')).toMatch(hint)
    expect(serviceIn(plan(running(over)).steps)).toBeUndefined()
  })

  it('says what is in its way, and asks for patience, because whoever clears it rings nobody', () => {
    const seen = complete({ nameTaken: true })
    expect(conditions(seen)).toMatchObject({ Ready: 'False NameTaken', Stalled: 'True NameTaken' })
    expect(message(seen, 'Ready')).toMatch(/delete it, or give the Bot another name/)
    expect(plan(seen).outcome).toMatchObject({ ended: 'refused', mendingMs: 600_000 })
  })

  it('leaves a Knative Service alone that another owns', () => {
    const foreign = { ...service, metadata: { ...service.metadata, ownerReferences: [] } }
    expect(serviceIn(plan(complete({ service: foreign })).steps)).toBeUndefined()
    expect(conditions(complete({ service: foreign }))).toMatchObject({ ServiceReady: 'False NameTaken' })
  })

  it('passes on why Knative refuses, and says where to look', () => {
    const broken = readyService(serviceFor(complete(), defaults), {
      conditions: [{ type: 'Ready', status: 'False', reason: 'RevisionFailed', message: 'no such image' }],
    })
    expect(message(running({ service: broken }), 'ServiceReady')).toMatch(
      /no such image; see `kubectl describe ksvc hello`/,
    )
  })

  it('says that the front door cannot call it where Knative gives it an https address', () => {
    const address = { url: 'https://hello.demo.svc.cluster.local' }
    const direct = aBot('hello', { spec: { delivery: 'Direct' } })
    const behind = (bot = aBot()) =>
      running({ bot, service: readyService(serviceFor(complete({ bot }), defaults), { address }) })
    expect(conditions(behind())).toMatchObject({ Ready: 'False AddressIsTLS' })
    expect(message(behind(), 'Ready')).toContain('cluster-local-domain-tls')
    expect(conditions(behind(direct))).toMatchObject({ ServiceReady: 'True Ready' })
  })

  it('says when it is suspended', () => {
    const bot = aBot('hello', { spec: { suspend: true } })
    const suspended = readyService(serviceFor(complete({ bot }), defaults))
    expect(conditions(running({ bot, service: suspended }))).toMatchObject({ Ready: 'True Suspended' })
  })
})

describe('what LINE says', () => {
  const failed = (at: 'credentials' | 'webhook', how: 'refused' | 'unavailable') =>
    running({ line: answers({ failed: { at, how, message: 'invalid client' } }) })

  it.each([
    [
      'refused credentials',
      failed('credentials', 'refused'),
      'CredentialsValid',
      'False CredentialsRefused',
      'refused',
    ],
    [
      'silence about credentials',
      failed('credentials', 'unavailable'),
      'CredentialsValid',
      'Unknown LineUnavailable',
      'again',
    ],
    ['a refused URL', failed('webhook', 'refused'), 'WebhookReady', 'False RefusedByLine', 'refused'],
    ['silence about the webhook', failed('webhook', 'unavailable'), 'WebhookReady', 'Unknown LineUnavailable', 'again'],
    [
      '“Use webhook” turned off',
      running({ line: answers({ endpoint: { endpoint: url, active: false } }) }),
      'WebhookReady',
      'False WebhookInactive',
      'refused',
    ],
    [
      'another URL still',
      running({ line: answers({ endpoint: { endpoint: 'https://old.example', active: true } }) }),
      'WebhookReady',
      'False OtherEndpoint',
      'again',
    ],
    [
      'a test that was refused for its signature',
      running({ line: answers({ test: { success: false, statusCode: 401 } }) }),
      'WebhookReady',
      'False WrongChannelSecret',
      'again',
    ],
    [
      'a test that failed',
      running({ line: answers({ test: { success: false, statusCode: 0, reason: 'COULD_NOT_CONNECT' } }) }),
      'WebhookReady',
      'False TestFailed',
      'again',
    ],
  ])('%s is told, and asked again only where that may help', (_what, seen, type, condition, ended) => {
    expect(conditions(seen)[type]).toBe(condition)
    expect(plan(seen).outcome.ended).toBe(ended)
  })

  it('is remembered from the status while nothing new is asked', () => {
    const told = after(plan(failed('credentials', 'refused')).steps, failed('credentials', 'refused'))
    const { line: _l, ...later } = told
    expect(plan(later).steps).toEqual([])
    expect(plan(later).outcome.ended).toBe('refused')
  })

  it('is forgotten where the reason was ours and has been mended', () => {
    const { line: _l, ...without } = running({ secret: undefined })
    const told = after(plan(without).steps, without)
    expect(conditions({ ...told, secret: aSecret() })).toMatchObject({ CredentialsValid: 'Unknown NotAsked' })
  })

  it('keeps `asked` only when nothing is left to be asked', () => {
    const channel = (seen: BotSeen) => statusIn(plan(seen).steps)?.channel
    expect(channel(running())).toHaveProperty('asked')
    expect(channel(failed('credentials', 'unavailable'))).not.toHaveProperty('asked')
    expect(channel(running({ line: answers({ test: { success: false, statusCode: 404 } }) }))).not.toHaveProperty(
      'asked',
    )
  })

  it('is told once where the label is missing that would make a change ring', () => {
    expect(message(running({ secret: aSecret(undefined, { labelled: false }) }), 'CredentialsValid')).toMatch(
      /label Secret hello-channel/,
    )
  })
})
