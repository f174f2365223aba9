import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isObject } from '../../functions/core/shape.ts'
import { documentsIn } from '../../functions/local/manifests.ts'
import { binding, bot, event, secret, text, type Written } from './objects.ts'
import { type Controllers, type Flow, startFlow } from './world.ts'

/** What a field is set to for a while; the base is what it is the rest of the time. */
interface Row {
  readonly spec: object
  /** Where a spec of its own is needed to begin with. */
  readonly from?: object
  /** The CRD refuses every value. */
  readonly refused?: true
}

const matchLabels = { bot: 'hello' }
const byName = { key: 'bot', operator: 'In', values: ['hello', 'other'] }
const one = { keywords: ['rathalos'], reply: [text('Rathalos')] }

const open = (schedule: object) => ({
  rules: [{ ...one, schedule: { timeZone: 'Asia/Taipei', times: [{ from: '09:00' }], ...schedule } }],
})
const quiet = (hours: object) => ({
  quietHours: { timeZone: 'Asia/Taipei', times: [{ from: '22:00', until: '06:00' }], ...hours },
})
const service = { apiVersion: 'serving.knative.dev/v1', kind: 'Service', name: 'llm' }
const forwarded = (forward: object) => ({ rules: [{ forward: { to: { ref: service }, ...forward } }] })
const forwardedTo = (ref: object) => forwarded({ to: { ref: { ...service, ...ref } } })

const bots: Readonly<Record<string, Row>> = {
  'channel.secretName': { spec: { channel: { secretName: 'another' } } },
  'selector.matchLabels': { spec: { selector: { matchLabels: { for: 'nobody' } } } },
  'selector.matchExpressions': { spec: { selector: { matchExpressions: [{ key: 'for', operator: 'DoesNotExist' }] } } },
  delivery: { spec: { delivery: 'Direct' } },
  'webhook.register': { spec: { webhook: { register: false } } },
  'webhook.url': { spec: { webhook: { url: 'http://elsewhere.test/webhook/demo/hello' } } },
  'scale.min': { spec: { scale: { min: 1 } } },
  'scale.max': { spec: { scale: { max: 3 } } },
  'scale.concurrency': { spec: { scale: { concurrency: 7 } } },
  'scale.idleSeconds': { spec: { scale: { idleSeconds: 6 } } },
  'groups.answer': { spec: { groups: { answer: 'WhenMentioned' } } },
  'groups.prefix': { spec: { groups: { prefix: '!' } } },
  'lateAnswers.policy': { spec: { lateAnswers: { policy: 'Button' } } },
  'lateAnswers.text': { spec: { lateAnswers: { text: 'One moment.' } } },
  'lateAnswers.label': { spec: { lateAnswers: { label: 'Show' } } },
  'lateAnswers.expired': { spec: { lateAnswers: { expired: 'Ask again.' } } },
  'push.monthlyBudget': { spec: { push: { monthlyBudget: 5 } } },
  'quietHours.timeZone': { from: quiet({}), spec: quiet({ timeZone: 'Asia/Tokyo' }) },
  'quietHours.times': { from: quiet({}), spec: quiet({ times: [{ from: '23:00' }] }) },
  'quietHours.except': { from: quiet({}), spec: quiet({ except: [{ dates: ['01-01'] }] }) },
  'template.metadata.labels': { spec: { template: { metadata: { labels: { team: 'a' } } } } },
  'template.metadata.annotations': { spec: { template: { metadata: { annotations: { note: 'a' } } } } },
  'template.spec.serviceAccountName': { spec: { template: { spec: { serviceAccountName: 'a' } } }, refused: true },
  'template.spec.volumes': { spec: { template: { spec: { volumes: [{ name: 'tmp', emptyDir: {} }] } } } },
  logLevel: { spec: { logLevel: 'Debug' } },
  suspend: { spec: { suspend: true } },
}

const bindings: Readonly<Record<string, Row>> = {
  'selector.matchLabels': { spec: { selector: { matchLabels: { bot: 'nobody' } } } },
  'selector.matchExpressions': {
    spec: { selector: { matchLabels, matchExpressions: [{ key: 'rare', operator: 'Exists' }] } },
    from: { selector: { matchLabels, matchExpressions: [byName] } },
  },
  priority: { spec: { priority: 7 } },
}

