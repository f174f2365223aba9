import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Bot, ConfigMap, KnativeService, Namespace } from '../../functions/core/kinds.ts'
import { ApiError, type Cluster, clusterFromEnv, connect } from '../../functions/edge/cluster.ts'

interface Asked {
  readonly method: string
  readonly url: string
  readonly headers: http.IncomingHttpHeaders
  readonly body: unknown
}

const asked: Asked[] = []
/** What the API server answers next; the last one stays. */
let answers: [status: number, body: unknown][] = []
let token = 'first'
let cluster: Cluster

const server = http.createServer((request, response) => {
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => {
    const text = Buffer.concat(parts).toString()
    asked.push({
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      body: text && JSON.parse(text),
    })
    const [status, body] = (answers.length > 1 ? answers.shift() : answers[0]) ?? [500, {}]
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body))
  })
})

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on TCP has such an address.
  const { port } = server.address() as AddressInfo
  cluster = connect({ server: `http://127.0.0.1:${port}`, token: () => token, timeoutMs: 2_000 })
})
afterAll(() => server.close())
beforeEach(() => {
  asked.length = 0
  token = 'first'
})

const refused = (code: number, reason: string) =>
  [code, { kind: 'Status', code, reason, message: `because ${reason}` }] as [number, unknown]

describe('one object', () => {
  it.each([
    [{ ...Bot, namespace: 'demo', name: 'hello' }, '/apis/linebot.dev/v1alpha1/namespaces/demo/bots/hello'],
    [{ ...ConfigMap, namespace: 'demo', name: 'a' }, '/api/v1/namespaces/demo/configmaps/a'],
    [{ ...KnativeService, namespace: 'demo', name: 'a' }, '/apis/serving.knative.dev/v1/namespaces/demo/services/a'],
    [{ ...Namespace, name: 'demo' }, '/api/v1/namespaces/demo'],
    [{ ...Bot, namespace: '../x', name: 'a/b' }, '/apis/linebot.dev/v1alpha1/namespaces/..%2Fx/bots/a%2Fb'],
  ])('of %o is read from %s', async (ref, path) => {
    answers = [[200, { metadata: { name: ref.name } }]]
    expect(await cluster.get(ref)).toEqual({ metadata: { name: ref.name } })
    expect(asked[0]).toMatchObject({ method: 'GET', url: path })
  })

  it('that is not there is undefined', async () => {
    answers = [refused(404, 'NotFound')]
    expect(await cluster.get({ ...Bot, namespace: 'demo', name: 'x' })).toBeUndefined()
  })

  it.each([
    ['Forbidden', 403],
    ['Conflict', 409],
    ['InternalError', 500],
  ])('that is refused with %s throws what the API server said', async (reason, status) => {
    answers = [refused(status, reason)]
    const error = await cluster.get({ ...Bot, namespace: 'demo', name: 'x' }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({ status, reason, message: `because ${reason}` })
  })

  it('throws what a proxy in between said, too', async () => {
    answers = [[502, '<html>bad gateway</html>']]
    await expect(cluster.get({ ...Bot, namespace: 'demo', name: 'x' })).rejects.toMatchObject({
      status: 502,
      message: '<html>bad gateway</html>',
    })
  })

  it('is asked for with the token as it is now, because a mounted one changes', async () => {
    answers = [[200, {}]]
    await cluster.get({ ...Bot, namespace: 'demo', name: 'x' })
    token = 'second'
    await cluster.get({ ...Bot, namespace: 'demo', name: 'x' })
    expect(asked.map(({ headers }) => headers.authorization)).toEqual(['Bearer first', 'Bearer second'])
  })
})

describe('a list', () => {
  it('is read page by page, and its items know what they are', async () => {
    answers = [
      [200, { items: [{ metadata: { name: 'a' } }], metadata: { continue: 'more' } }],
      [200, { items: [{ metadata: { name: 'b' } }], metadata: {} }],
    ]
    const bots = await cluster.list(Bot, { namespace: 'demo', labels: 'x=y' })
    expect(bots.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(['Bot a', 'Bot b'])
    expect(asked.map(({ url }) => new URL(url, 'http://x').searchParams.get('continue'))).toEqual([null, 'more'])
    expect(asked[1]?.url).toContain('labelSelector=x%3Dy')
  })

  it('of metadata leaves the contents where they are', async () => {
    answers = [[200, { items: [] }]]
    await cluster.list(ConfigMap, { namespace: 'demo', metadataOnly: true })
    expect(asked[0]?.headers.accept).toContain('PartialObjectMetadataList')
  })

  it('of an unknown kind is empty', async () => {
    answers = [refused(404, 'NotFound')]
    expect(await cluster.list(Bot)).toEqual([])
  })
})

describe('a write', () => {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'demo', name: 'a' } }

  it('may be rehearsed: the API server says what it would, and writes nothing', async () => {
    answers = [[200, object], refused(400, 'BadRequest')]
    await cluster.tryApply(ConfigMap, object, 'm')
    expect(asked[0]?.url).toBe('/api/v1/namespaces/demo/configmaps/a?fieldManager=m&force=true&dryRun=All')
    await expect(cluster.tryApply(ConfigMap, object, 'm')).rejects.toMatchObject({ status: 400 })
  })

  it('is server-side apply with our manager and with force', async () => {
    answers = [[200, object]]
    await cluster.apply(ConfigMap, object, 'm')
    await cluster.apply(ConfigMap, object, 'm', 'status')
    expect(asked.map(({ method, url, headers }) => [method, url, headers['content-type']])).toEqual([
      ['PATCH', '/api/v1/namespaces/demo/configmaps/a?fieldManager=m&force=true', 'application/apply-patch+yaml'],
      [
        'PATCH',
        '/api/v1/namespaces/demo/configmaps/a/status?fieldManager=m&force=true',
        'application/apply-patch+yaml',
      ],
    ])
    expect(asked[0]?.body).toEqual(object)
  })

  it('to what has gone meanwhile fails', async () => {
    answers = [refused(404, 'NotFound')]
    await expect(cluster.apply(ConfigMap, object, 'm', 'status')).rejects.toMatchObject({ status: 404 })
  })
})

