import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openServer, type Server, type WatchEvent } from './server.ts'
import { bot, configMap, core, notice, ours } from './things.ts'

let server: Server
let namespace: string
beforeAll(async () => {
  server = await openServer()
  namespace = await server.namespace()
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    const labels = { letter: name, ...(name < 'c' && { early: 'true' }) }
    await server.send('POST', maps(), { body: configMap(name, { name }, { labels }) })
  }
  await server.send('POST', ours(namespace, 'bots'), { body: bot('a') })
})
afterAll(() => server.close())

const maps = (name?: string) => core(namespace, 'configmaps', name)
const merge = 'application/merge-patch+json'
const names = (body: { items: { metadata: { name: string } }[] }) => body.items.map(({ metadata }) => metadata.name)
const letters = 'labelSelector=letter'

describe('a list', () => {
  it('says what it is, and of custom resources what its items are', async () => {
    const { status, body } = await server.send('GET', ours(namespace, 'bots'))
    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        apiVersion: 'linebot.dev/v1alpha1',
        kind: 'BotList',
        metadata: { resourceVersion: expect.stringMatching(/^\d+$/) },
        items: [{ apiVersion: 'linebot.dev/v1alpha1', kind: 'Bot', metadata: { name: 'a' } }],
      },
    })
    const maps0 = (await server.send('GET', `${maps()}?${letters}`)).body
    expect(maps0).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMapList' })
    expect(maps0.items[0]).not.toHaveProperty('kind')
    expect(names(maps0)).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  it.each([
    ['labelSelector', 'letter=a', ['a']],
    ['labelSelector', 'letter==a', ['a']],
    ['labelSelector', 'letter,letter!=a', ['b', 'c', 'd', 'e']],
    ['labelSelector', 'letter in (a, b,x)', ['a', 'b']],
    ['labelSelector', 'letter,letter notin (a,b)', ['c', 'd', 'e']],
    ['labelSelector', 'letter,!early', ['c', 'd', 'e']],
    ['labelSelector', 'early=true,letter=b', ['b']],
    ['labelSelector', 'letter=none', []],
    ['fieldSelector', 'metadata.name=c', ['c']],
    ['fieldSelector', 'metadata.name==c', ['c']],
  ])('with %s %s', async (kind, selector, found) => {
    const { body } = await server.send('GET', `${maps()}?${kind}=${encodeURIComponent(selector)}`)
    expect(names(body)).toEqual(found)
  })

  it.each(['labelSelector=%3D%3D%3D', 'fieldSelector=data.a%3Db', 'continue=nonsense'])(
    'with %s is refused',
    async (query) => {
      expect(await server.send('GET', `${maps()}?${query}`)).toMatchObject({
        status: 400,
        body: { reason: 'BadRequest' },
      })
    },
  )

  it('comes in pages', async () => {
    const page = async (more = '') => (await server.send('GET', `${maps()}?${letters}&limit=2${more}`)).body
    const first = await page()
    const second = await page(`&continue=${first.metadata.continue}`)
    const third = await page(`&continue=${second.metadata.continue}`)
    expect([first, second, third].map(names)).toEqual([['a', 'b'], ['c', 'd'], ['e']])
    expect(third.metadata).not.toHaveProperty('continue')
    expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion)
  })

  it('of metadata leaves data where it is', async () => {
    const accept = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io'
    const { body } = await server.send('GET', `${maps()}?${letters}`, { accept })
    expect(body).toMatchObject({ kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1' })
    expect(body.items).toHaveLength(5)
    expect(body.items[0]).toMatchObject({
      kind: 'PartialObjectMetadata',
      metadata: { name: 'a', labels: { letter: 'a' } },
    })
    expect(body.items[0]).not.toHaveProperty('data')
  })

  it('of everywhere has what is in every namespace', async () => {
    const { body } = await server.send('GET', `/api/v1/configmaps?labelSelector=early`)
    expect(
      body.items.filter((one: { metadata: { namespace: string } }) => one.metadata.namespace === namespace),
    ).toHaveLength(2)
  })

  it('is a table when asked for one', async () => {
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json'
    const status = {
      conditions: [
        {
          type: 'Ready',
          status: 'False',
          reason: 'Why',
          lastTransitionTime: '2026-01-01T00:00:00Z',
          message: '',
          observedGeneration: 1,
        },
      ],
      rules: { count: 3, hash: 'a' },
    }
    await server.send('PATCH', `${ours(namespace, 'bots', 'a')}/status`, { body: { status }, type: merge })
    const { body } = await server.send('GET', ours(namespace, 'bots'), { accept })
    expect(body).toMatchObject({
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { resourceVersion: expect.any(String) },
    })
    expect(
      body.columnDefinitions.map(({ name, type, priority }: Record<string, string>) => [name, type, priority]),
    ).toEqual([
      ['Name', 'string', 0],
      ['Ready', 'string', 0],
      ['Reason', 'string', 0],
      ['URL', 'string', 0],
      ['Rules', 'integer', 0],
      ['Active', 'boolean', 0],
      ['Age', 'date', 0],
    ])
    expect(body.rows).toMatchObject([
      {
        cells: ['a', 'False', 'Why', null, 3, null, expect.stringMatching(/^\d+s$/)],
        object: { kind: 'PartialObjectMetadata', metadata: { name: 'a' } },
      },
    ])
  })
})

