import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openServer, type Server } from './server.ts'
import { binding, bot, configMap, core, ours } from './things.ts'

let server: Server
let namespace: string
beforeAll(async () => {
  server = await openServer()
  namespace = await server.namespace()
})
afterAll(() => server.close())

const bots = (name?: string) => ours(namespace, 'bots', name)
const bindings = (name?: string) => ours(namespace, 'eventbindings', name)
const maps = (name?: string) => core(namespace, 'configmaps', name)
const merge = 'application/merge-patch+json'

const apply = (path: string, body: unknown, manager = 'one', more = '') =>
  server.send('PATCH', `${path}?fieldManager=${manager}${more}`, { body, type: 'application/apply-patch+yaml' })

interface Entry {
  readonly manager: string
  readonly operation: string
  readonly subresource?: string
  readonly fieldsV1: unknown
}
/** Who owns what, without times. */
const owners = ({ body }: { body: { metadata: { managedFields: Entry[] } } }) =>
  Object.fromEntries(
    body.metadata.managedFields.map(({ manager, operation, subresource, fieldsV1 }) => [
      [manager, operation, ...(subresource ? [subresource] : [])].join(' '),
      fieldsV1,
    ]),
  )

describe('server-side apply', () => {
  it('creates, and owns what it said and no default', async () => {
    const answer = await apply(bots('new'), bot('new', { suspend: true }, { labels: { a: 'b' } }))
    expect(answer).toMatchObject({
      status: 201,
      body: { metadata: { generation: 1 }, spec: { delivery: 'FrontDoor' } },
    })
    expect(owners(answer)).toEqual({
      'one Apply': {
        'f:metadata': { 'f:labels': { 'f:a': {} } },
        'f:spec': { 'f:channel': { 'f:secretName': {} }, 'f:suspend': {} },
      },
    })
  })

  it('of the same again writes nothing', async () => {
    const first = await apply(bots('same'), bot('same'))
    const again = await apply(bots('same'), bot('same'))
    expect(again.status).toBe(200)
    expect(again.body).toEqual(first.body)
  })

  it('of the same again by turns writes nothing either', async () => {
    const both = ['one', 'two']
    for (const manager of both) await apply(maps('turns'), configMap('turns', { a: '1' }), manager)
    await server.send('PATCH', maps('turns'), { body: { data: { b: '2' } }, type: merge })
    const { body } = await server.send('GET', maps('turns'))
    for (const manager of both) {
      expect((await apply(maps('turns'), configMap('turns', { a: '1' }), manager)).body).toEqual(body)
    }
    const patched = await server.send('PATCH', maps('turns'), { body: { data: { b: '2' } }, type: merge })
    expect(patched.body).toEqual(body)
  })

  it('takes away what it no longer says, and leaves what others say', async () => {
    await apply(maps('shared'), configMap('shared', { a: '1', b: '1' }))
    await apply(maps('shared'), configMap('shared', { b: '1', c: '2' }), 'two')
    const { body } = await apply(maps('shared'), configMap('shared', {}))
    expect(body.data).toEqual({ b: '1', c: '2' })
    expect(owners({ body })).toEqual({
      'two Apply': { 'f:data': { 'f:b': {}, 'f:c': {} } },
      'one Apply': { 'f:data': {} },
    })
  })

  it('gives a default back to a field that it no longer says', async () => {
    await apply(bots('back'), bot('back', { delivery: 'Direct', scale: { max: 3 } }))
    const { body } = await apply(bots('back'), bot('back'))
    expect(body.spec).toMatchObject({ delivery: 'FrontDoor', scale: { max: 10 } })
    expect(body.metadata.generation).toBe(2)
  })

  it('leaves nothing of labels and annotations that it no longer says', async () => {
    await apply(maps('bare'), configMap('bare', {}, { labels: { a: 'b' }, annotations: { a: 'b' } }))
    const { body } = await apply(maps('bare'), configMap('bare', {}, { labels: {} }))
    expect(body.metadata).not.toHaveProperty('labels')
    expect(body.metadata).not.toHaveProperty('annotations')
  })

  it('leaves nothing of a map whose members it no longer says', async () => {
    await apply(bots('maps'), bot('maps', { selector: { matchLabels: { a: 'b' } } }))
    expect((await apply(bots('maps'), bot('maps'))).body.spec).not.toHaveProperty('selector')
  })

  // So a selector that is emptied must be applied on the client's side, or deleted first.
  it.each([
    ['EventBinding', () => bindings('emptied'), (selector: object) => binding('emptied', { selector })],
    ['Bot', () => bots('emptied'), (selector: object) => bot('emptied', { selector })],
  ])(
    'trips over the null that is left of a map of a %s when all its members go and it stays',
    async (_kind, path, make) => {
      await apply(path(), make({ matchLabels: { a: 'b' } }))
      expect(await apply(path(), make({}))).toMatchObject({
        status: 422,
        body: { details: { causes: expect.arrayContaining([expect.objectContaining({ field: 'spec.selector' })]) } },
      })
    },
  )

  it('refuses to change what another says, and names it', async () => {
    await apply(bots('mine'), bot('mine', { suspend: true }))
    expect(await apply(bots('mine'), bot('mine', { suspend: false }), 'two')).toMatchObject({
      status: 409,
      body: {
        reason: 'Conflict',
        message: 'Apply failed with 1 conflict: conflict with "one": .spec.suspend',
        details: {
          causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.spec.suspend' }],
        },
      },
    })
    const different = { suspend: false, channel: { secretName: 'other' } }
    const { body } = await apply(bots('mine'), bot('mine', different), 'two')
    expect(body.message).toMatch(/^Apply failed with 2 conflicts: conflicts with "one":\n- \.spec\./)
    const fields = body.details.causes.map(({ field }: { field: string }) => field)
    expect(fields.toSorted()).toEqual(['.spec.channel.secretName', '.spec.suspend'])
    expect((await apply(bots('mine'), bot('mine', { suspend: true }), 'two')).status).toBe(200)
  })

  it('by force takes it over', async () => {
    await apply(bots('force'), bot('force', { suspend: true, logLevel: 'Warn' }))
    const answer = await apply(bots('force'), bot('force', { suspend: false }), 'two', '&force=true')
    expect(answer).toMatchObject({ status: 200, body: { spec: { suspend: false, logLevel: 'Warn' } } })
    expect(owners(answer)).toEqual({
      'one Apply': { 'f:spec': { 'f:channel': { 'f:secretName': {} }, 'f:logLevel': {} } },
      'two Apply': { 'f:spec': { 'f:channel': { 'f:secretName': {} }, 'f:suspend': {} } },
    })
  })

  it('meets what was written without it', async () => {
    await server.send('POST', maps(), { body: configMap('posted', { a: '1', b: '1' }) })
    const refused = await apply(maps('posted'), configMap('posted', { a: '2' }))
    expect(refused.body.message).toMatch(
      /^Apply failed with 1 conflict: conflict with "conformance" using v1: \.data\.a$/,
    )
    const forced = await apply(maps('posted'), configMap('posted', { a: '2' }), 'one', '&force=true')
    expect(owners(forced)).toEqual({
      'one Apply': { 'f:data': { 'f:a': {} } },
      'conformance Update': { 'f:data': { '.': {}, 'f:b': {} } },
    })
  })

  it('of lists with keys, owns item by item', async () => {
    const owner = (await server.send('POST', maps(), { body: configMap('owner-1') })).body
    const other = (await server.send('POST', maps(), { body: configMap('owner-2') })).body
    const reference = ({ metadata: { name, uid } }: typeof owner) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      name,
      uid,
    })
    const owned = (...refs: unknown[]) => configMap('owned', { a: 'b' }, { ownerReferences: refs })
    await apply(maps('owned'), owned(reference(owner)))
    const two = await apply(maps('owned'), owned(reference(other)), 'two')
    expect(two.body.metadata.ownerReferences).toEqual([reference(owner), reference(other)])
    expect(owners(two)).toMatchObject({
      'two Apply': { 'f:metadata': { 'f:ownerReferences': { [`k:{"uid":"${other.metadata.uid}"}`]: {} } } },
    })
    const left = await apply(maps('owned'), owned())
    expect(left.body.metadata.ownerReferences).toEqual([reference(other)])
  })

  const condition = (type: string, status: string) => ({
    type,
    status,
    reason: 'Why',
    message: '',
    observedGeneration: 1,
    lastTransitionTime: '2026-01-01T00:00:00Z',
  })

  it('of a status writes the status alone', async () => {
    await apply(bots('status'), bot('status'))
    const path = `${bots('status')}/status`
    const status = { observedGeneration: 1, conditions: [condition('Ready', 'True'), condition('RulesReady', 'True')] }
    const said = { ...bot('status', { suspend: true }, { labels: { a: 'b' } }), status }
    const first = await apply(path, said, 'two')
    expect(first).toMatchObject({
      status: 200,
      body: { metadata: { generation: 1 }, spec: { suspend: false }, status },
    })
    expect(first.body.metadata).not.toHaveProperty('labels')
    expect(owners(first)).toMatchObject({
      'two Apply status': {
        'f:status': {
          'f:conditions': {
            'k:{"type":"Ready"}': { '.': {}, 'f:type': {}, 'f:status': {} },
            'k:{"type":"RulesReady"}': {},
          },
          'f:observedGeneration': {},
        },
      },
    })
    expect((await apply(path, said, 'two')).body).toEqual(first.body)
    const fewer = await apply(path, { ...said, status: { conditions: [condition('Ready', 'False')] } }, 'two')
    expect(fewer.body.status).toEqual({ conditions: [condition('Ready', 'False')] })
    const main = await apply(bots('status'), { ...bot('status'), status: { url: 'http://a' } })
    expect(main.body.status).toEqual(fewer.body.status)
    expect((await apply(`${bots('none')}/status`, { ...bot('none'), status }, 'two')).status).toBe(404)
  })

  const nobody = '00000000-0000-0000-0000-000000000000'

  it('of an object that may be gone can hold on to its uid', async () => {
    const { body } = await apply(maps('held'), configMap('held'))
    const held = (uid: string) => apply(maps('held'), configMap('held', { a: 'b' }, { uid }))
    expect(await held(nobody)).toMatchObject({
      status: 422,
      body: { details: { causes: [{ field: 'metadata.uid' }, {}] } },
    })
    expect((await held(body.metadata.uid)).status).toBe(200)
    expect(await apply(maps('none'), configMap('none', {}, { uid: nobody }))).toMatchObject({
      status: 409,
      body: { reason: 'Conflict' },
    })
    const put = { ...body, metadata: { ...body.metadata, uid: nobody, resourceVersion: '' } }
    expect((await server.send('PUT', maps('held'), { body: put })).status).toBe(409)
  })

  it.each([
    ['no manager', 422, 'Invalid', () => bots('x'), '', () => bot('x')],
    ['another name', 400, 'BadRequest', () => bots('x'), 'one', () => bot('y')],
    ['something wrong', 422, 'Invalid', () => bots('x'), 'one', () => bot('x', { delivery: 'Nope' })],
    ['an unknown field', 500, undefined, () => bots('x'), 'one', () => bot('x', { bogus: 1 })],
    ['managedFields', 400, 'BadRequest', () => bots('x'), 'one', () => bot('x', {}, { managedFields: [{}] })],
    ['no namespace', 404, 'NotFound', () => ours('conf-none', 'bots', 'x'), 'one', () => bot('x')],
  ])('is refused with %s', async (_what, status, reason, path, manager, body) => {
    const answer = await apply(path(), body(), manager)
    expect(answer).toMatchObject({ status, body: { kind: 'Status' } })
    expect(answer.body.reason).toBe(reason)
  })

  it('names a field that is not declared', async () => {
    const { body } = await apply(bots('x'), bot('x', { bogus: 1 }, { namespace }))
    expect(body.message).toBe(
      `failed to create typed patch object (${namespace}/x; linebot.dev/v1alpha1, Kind=Bot): .spec.bogus: field not declared in schema`,
    )
  })

  it('dry, keeps nothing', async () => {
    expect((await apply(bots('dry'), bot('dry'), 'one', '&dryRun=All')).status).toBe(201)
    expect((await server.send('GET', bots('dry'))).status).toBe(404)
  })

  it('reads YAML', async () => {
    const body = Buffer.from('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: yaml}\ndata: {a: "yes"}\n')
    expect(await apply(maps('yaml'), body)).toMatchObject({ status: 201, body: { data: { a: 'yes' } } })
  })
})