describe('a removal', () => {
  const ref = { ...ConfigMap, namespace: 'demo', name: 'a' }

  it('carries the uid that was seen', async () => {
    answers = [[200, {}]]
    await cluster.remove(ref, 'u-1')
    expect(asked[0]).toMatchObject({ method: 'DELETE', body: { preconditions: { uid: 'u-1' } } })
  })

  it.each([
    ['has gone already', refused(404, 'NotFound')],
    ['has been replaced by another of its name', refused(409, 'Conflict')],
  ])('of what %s is done', async (_what, answer) => {
    answers = [answer]
    await expect(cluster.remove(ref, 'u-1')).resolves.toBeUndefined()
  })

  it('that is forbidden fails', async () => {
    answers = [refused(403, 'Forbidden')]
    await expect(cluster.remove(ref, 'u-1')).rejects.toMatchObject({ status: 403 })
  })
})

it('says what to do outside a cluster', () => {
  expect(() => clusterFromEnv({})).toThrow(/LINEBOT_API_SERVER/)
})

it('asks no more at once than the API server should bear, and in the end everything', async () => {
  let [now, most] = [0, 0]
  const busy = http.createServer((_request, response) => {
    most = Math.max(most, ++now)
    setTimeout(() => {
      now--
      response.end('{}')
    }, 5)
  })
  await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve))
  // A server that listens on TCP has such an address.
  const { port } = busy.address() as AddressInfo
  const many = connect({ server: `http://127.0.0.1:${port}`, token: () => token })
  const names = Array.from({ length: 200 }, (_, i) => `bot-${i}`)
  const read = await Promise.all(names.map((name) => many.get({ ...Bot, namespace: 'demo', name })))
  busy.close()
  expect(read).toHaveLength(200)
  expect(most).toBeLessThanOrEqual(32)
})