const events: Readonly<Record<string, Row>> = {
  type: { spec: { type: 'follow', rules: [{ reply: [text('Rathalos')] }] } },
  'rules[].keywords': { spec: { rules: [{ ...one, keywords: ['rathian'] }] } },
  'rules[].data': {
    from: { type: 'postback', rules: [{ data: ['a'], reply: [text('a')] }] },
    spec: { type: 'postback', rules: [{ data: ['b'], reply: [text('a')] }] },
  },
  'rules[].match': { spec: { rules: [{ ...one, match: 'Contains' }] } },
  'rules[].content': { spec: { rules: [{ reply: one.reply, content: ['sticker'] }] } },
  'rules[].in': { spec: { rules: [{ ...one, in: ['group'] }] } },
  'rules[].mentioned': { spec: { rules: [{ ...one, mentioned: true }] } },
  'rules[].priority': { spec: { rules: [{ ...one, priority: 5 }] } },
  'rules[].reply': { spec: { rules: [{ ...one, reply: [text('another')] }] } },
  'rules[].oneOf': {
    spec: { rules: [{ keywords: ['rathalos'], oneOf: [{ reply: [text('a')] }, { reply: [text('b')] }] }] },
  },
  'rules[].where': { spec: { rules: [{ ...one, where: [{ key: 'message.quotedMessageId', operator: 'Exists' }] }] } },
  'rules[].schedule.timeZone': { from: open({}), spec: open({ timeZone: 'Asia/Tokyo' }) },
  'rules[].schedule.times': { from: open({}), spec: open({ times: [{ from: '10:00' }] }) },
  'rules[].schedule.except': { from: open({}), spec: open({ except: [{ dates: ['01-01'] }] }) },
  'rules[].forward.to.uri': { from: forwarded({}), spec: forwarded({ to: { ref: service, uri: '/v2' } }) },
  'rules[].forward.to.ref.apiVersion': { from: forwarded({}), spec: forwardedTo({ apiVersion: 'apps/v1' }) },
  'rules[].forward.to.ref.kind': {
    from: forwarded({}),
    spec: forwardedTo({ apiVersion: 'linebot.dev/v1alpha1', kind: 'Bot' }),
  },
  'rules[].forward.to.ref.name': { from: forwarded({}), spec: forwardedTo({ name: 'other' }) },
  'rules[].forward.timeoutSeconds': { from: forwarded({}), spec: forwarded({ timeoutSeconds: 3 }) },
  'rules[].forward.late': { from: forwarded({}), spec: forwarded({ late: [text('soon')] }) },
  'rules[].forward.failed': { from: forwarded({}), spec: forwarded({ failed: [text('sorry')] }) },
}

interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>
  readonly items?: Shape
}

/** Paths of the fields; a list is one, but for the rules themselves. */
function fieldsOf({ properties = {}, items }: Shape, path: string): string[] {
  if (path === 'rules' && items) return fieldsOf(items, 'rules[]')
  const names = Object.keys(properties)
  return names.length === 0
    ? [path]
    : names.flatMap((name) => fieldsOf(properties[name] ?? {}, path === '' ? name : `${path}.${name}`))
}

function specIn(file: string): Shape {
  const [crd] = documentsIn(`config/200-crd-${file}.yaml`)
  // The CRD's shape is Kubernetes' own.
  const { spec } = crd as unknown as {
    spec: { versions: { schema: { openAPIV3Schema: { properties: { spec: Shape } } } }[] }
  }
  return spec.versions[0]?.schema.openAPIV3Schema.properties.spec ?? {}
}

const another: Written = {
  ...secret(),
  object: { ...secret().object, metadata: { ...secret().object.metadata, name: 'another' } },
}
const begin = [
  secret(),
  another,
  bot(),
  binding({}, 'hello', { for: 'hello' }),
  event('rathalos', { rules: [one] }),
  event('rathian'),
]

let flow: Flow
let controllers: Controllers
beforeAll(async () => {
  flow = await startFlow()
  controllers = flow.controllers()
  await flow.apply(...begin)
  await flow.settle(controllers)
})
afterAll(() => flow.close())

/** Where the world is, without what the person wrote: what became of it. */
const outcome = (): unknown =>
  Object.fromEntries(
    Object.entries(flow.state(false)).map(([key, found]) => [
      key,
      isObject(found) && !key.startsWith('Service') ? { ...found, spec: 'as written' } : found,
    ]),
  )

async function become(written: Written): Promise<unknown> {
  await flow.apply(written)
  await flow.settle(controllers)
  return outcome()
}

const kinds: readonly [string, string, Readonly<Record<string, Row>>, (spec: object) => Written][] = [
  ['Bot', 'bots', bots, (spec) => bot(spec)],
  ['EventBinding', 'eventbindings', bindings, (spec) => binding(spec, 'hello', { for: 'hello' })],
  ['Event', 'events', events, (spec) => event('rathalos', { rules: [one], ...spec })],
]

describe.each(kinds)('a field of %s', (_kind, file, rows, write) => {
  it('is not forgotten here', () => {
    expect(Object.keys(rows).toSorted()).toEqual(fieldsOf(specIn(file), '').toSorted())
  })

  const able = Object.entries(rows).filter(([, { refused }]) => !refused)
  it.each(able)('that is changed and changed back leaves no trace: %s', async (_field, { from = {}, spec }) => {
    const before = await become(write(from))
    expect(await become(write(spec)), 'the change is seen').not.toEqual(before)
    expect(await become(write(from))).toEqual(before)
    expect(await flow.sweep(controllers)).toEqual([])
    await become(write({}))
  })
})

it('a field that may have no value is refused', async () => {
  const refused = kinds.flatMap(([, , rows, write]) =>
    Object.values(rows).flatMap((row) => (row.refused ? write(row.spec) : [])),
  )
  expect(refused).toHaveLength(1)
  for (const written of refused) await expect(flow.apply(written)).rejects.toMatchObject({ status: 422 })
})
