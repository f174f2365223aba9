import { isDeepStrictEqual } from 'node:util'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { check } from '../../functions/core/schema/check.ts'
import { crdFor, type KindName, kindNames, schemaFor } from '../../functions/core/schema/crd.ts'
import { isObject } from '../../functions/core/schema/path.ts'
import { connect } from './api.ts'
import { objectOf } from './objects.ts'

const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)
const objectsPerKind = 400
const namespace = `schema-${seed}`
const send = await connect()

interface Verdict {
  readonly taken: boolean
  /** With its defaults, where it was taken. */
  readonly spec?: unknown
  /** Why not: for the reader of a failure, not compared. */
  readonly because?: unknown
}

// Not enabled: a dry run needs no linebot, and an installed one need not look here.
beforeAll(() => send('POST', '/api/v1/namespaces', { metadata: { name: namespace } }))
afterAll(() => send('DELETE', `/api/v1/namespaces/${namespace}`))

it.each(kindNames)('judges every %s as the API server does, and fills in the same defaults', async (kind) => {
  console.log(`SEED=${seed}`)
  const differences: unknown[] = []
  let taken = 0
  for (const object of fc.sample(objectOf(kind), { seed, numRuns: objectsPerKind })) {
    const [theirs, ours] = [await verdictOfServer(kind, object), verdictOf(kind, object)]
    if (!same(theirs, ours)) differences.push({ object, theirs, ours })
    taken += theirs.taken ? 1 : 0
  }
  expect(differences).toEqual([])
  // Else the objects prove little.
  expect(taken).toBeGreaterThan(objectsPerKind / 5)
  expect(taken).toBeLessThan((objectsPerKind * 4) / 5)
})

it('has the CRDs in the cluster that the schemas make', async () => {
  for (const kind of kindNames) {
    const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${crdFor(kind).metadata.name}`
    const { body } = await send('GET', path)
    expect(body).toMatchObject({ spec: { versions: [{ schema: { openAPIV3Schema: schemaFor(kind) } }] } })
  }
})

function verdictOf(kind: KindName, object: unknown): Verdict {
  const checked = check(kind, object)
  return checked.ok ? { taken: true, spec: checked.value.spec } : { taken: false, because: checked.problems }
}

async function verdictOfServer(kind: KindName, object: unknown): Promise<Verdict> {
  const { plural } = crdFor(kind).spec.names
  const path = `/apis/linebot.dev/v1alpha1/namespaces/${namespace}/${plural}?dryRun=All&fieldValidation=Strict`
  const { status, body } = await send('POST', path, object)
  const { spec, message } = isObject(body) ? body : {}
  if (status === 201) return { taken: true, spec }
  if (status === 400 || status === 422) return { taken: false, because: message }
  throw new Error(`${status}: ${message}`)
}

const same = (one: Verdict, other: Verdict) => one.taken === other.taken && isDeepStrictEqual(one.spec, other.spec)