describe('other writes', () => {
  it('own what they change, with the maps that they make', async () => {
    const created = await server.send('POST', `${bindings()}?fieldManager=maker`, {
      body: binding('plain', { priority: 1 }, { labels: { a: 'b' } }),
    })
    expect(owners(created)).toEqual({
      'maker Update': {
        'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } },
        'f:spec': { '.': {}, 'f:priority': {}, 'f:selector': {} },
      },
    })
    const changed = await server.send('PATCH', `${bindings('plain')}?fieldManager=other`, {
      body: { spec: { priority: 2 } },
      type: merge,
    })
    expect(owners(changed)).toEqual({
      'maker Update': { 'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } }, 'f:spec': { '.': {}, 'f:selector': {} } },
      'other Update': { 'f:spec': { 'f:priority': {} } },
    })
  })

  it('can hand ownership on, as kubectl does when it goes over to server-side apply', async () => {
    await server.send('POST', `${maps()}?fieldManager=before`, { body: configMap('handed', { a: 'b' }) })
    const [entry] = (await server.send('GET', maps('handed'))).body.metadata.managedFields
    const body = [
      { op: 'replace', path: '/metadata/managedFields', value: [{ ...entry, manager: 'after', operation: 'Apply' }] },
    ]
    const handed = await server.send('PATCH', maps('handed'), { body, type: 'application/json-patch+json' })
    expect(Object.keys(owners(handed))).toEqual(['after Apply'])
    const gone = await apply(maps('handed'), configMap('handed', {}), 'after')
    expect(gone.body.data ?? {}).toEqual({})
  })
})
