import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openServer, type Server } from './server.ts'
import { binding, bot, configMap, core, knativeService, ours } from './things.ts'

let server: Server
let namespace: string
beforeAll(async () => {
  server = await openServer()
  namespace = await server.namespace()
})
afterAll(() => server.close())

const bots = (name?: string) => ours(namespace, 'bots', name)
const maps = (name?: string) => core(namespace, 'configmaps', name)
const merge = 'application/merge-patch+json'

describe('creating', () => {
  it('fills in defaults, and what the API server knows', async () => {
    const { status, body, headers } = await server.send('POST', bots(), { body: bot('a', {}, { labels: { x: 'y' } }) })
    expect({ status, body }).toMatchObject({
      status: 201,
      body: {
        apiVersion: 'linebot.dev/v1alpha1',
        kind: 'Bot',
        metadata: {
          name: 'a',
          namespace,
          labels: { x: 'y' },
          generation: 1,
          uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
          resourceVersion: expect.stringMatching(/^\d+$/),
          creationTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
          managedFields: [{ manager: 'conformance', operation: 'Update', apiVersion: 'linebot.dev/v1alpha1' }],
        },
      },
    })
    expect(body.spec).toEqual({
      channel: { secretName: 's' },
      delivery: 'FrontDoor',
      groups: { answer: 'Always' },
      lateAnswers: { policy: 'Say', label: 'Get the answer' },
      logLevel: 'Info',
      push: { monthlyBudget: 0 },
      scale: { concurrency: 100, idleSeconds: 60, max: 10, min: 0 },
      suspend: false,
      webhook: { register: true },
    })
    expect(headers.warning).toBe(
      `299 - "Validation failed for ValidatingAdmissionPolicy 'linebot-namespace-opted-in' with binding 'linebot-namespace-opted-in': the namespace ${namespace} has not opted in, so nothing will happen: run npx linebot enable ${namespace}"`,
    )
  })

  it('keeps no status that is created with it, and takes a null for nothing', async () => {
    const { body } = await server.send('POST', bots(), {
      body: { ...bot('nulls', { delivery: null, selector: null }), status: { url: 'http://a' } },
    })
    expect(body).not.toHaveProperty('status')
    expect(body.spec).not.toHaveProperty('selector')
    expect(body.spec.delivery).toBe('FrontDoor')
  })

  it('makes up a name', async () => {
    const { status, body } = await server.send('POST', maps(), {
      body: { metadata: { generateName: 'some-' }, data: {} },
    })
    expect(status).toBe(201)
    expect(body.metadata.name).toMatch(/^some-[a-z0-9]{5}$/)
  })

  it.each([
    ['twice', 409, 'AlreadyExists', () => bots(), () => bot('a')],
    ['in no namespace', 404, 'NotFound', () => ours('conf-none', 'bots'), () => bot('a')],
    ['with another kind', 422, 'Invalid', () => bots(), () => binding('b')],
    ['with another kind, of core', 400, 'BadRequest', () => maps(), () => ({ ...configMap('b'), kind: 'Secret' })],
    ['with another namespace', 400, 'BadRequest', () => bots(), () => bot('b', {}, { namespace: 'default' })],
    ['without a name', 422, 'Invalid', () => bots(), () => ({ ...bot('b'), metadata: {} })],
    ['of nothing', 400, 'BadRequest', () => bots(), () => undefined],
    ['with data that is not text', 400, 'BadRequest', () => maps(), () => configMap('n', { a: 1 })],
  ])('is refused %s', async (_what, status, reason, path, body) => {
    const answer = await server.send('POST', path(), { body: body() })
    expect(answer).toMatchObject({
      status,
      body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, code: status, message: expect.any(String) },
    })
  })

  it.each([
    ['a wrong word', bot('bad', { delivery: 'Nope' }), ['spec.delivery']],
    ['a number too small', bot('bad', { scale: { max: 0 } }), ['spec.scale.max']],
    ['two things at once', bot('bad', { delivery: 'Nope', scale: { max: 0 } }), ['spec.delivery', 'spec.scale.max']],
    ['a text for a number', bot('bad', { scale: { max: 'many' } }), ['spec.scale.max']],
    ['something missing', { ...bot('bad'), spec: {} }, ['spec.channel']],
    ['a label that is none', bot('bad', {}, { labels: { a: 'not one!' } }), ['metadata.labels']],
    ['a name that is none', bot('Bad_'), ['metadata.name']],
  ])('is refused with %s, and says where', async (_what, body, fields) => {
    const answer = await server.send('POST', bots(), { body })
    expect(answer).toMatchObject({
      status: 422,
      body: { reason: 'Invalid', details: { group: 'linebot.dev', kind: 'Bot' } },
    })
    const named = answer.body.details.causes.map((cause: { field: string }) => cause.field)
    expect([...new Set(named.filter((field: string) => field !== '<nil>'))].toSorted()).toEqual(fields)
    expect(answer.body.message).toMatch(/^Bot\.linebot\.dev "\w+" is invalid: /)
  })

  it('is refused by CEL rules, in their words', async () => {
    const { status, body } = await server.send('POST', bots(), { body: bot('a'.repeat(41)) })
    expect(status).toBe(422)
    expect(body.message).toContain('metadata.name: at most 40 characters')
  })

  it('with an unknown field and fieldValidation=Strict is refused', async () => {
    const { status, body } = await server.send('POST', `${bots()}?fieldValidation=Strict`, {
      body: bot('strict', { bogus: 1 }),
    })
    expect(status).toBe(400)
    expect(body.message).toBe(
      'Bot in version "v1alpha1" cannot be handled as a Bot: strict decoding error: unknown field "spec.bogus"',
    )
  })

  it.each([
    ['Warn', true],
    ['', true],
    ['Ignore', false],
  ])('with an unknown field and fieldValidation=%s cuts it off; whether it warns: %s', async (validation, warns) => {
    const name = `unknown-${validation.toLowerCase()}x`
    const path = `${bots()}?fieldValidation=${validation}`
    const { status, body, headers } = await server.send('POST', path, { body: bot(name, { bogus: 1 }) })
    expect(status).toBe(201)
    expect(body.spec).not.toHaveProperty('bogus')
    expect(String(headers.warning).includes('299 - "unknown field \\"spec.bogus\\""')).toBe(warns)
  })

  it('keeps a Secret’s texts as base64', async () => {
    const body = { metadata: { name: 'secret' }, stringData: { a: '火' } }
    const answer = await server.send('POST', core(namespace, 'secrets'), { body })
    expect(answer).toMatchObject({ status: 201, body: { type: 'Opaque', data: { a: '54Gr' } } })
    expect(answer.body).not.toHaveProperty('stringData')
    expect(answer.body.metadata).not.toHaveProperty('generation')
    expect(answer.headers).not.toHaveProperty('warning')
  })

  it('of a Knative Service takes what there is, and counts generations', async () => {
    // Dry, so that no cluster runs it.
    const path = `/apis/serving.knative.dev/v1/namespaces/${namespace}/services`
    const body = knativeService('ksvc')
    expect(await server.send('POST', `${path}?dryRun=All`, { body })).toMatchObject({
      status: 201,
      body: { ...body, metadata: { name: 'ksvc', namespace, generation: 1 } },
    })
    const applied = await server.send('PATCH', `${path}/ksvc?dryRun=All&fieldManager=one&force=true`, {
      body,
      type: 'application/apply-patch+yaml',
    })
    expect(applied).toMatchObject({ status: 201, body: { spec: body.spec } })
    expect(await server.send('GET', `${path}/ksvc`)).toMatchObject({
      status: 404,
      body: { message: 'services.serving.knative.dev "ksvc" not found' },
    })
    expect((await server.send('GET', path.replace('services', 'revisions'))).body).toMatchObject({
      kind: 'RevisionList',
      items: [],
    })
  })

  it('dry is judged, answered, and not kept', async () => {
    const right = await server.send('POST', `${bots()}?dryRun=All`, { body: bot('dry') })
    expect(right).toMatchObject({ status: 201, body: { metadata: { uid: expect.any(String) } } })
    expect(right.body.metadata).not.toHaveProperty('resourceVersion')
    expect((await server.send('GET', bots('dry'))).status).toBe(404)
    expect((await server.send('POST', `${bots()}?dryRun=All`, { body: bot('dry', { delivery: 'x' }) })).status).toBe(
      422,
    )
  })
})

