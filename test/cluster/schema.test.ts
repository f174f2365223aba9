import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { check } from '../../functions/core/schema/check.ts'
import { crdFor, kindNames, schemaFor } from '../../functions/core/schema/crd.ts'
import { isObject } from '../../functions/core/schema/path.ts'
import { connect } from './api.ts'
import { objectOf } from './objects.ts'

const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)
const objectsPerKind = 400
const namespace = `schema-${seed}`
const send = await connect()

beforeAll(async () => {
  const labels = { 'linebot.dev/bots': 'true' }
  expect(await send('POST', '/api/v1/namespaces', { metadata: { name: namespace, labels } })).toMatchObject({
    status: 201,
  })
})
afterAll(() => send('DELETE', `/api/v1/namespaces/${namespace}`))

it.each(kindNames)('judges every %s as the API server does, and fills in the same defaults', async (kind) => {
  console.log(`SEED=${seed}`)
  const { plural } = crdFor(kind).spec.names
  const path = `/apis/linebot.dev/v1alpha1/namespaces/${namespace}/${plural}?dryRun=All&fieldValidation=Strict`
  const verdicts = { taken: 0, refused: 0 }
  for (const object of fc.sample(objectOf(kind), { seed, numRuns: objectsPerKind })) {
    const { status, body } = await send('POST', path, object)
    const checked = check(kind, object)
    const said = { status, says: isObject(body) ? body.message : body }
    expect([201, 400, 422], JSON.stringify(said)).toContain(status)
    expect(checked.ok, JSON.stringify({ said, checked, object })).toBe(status === 201)
    if (checked.ok) expect(checked.value.spec, JSON.stringify(object)).toEqual(isObject(body) && body.spec)
    verdicts[checked.ok ? 'taken' : 'refused'] += 1
  }
  console.log(kind, verdicts)
  // Else the objects prove little.
  expect(Math.min(verdicts.taken, verdicts.refused)).toBeGreaterThan(objectsPerKind / 5)
})

it('has the CRDs in the cluster that the schemas make', async () => {
  for (const kind of kindNames) {
    const { body } = await send(
      'GET',
      `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${crdFor(kind).metadata.name}`,
    )
    expect(body).toMatchObject({ spec: { versions: [{ schema: { openAPIV3Schema: schemaFor(kind) } }] } })
  }
})
