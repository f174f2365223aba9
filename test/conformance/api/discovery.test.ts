import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openServer, type Server } from './server.ts'

let server: Server
beforeAll(async () => {
  server = await openServer()
})
afterAll(() => server.close())

interface Schema {
  readonly 'x-kubernetes-group-version-kind'?: readonly { readonly kind: string }[]
}

interface Entry {
  readonly name: string
}
const entry = (body: { resources: Entry[] }, name: string) => body.resources.find((one) => one.name === name)

describe('discovery', () => {
  it('says what our group serves', async () => {
    const { status, body } = await server.send('GET', '/apis/linebot.dev/v1alpha1')
    expect(status).toBe(200)
    expect(body).toMatchObject({ kind: 'APIResourceList', apiVersion: 'v1', groupVersion: 'linebot.dev/v1alpha1' })
    expect(body.resources.map(({ name }: Entry) => name).toSorted()).toEqual([
      'bots',
      'bots/scale',
      'bots/status',
      'eventbindings',
      'eventbindings/status',
      'events',
      'events/status',
    ])
    expect(entry(body, 'bots')).toMatchObject({
      singularName: 'bot',
      namespaced: true,
      kind: 'Bot',
      verbs: expect.arrayContaining(['create', 'delete', 'get', 'list', 'patch', 'update', 'watch']),
      shortNames: ['lbot'],
      categories: ['linebot'],
    })
    expect(entry(body, 'bots/scale')).toMatchObject({ kind: 'Scale', group: 'autoscaling', version: 'v1' })
  })

  it('says what the core serves, and its groups', async () => {
    expect((await server.send('GET', '/api')).body).toMatchObject({ kind: 'APIVersions', versions: ['v1'] })
    const { body } = await server.send('GET', '/api/v1')
    expect(entry(body, 'namespaces')).toMatchObject({ kind: 'Namespace', namespaced: false, shortNames: ['ns'] })
    expect(entry(body, 'events')).toMatchObject({ kind: 'Event', namespaced: true, shortNames: ['ev'] })
    const { groups } = (await server.send('GET', '/apis')).body
    const version = { groupVersion: 'linebot.dev/v1alpha1', version: 'v1alpha1' }
    expect(groups).toContainEqual(
      expect.objectContaining({ name: 'linebot.dev', versions: [version], preferredVersion: version }),
    )
    expect((await server.send('GET', '/apis/linebot.dev')).body).toMatchObject({
      kind: 'APIGroup',
      name: 'linebot.dev',
    })
    expect((await server.send('GET', '/apis/nobody.example')).status).toBe(404)
  })

  it('says its version, and that it is ready', async () => {
    expect((await server.send('GET', '/version')).body).toMatchObject({
      major: '1',
      gitVersion: expect.stringMatching(/^v1\./),
    })
    for (const path of ['/readyz', '/livez'])
      expect(await server.send('GET', path)).toMatchObject({ status: 200, body: 'ok' })
  })
})

describe('OpenAPI v3', () => {
  it('has a document for each group, where kubectl finds schemas, and what a patch takes', async () => {
    const index = (await server.send('GET', '/openapi/v3')).body
    // A cluster calls the index plain text.
    const { paths } = typeof index === 'string' ? JSON.parse(index) : index
    const url = paths['apis/linebot.dev/v1alpha1'].serverRelativeURL
    expect(url).toMatch(/^\/openapi\/v3\/apis\/linebot\.dev\/v1alpha1\?hash=[0-9A-F]+$/)
    const { body } = await server.send('GET', url)
    const kind = { group: 'linebot.dev', version: 'v1alpha1', kind: 'Bot' }
    const schema = Object.values<Schema>(body.components.schemas).find((one) => {
      const kinds = one['x-kubernetes-group-version-kind'] ?? []
      return kinds.length === 1 && kinds[0]?.kind === 'Bot'
    })
    expect(schema?.['x-kubernetes-group-version-kind']).toEqual([kind])
    expect(schema).toMatchObject({
      required: ['spec'],
      properties: { spec: { properties: { scale: { properties: { min: { type: 'integer' } } } } } },
    })
    const { patch } = body.paths['/apis/linebot.dev/v1alpha1/namespaces/{namespace}/bots/{name}']
    expect(patch['x-kubernetes-group-version-kind']).toEqual(kind)
    expect(patch.parameters.map(({ name }: Entry) => name)).toEqual(
      expect.arrayContaining(['dryRun', 'fieldManager', 'fieldValidation', 'force']),
    )
  })
})