describe('reading', () => {
  it('what is not there is NotFound, and an unknown path is no Status', async () => {
    expect(await server.send('GET', bots('none'))).toMatchObject({
      status: 404,
      body: {
        message: 'bots.linebot.dev "none" not found',
        reason: 'NotFound',
        details: { name: 'none', group: 'linebot.dev', kind: 'bots' },
      },
    })
    expect(await server.send('GET', '/apis/linebot.dev/v1alpha1/nothing')).toMatchObject({
      status: 404,
      body: '404 page not found\n',
    })
  })

  it('metadata alone is given when asked for', async () => {
    const accept = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io'
    await server.send('POST', maps(), { body: configMap('meta', { a: 'b' }) })
    const { body } = await server.send('GET', maps('meta'), { accept })
    expect(body).toMatchObject({
      kind: 'PartialObjectMetadata',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { name: 'meta' },
    })
    expect(body).not.toHaveProperty('data')
  })
})

describe('changing', () => {
  const fresh = async (name: string) => (await server.send('POST', bots(), { body: bot(name) })).body

  it('spec counts a generation, a label does not, and nothing new is no version', async () => {
    await fresh('count')
    const change = async (body: object) =>
      (await server.send('PATCH', bots('count'), { body, type: merge })).body.metadata
    const labelled = await change({ metadata: { labels: { a: 'b' } } })
    expect(labelled.generation).toBe(1)
    const suspended = await change({ spec: { suspend: true } })
    expect(suspended.generation).toBe(2)
    expect(Number(suspended.resourceVersion)).toBeGreaterThan(Number(labelled.resourceVersion))
    expect(await change({ spec: { suspend: true } })).toEqual(suspended)
    expect(await change({ metadata: { labels: { a: null } } })).not.toHaveProperty('labels')
  })

  it('by PUT takes away what is not said, and needs the version that was read', async () => {
    const live = await fresh('put')
    const changed = { ...live, spec: { channel: { secretName: 't' }, suspend: true } }
    const first = await server.send('PUT', bots('put'), { body: changed })
    expect(first).toMatchObject({ status: 200, body: { metadata: { generation: 2 }, spec: { suspend: true } } })
    expect(await server.send('PUT', bots('put'), { body: changed })).toMatchObject({
      status: 409,
      body: {
        reason: 'Conflict',
        message:
          'Operation cannot be fulfilled on bots.linebot.dev "put": the object has been modified; please apply your changes to the latest version and try again',
      },
    })
    expect((await server.send('PUT', bots('put'), { body: bot('put') })).status).toBe(422)
    expect((await server.send('PUT', bots('nobody'), { body: { ...live, metadata: { name: 'nobody' } } })).status).toBe(
      404,
    )
    expect((await server.send('PUT', bots('put'), { body: bot('other') })).status).toBe(400)
  })

  it.each([
    ['merge', merge, { spec: { delivery: null, suspend: true } }, { delivery: 'FrontDoor', suspend: true }],
    ['json', 'application/json-patch+json', [{ op: 'replace', path: '/spec/suspend', value: true }], { suspend: true }],
  ])('by %s patch', async (name, type, body, spec) => {
    await fresh(`patch-${name}`)
    expect(await server.send('PATCH', bots(`patch-${name}`), { body, type })).toMatchObject({
      status: 200,
      body: { spec },
    })
  })

  it('by strategic merge patch only where the kind is Kubernetes’ own', async () => {
    const type = 'application/strategic-merge-patch+json'
    await server.send('POST', maps(), { body: configMap('strategic', { a: 'b', c: 'd' }) })
    const { body } = await server.send('PATCH', maps('strategic'), { body: { data: { a: null, e: 'f' } }, type })
    expect(body.data).toEqual({ c: 'd', e: 'f' })
    await fresh('no-strategy')
    const refused = await server.send('PATCH', bots('no-strategy'), { body: { spec: {} }, type })
    expect(refused).toMatchObject({ status: 415, body: { reason: 'UnsupportedMediaType' } })
  })

  it('by a patch that does not fit is refused', async () => {
    await fresh('misfit')
    const send = (body: unknown, type: string, query = '') =>
      server.send('PATCH', `${bots('misfit')}${query}`, { body, type })
    const json = 'application/json-patch+json'
    expect(await send([{ op: 'test', path: '/spec/suspend', value: true }], json)).toMatchObject({ status: 422 })
    expect(await send([{ op: 'remove', path: '/spec/nothing' }], json)).toMatchObject({ status: 422 })
    expect(await send({ spec: { delivery: 'Nope' } }, merge)).toMatchObject({ status: 422 })
    await server.send('POST', maps(), { body: configMap('misfit') })
    const number = await server.send('PATCH', maps('misfit'), { body: { data: { a: 1 } }, type: merge })
    expect(number).toMatchObject({ status: 422, body: { details: { causes: [{ field: 'patch' }] } } })
    expect(await send({ spec: { bogus: 1 } }, merge, '?fieldValidation=Strict')).toMatchObject({ status: 422 })
    expect(await send({ metadata: { resourceVersion: '1' } }, merge)).toMatchObject({ status: 409 })
    expect(await server.send('PATCH', bots('nobody'), { body: {}, type: merge })).toMatchObject({ status: 404 })
    expect(await send({}, 'application/json')).toMatchObject({ status: 415 })
  })

  it('an immutable ConfigMap keeps its data', async () => {
    await server.send('POST', maps(), { body: { ...configMap('rock', { a: 'b' }), immutable: true } })
    const change = (body: object) => server.send('PATCH', maps('rock'), { body, type: merge })
    expect(await change({ data: { a: 'c' } })).toMatchObject({
      status: 422,
      body: { details: { causes: [{ reason: 'FieldValueForbidden', field: 'data' }] } },
    })
    expect((await change({ metadata: { labels: { a: 'b' } } })).status).toBe(200)
  })
})

