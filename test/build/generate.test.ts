import { expect, it } from 'vitest'
import { staleFiles } from '../../functions/build/generate.ts'

it('finds every generated file as its source would write it (else: npm run generate)', () => {
  expect(staleFiles()).toEqual([])
})
