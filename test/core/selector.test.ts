import { expect, it } from 'vitest'
import { type LabelSelector, selects } from '../../functions/core/selector.ts'

const labels = { app: 'shop', tier: '' }
const expression = (
  key: string,
  operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist',
  values?: string[],
): LabelSelector => ({
  matchExpressions: [{ key, operator, ...(values && { values }) }],
})

it.each<[string, LabelSelector, boolean]>([
  ['nothing is asked', {}, true],
  ['a label has the value', { matchLabels: { app: 'shop' } }, true],
  ['a label has another value', { matchLabels: { app: 'bank' } }, false],
  ['a label is missing', { matchLabels: { none: '' } }, false],
  ['a label is empty and so is the value', { matchLabels: { tier: '' } }, true],
  ['a name is only an object’s own', { matchLabels: { constructor: 'x' } }, false],
  ['In holds', expression('app', 'In', ['bank', 'shop']), true],
  ['In does not hold', expression('app', 'In', ['bank']), false],
  ['In asks for a label that is missing', expression('none', 'In', ['']), false],
  ['NotIn holds', expression('app', 'NotIn', ['bank']), true],
  ['NotIn does not hold', expression('app', 'NotIn', ['shop']), false],
  ['NotIn asks for a label that is missing', expression('none', 'NotIn', ['x']), true],
  ['Exists holds', expression('tier', 'Exists'), true],
  ['Exists does not hold', expression('none', 'Exists'), false],
  ['DoesNotExist holds', expression('none', 'DoesNotExist'), true],
  ['DoesNotExist does not hold', expression('app', 'DoesNotExist'), false],
  ['all must hold and one does not', { matchLabels: { app: 'shop' }, ...expression('tier', 'DoesNotExist') }, false],
])('when %s: %o selects %s', (_what, selector, expected) => {
  expect(selects(selector, labels)).toBe(expected)
})

it('selects what has no labels only where none is asked for', () => {
  expect(selects({}, undefined)).toBe(true)
  expect(selects({ matchLabels: { a: 'b' } }, undefined)).toBe(false)
})