describe('status and scale', () => {
  it('status is written through its own path only, and counts no generation', async () => {
    await server.send('POST', bots(), { body: bot('status') })
    const body = { spec: { suspend: true }, status: { url: 'http://a', observedGeneration: 1 } }
    const both = await server.send('PATCH', bots('status'), { body: { status: body.status }, type: merge })
    expect(both.body).not.toHaveProperty('status')
    const status = await server.send('PATCH', `${bots('status')}/status`, { body, type: merge })
    expect(status).toMatchObject({
      status: 200,
      body: { metadata: { generation: 1 }, spec: { suspend: false }, status: body.status },
    })
    expect(status.headers).not.toHaveProperty('warning')
    const wrong = await server.send('PATCH', `${bots('status')}/status`, { body: { status: { url: 1 } }, type: merge })
    expect(wrong.status).toBe(422)
    expect((await server.send('GET', `${bots('status')}/status`)).body.status).toEqual(body.status)
  })

  it('scale is spec.scale.min', async () => {
    await server.send('POST', bots(), { body: bot('scale') })
    const path = `${bots('scale')}/scale`
    const seen = await server.send('GET', path)
    expect(seen).toMatchObject({
      status: 200,
      body: {
        kind: 'Scale',
        apiVersion: 'autoscaling/v1',
        metadata: { name: 'scale', namespace },
        spec: {},
        status: { replicas: 0 },
      },
    })
    const patched = await server.send('PATCH', path, { body: { spec: { replicas: 1 } }, type: merge })
    expect(patched).toMatchObject({ status: 200, body: { spec: { replicas: 1 } } })
    const put = await server.send('PUT', path, { body: { ...patched.body, spec: { replicas: 2 } } })
    expect(put).toMatchObject({ status: 200, body: { spec: { replicas: 2 } } })
    expect((await server.send('PUT', path, { body: seen.body })).status).toBe(409)
    const { body } = await server.send('GET', bots('scale'))
    expect(body).toMatchObject({ metadata: { generation: 3 }, spec: { scale: { min: 2 } } })
    expect((await server.send('GET', `${ours(namespace, 'events', 'a')}/scale`)).status).toBe(404)
  })
})

