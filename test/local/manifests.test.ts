import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Event } from '../../functions/core/kinds.ts'
import { connect } from '../../functions/edge/cluster.ts'
import { startApiServer } from '../../functions/local/apiserver/start.ts'
import { kubeconfigFor } from '../../functions/local/kubeconfig.ts'
import { documentsIn, seed } from '../../functions/local/manifests.ts'
import { kubectlFor, kubectlVersion, removeHomes } from '../conformance/api/kubectl.ts'

const sample = join(import.meta.dirname, '../../config/samples/hello.yaml')
let api: Awaited<ReturnType<typeof startApiServer>>
let home: string

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'linebot-manifests-'))
  api = await startApiServer({ port: 0 })
  writeFileSync(join(home, 'kubeconfig'), kubeconfigFor(api.url))
  const cluster = connect({ server: api.url, token: () => '' })
  for (const object of documentsIn(sample)) await seed(cluster, object, 'default')
})
afterAll(async () => {
  await api.close()
  rmSync(home, { recursive: true })
  removeHomes()
})

it('seeds with the note that kubectl leaves, so that what a person takes out of the file goes', () => {
  const { metadata } = api.objects.get({ ...Event, namespace: 'default', name: 'hello' }) ?? {}
  const note = metadata?.annotations?.['kubectl.kubernetes.io/last-applied-configuration'] ?? ''
  const written = documentsIn(sample).find(({ kind, metadata: { name } }) => kind === 'Event' && name === 'hello')
  expect(JSON.parse(note)).toEqual({
    ...written,
    metadata: { ...written?.metadata, annotations: {}, namespace: 'default' },
  })
  expect(note).toMatch(/^{"apiVersion":.*}\n$/)
})

it.skipIf(!kubectlVersion)('is taken by kubectl for its own: the same file again warns of nothing', async () => {
  const kubectl = kubectlFor(join(home, 'kubeconfig'), 'default')
  const { code, lines } = await kubectl(['apply', '-f', sample])
  expect(code).toBe(0)
  expect(lines.filter((line) => /warning/i.test(line))).toEqual([])
  expect(lines).toContain('eventbinding.linebot.dev/hello unchanged')
})