it('Kubernetes’ own Events are found by what they are about', async () => {
  const about = { kind: 'Bot', name: 'a', apiVersion: 'linebot.dev/v1alpha1', uid: 'u' }
  for (const [name, one] of [
    ['a.1', about],
    ['b.1', { ...about, name: 'b' }],
  ] as const) {
    const answer = await server.send('POST', core(namespace, 'events'), { body: notice(name, namespace, one) })
    expect(answer.status).toBe(201)
  }
  const selector =
    'involvedObject.name=a,involvedObject.kind=Bot,involvedObject.uid=u,involvedObject.namespace=' + namespace
  const path = `${core(namespace, 'events')}?fieldSelector=${encodeURIComponent(selector)}`
  const { body } = await server.send('GET', path)
  expect(body).toMatchObject({ kind: 'EventList', items: [{ metadata: { name: 'a.1' }, reason: 'Why', count: 1 }] })
  const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io'
  const table = (await server.send('GET', path, { accept })).body
  const shown = table.columnDefinitions.filter(({ priority }: { priority: number }) => priority === 0)
  expect(shown.map(({ name }: { name: string }) => name)).toEqual(['Last Seen', 'Type', 'Reason', 'Object', 'Message'])
  expect(table.rows[0].cells.slice(0, 4)).toEqual([expect.stringMatching(/^\d+d$/), 'Warning', 'Why', 'bot/a'])
})

describe('a watch', () => {
  const take = async (path: string, count: number, accept?: string): Promise<WatchEvent[]> => {
    const events: WatchEvent[] = []
    for await (const event of server.watch(path, accept)) {
      if (event.type !== 'BOOKMARK') events.push(event)
      if (events.length === count) break
    }
    return events
  }
  const told = (events: readonly WatchEvent[]) => events.map(({ type, object }) => `${type} ${object.metadata.name}`)
  const version = async () => (await server.send('GET', maps())).body.metadata.resourceVersion

  it('tells what happened since a version', async () => {
    const since = await version()
    await server.send('POST', maps(), { body: configMap('w', {}, { labels: { w: 'x' } }) })
    await server.send('PATCH', maps('w'), { body: { data: { a: 'b' } }, type: merge })
    await server.send('DELETE', maps('w'))
    const events = await take(`${maps()}?watch=true&resourceVersion=${since}&labelSelector=w`, 3)
    expect(told(events)).toEqual(['ADDED w', 'MODIFIED w', 'DELETED w'])
    expect(events[1]?.object).toMatchObject({ kind: 'ConfigMap', data: { a: 'b' } })
    expect(Number(events[2]?.object.metadata.resourceVersion)).toBeGreaterThan(
      Number(events[1]?.object.metadata.resourceVersion),
    )
  })

  it('tells what happens from now on, after what is there', async () => {
    const events = take(`${maps()}?watch=1&fieldSelector=metadata.name%3Dlater`, 2)
    await server.send('POST', maps(), { body: configMap('later') })
    await server.send('PATCH', maps('later'), { body: { data: { a: 'b' } }, type: merge })
    expect((await told(await events)).at(-1)).toBe('MODIFIED later')
    expect(told(await take(`${maps()}?watch=true&${letters}`, 5)).toSorted()).toEqual(
      ['a', 'b', 'c', 'd', 'e'].map((name) => `ADDED ${name}`),
    )
  })

  it('tells of what comes to a selector as added, and of what leaves it as deleted', async () => {
    await server.send('POST', maps(), { body: configMap('s', {}, { labels: { s: '1' } }) })
    const since = await version()
    for (const s of ['2', '1']) {
      await server.send('PATCH', maps('s'), { body: { metadata: { labels: { s } } }, type: merge })
    }
    expect(told(await take(`${maps()}?watch=true&resourceVersion=${since}&labelSelector=s%3D1`, 2))).toEqual([
      'DELETED s',
      'ADDED s',
    ])
  })

  it('from a version that is long past ends with Expired', async () => {
    const [event] = await take(`${ours(namespace, 'bots')}?watch=true&resourceVersion=1`, 1)
    expect(event).toMatchObject({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } })
  })

  it('says when all that was there has been told', async () => {
    const path = `${maps()}?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&${letters}`
    const types: string[] = []
    for await (const { type, object } of server.watch(path)) {
      types.push(type)
      if (type !== 'BOOKMARK') continue
      expect(object.metadata.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' })
      break
    }
    expect(types).toEqual([...Array.from({ length: 5 }, () => 'ADDED'), 'BOOKMARK'])
  })

  it('ends when its time is up', async () => {
    for await (const _ of server.watch(`${maps()}?watch=true&fieldSelector=metadata.name%3Dnone&timeoutSeconds=1`))
      expect.unreachable()
  })

  it('is of tables when asked for them', async () => {
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io'
    const [event] = await take(`${maps()}?watch=true&fieldSelector=metadata.name%3Da`, 1, accept)
    expect(event).toMatchObject({
      type: 'ADDED',
      object: { kind: 'Table', rows: [{ cells: ['a', 1, expect.any(String)] }] },
    })
  })
})
