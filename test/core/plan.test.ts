import { describe, expect, it } from 'vitest'
import type { Obj } from '../../functions/core/object.ts'
import { canonical, hashOf, keepsMeta, same, sealed } from '../../functions/core/plan.ts'

const object: Obj & { spec: unknown } = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name: 'a',
    labels: { x: 'y' },
    ownerReferences: [{ apiVersion: 'v1', kind: 'Bot', name: 'b', uid: 'u' }],
  },
  spec: { one: 1, two: [1, 2] },
}

describe('a hash', () => {
  it('does not depend on the order of members, and does on the order of a list', () => {
    expect(hashOf({ a: 1, b: { c: 2, d: 3 } })).toBe(hashOf({ b: { d: 3, c: 2 }, a: 1 }))
    expect(hashOf([1, 2])).not.toBe(hashOf([2, 1]))
  })

  it('is short enough for a name', () => {
    expect(hashOf(object)).toMatch(/^[0-9a-f]{10}$/)
  })
})

it('takes an absent member and an undefined one for the same', () => {
  expect(same({ a: undefined, b: 1 }, { b: 1 })).toBe(true)
  expect(same({ b: 1 }, { b: 2 })).toBe(false)
  expect(canonical(['b', undefined])).toBe('["b",null]')
})

describe('a sealed object', () => {
  const wanted = sealed(object)

  it('is kept while the API server adds to it', () => {
    const live = { ...wanted.metadata, uid: 'z', generation: 3, labels: { ...wanted.metadata.labels, more: 'x' } }
    expect(keepsMeta(live, wanted.metadata)).toBe(true)
  })

  it.each([
    ['a field is no longer wanted', { ...object, spec: { one: 1 } }],
    ['another value is wanted', { ...object, spec: { one: 2, two: [1, 2] } }],
    ['another label is wanted', { ...object, metadata: { ...object.metadata, labels: { x: 'z' } } }],
  ])('is not kept when %s', (_what, next) => {
    expect(keepsMeta(wanted.metadata, sealed(next).metadata)).toBe(false)
  })

  it.each([
    ['a label', { labels: {} }],
    ['an owner', { ownerReferences: [] }],
    ['the seal', { annotations: {} }],
  ])('is not kept when somebody took %s away', (_what, over) => {
    expect(keepsMeta({ ...wanted.metadata, ...over }, wanted.metadata)).toBe(false)
  })
})