describe('deleting', () => {
  it('says what is gone', async () => {
    const { body } = await server.send('POST', bots(), { body: bot('gone') })
    expect(await server.send('DELETE', bots('gone'))).toMatchObject({
      status: 200,
      body: {
        kind: 'Status',
        status: 'Success',
        details: { name: 'gone', group: 'linebot.dev', kind: 'bots', uid: body.metadata.uid },
      },
    })
    expect((await server.send('DELETE', bots('gone'))).status).toBe(404)
  })

  it('leaves another of the same name alone', async () => {
    await server.send('POST', maps(), { body: configMap('uid') })
    const uid = '00000000-0000-0000-0000-000000000000'
    const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid } }
    const answer = await server.send('DELETE', maps('uid'), { body })
    expect(answer).toMatchObject({ status: 409, body: { reason: 'Conflict' } })
    expect(answer.body.message).toContain(`the UID in the precondition (${uid}) does not match the UID in record`)
    expect((await server.send('GET', maps('uid'))).status).toBe(200)
  })

  it('waits for finalizers', async () => {
    await server.send('POST', maps(), { body: configMap('held', {}, { finalizers: ['example.com/hold'] }) })
    expect(await server.send('DELETE', maps('held'))).toMatchObject({
      status: 200,
      body: { kind: 'ConfigMap', metadata: { deletionTimestamp: expect.any(String), deletionGracePeriodSeconds: 0 } },
    })
    expect((await server.send('GET', maps('held'))).status).toBe(200)
    await server.send('PATCH', maps('held'), { body: { metadata: { finalizers: null } }, type: merge })
    expect((await server.send('GET', maps('held'))).status).toBe(404)
  })

  it('dry, deletes nothing', async () => {
    await server.send('POST', maps(), { body: configMap('kept') })
    expect((await server.send('DELETE', `${maps('kept')}?dryRun=All`)).status).toBe(200)
    expect((await server.send('GET', maps('kept'))).status).toBe(200)
  })

  it('a namespace takes with it what is in it', async () => {
    const doomed = await server.namespace()
    await server.send('POST', ours(doomed, 'bots'), { body: bot('a') })
    expect(await server.send('DELETE', `/api/v1/namespaces/${doomed}`)).toMatchObject({
      status: 200,
      body: { kind: 'Namespace', metadata: { deletionTimestamp: expect.any(String) } },
    })
    const gone = async () => (await server.send('GET', `/api/v1/namespaces/${doomed}`)).status
    await expect.poll(gone, { timeout: 30_000 }).toBe(404)
    expect((await server.send('GET', ours(doomed, 'bots', 'a'))).status).toBe(404)
  }, 60_000)
})
