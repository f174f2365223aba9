import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { editDistance, editsAllowed } from '../../functions/core/fuzzy.ts'

const distance = (a: string, b: string, limit = 9) => editDistance(a.split(''), b.split(''), limit)

describe('editsAllowed', () => {
  it.each([
    [1, 0],
    [3, 0],
    [4, 1],
    [7, 1],
    [8, 2],
    [50, 2],
  ])('for %i graphemes forgives %i', (length, edits) => expect(editsAllowed(length)).toBe(edits))
})

describe('editDistance', () => {
  it.each([
    ['rathalos', 'rathalos', 0],
    ['rathalos', 'rathalo', 1],
    ['rathalos', 'ratthalos', 1],
    ['rathalos', 'rathalas', 1],
    ['rathalos', 'rahtalos', 1],
    ['ca', 'abc', 3],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
  ])('from %s to %s is %i', (a, b, edits) => expect(distance(a, b)).toBe(edits))

  it('gives up above the limit', () => {
    expect(distance('kitten', 'sitting', 2)).toBeUndefined()
    expect(distance('abcd', 'dcba', 2)).toBeUndefined()
    expect(distance('a', 'abcd', 2)).toBeUndefined()
  })

  it('is the same both ways, and zero only for equals', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 })
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(distance(a, b)).toBe(distance(b, a))
        expect(distance(a, b) === 0).toBe(a === b)
      }),
    )
  })
})
