import { expect, it } from 'vitest'
import { retryKeyFor } from '../../functions/core/retry-key.ts'

it('is a UUID, the same for the same event and another for another', () => {
  const key = retryKeyFor('01H')
  expect(key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(retryKeyFor('01H')).toBe(key)
  expect(retryKeyFor('01J')).not.toBe(key)
})
