import { describe, expect, it } from 'vitest'
import type { Condition } from '../../functions/core/condition.ts'
import { noticesFor } from '../../functions/core/notice.ts'
import type { Obj } from '../../functions/core/object.ts'

const object = {
  apiVersion: 'linebot.dev/v1alpha1',
  kind: 'Bot',
  metadata: { name: 'hello', namespace: 'demo', uid: 'u', resourceVersion: '7', labels: { a: 'b' } },
} satisfies Obj
const now = new Date('2026-11-21T08:00:00.123Z')

const condition = (
  type: string,
  status: Condition['status'],
  reason: string,
  message = `${reason} it is`,
): Condition => ({
  type,
  status,
  reason,
  message,
  observedGeneration: 1,
  lastTransitionTime: '2026-11-21T08:00:00Z',
})

const told = (before: readonly Condition[] | undefined, after: readonly Condition[], of: Obj = object) =>
  noticesFor(of, { before, after, by: 'bot-controller', now })
const reasons = (...worlds: Parameters<typeof told>) => told(...worlds).map(({ type, reason }) => `${type} ${reason}`)

it('a Notice says of whom, why, what to do, and who says so', () => {
  expect(told(undefined, [condition('CredentialsValid', 'False', 'SecretMissing', 'create it')])).toEqual([
    {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name: expect.stringMatching(/^hello\.[0-9a-f]{10}$/), namespace: 'demo' },
      regarding: {
        apiVersion: 'linebot.dev/v1alpha1',
        kind: 'Bot',
        name: 'hello',
        namespace: 'demo',
        uid: 'u',
        resourceVersion: '7',
      },
      reason: 'SecretMissing',
      note: 'create it',
      type: 'Warning',
      action: 'Reconcile',
      eventTime: '2026-11-21T08:00:00.123000Z',
      reportingController: 'linebot.dev/bot-controller',
      reportingInstance: 'bot-controller',
    },
  ])
})

describe('it is told', () => {
  const ready = condition('Ready', 'True', 'Ready')
  const refused = condition('CredentialsValid', 'False', 'CredentialsRefused')
  const notReady = { ...refused, type: 'Ready' }
  const stalled = { ...refused, type: 'Stalled', status: 'True' } as const
  const valid = condition('CredentialsValid', 'True', 'Valid')
  const waiting = condition('ServiceReady', 'Unknown', 'Deploying')

  it.each<[string, Condition[] | undefined, Condition[], string[]]>([
    [
      'once, however many conditions repeat it',
      undefined,
      [notReady, refused, stalled],
      ['Warning CredentialsRefused'],
    ],
    ['that all is well, and not of each part', undefined, [ready, valid], ['Normal Ready']],
    ['not while it is on its way', undefined, [{ ...waiting, type: 'Ready' }, waiting], []],
    ['not again', [ready, valid], [ready, valid], []],
    ['not when only the words are others', [refused], [{ ...refused, message: 'other words' }], []],
    ['when the reason is another one', [ready, valid], [notReady, refused], ['Warning CredentialsRefused']],
    ['when it is well again', [notReady, refused], [ready, valid], ['Normal Ready']],
    ['of what else is well in another way', [ready], [condition('Ready', 'True', 'Suspended')], ['Normal Suspended']],
    [
      'of all that is wrong',
      [ready],
      [notReady, refused, condition('WebhookReady', 'False', 'TestFailed')],
      ['Warning CredentialsRefused', 'Warning TestFailed'],
    ],
  ])('%s', (_when, before, after, expected) => {
    expect(reasons(before, after)).toEqual(expected)
  })

  it('under the same name by a run that is repeated, and under another one the next time it is so', () => {
    const name = (of: Obj) => told([ready], [notReady], of)[0]?.metadata.name
    expect(name(object)).toBe(name({ ...object }))
    expect(name(object)).not.toBe(name({ ...object, metadata: { ...object.metadata, resourceVersion: '9' } }))
  })
})

describe('the API server’s limits are kept:', () => {
  it('of a name, also for an object with a long one', () => {
    const long = { ...object, metadata: { ...object.metadata, name: 'n'.repeat(253) } }
    expect(told(undefined, [condition('Ready', 'True', 'Ready')], long)[0]?.metadata.name.length).toBeLessThanOrEqual(
      253,
    )
  })

  it.each([
    ['x'.repeat(1024), 'x'.repeat(1024)],
    ['x'.repeat(1025), `${'x'.repeat(1021)}…`],
    ['龍'.repeat(400), `${'龍'.repeat(340)}…`],
    ['🐉'.repeat(300), `${'🐉'.repeat(255)}…`],
  ])('of a note, in bytes', (message, note) => {
    const [notice] = told(undefined, [condition('Ready', 'False', 'Broken', message)])
    expect(notice?.note).toBe(note)
    expect(Buffer.byteLength(note)).toBeLessThanOrEqual(1024)
  })
})
