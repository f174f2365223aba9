import { expect, it } from 'vitest'
import { maxMessage, stamp } from '../../functions/core/condition.ts'

const ready = { type: 'Ready', status: 'True', reason: 'Ready', message: 'all is well' } as const
const [morning, noon] = [new Date('2026-11-21T08:00:00.999Z'), new Date('2026-11-21T12:00:00.001Z')]

it('has whole seconds, as the API server keeps them', () => {
  expect(stamp([ready], undefined, 1, morning)[0]?.lastTransitionTime).toBe('2026-11-21T08:00:00Z')
})

it('keeps its time while the status stands, whatever the reason', () => {
  const before = stamp([ready], undefined, 1, morning)
  expect(stamp([{ ...ready, reason: 'Other' }], before, 2, noon)).toMatchObject([
    { lastTransitionTime: '2026-11-21T08:00:00Z', reason: 'Other', observedGeneration: 2 },
  ])
})

it('moves its time when the status flips', () => {
  const before = stamp([ready], undefined, 1, morning)
  expect(stamp([{ ...ready, status: 'False' }], before, 1, noon)).toMatchObject([
    { lastTransitionTime: '2026-11-21T12:00:00Z' },
  ])
})

it('goes when it is found no more', () => {
  const before = stamp([ready, { ...ready, type: 'Stalled' }], undefined, 1, morning)
  expect(stamp([ready], before, 1, noon).map(({ type }) => type)).toEqual(['Ready'])
})

it('has no longer a message than the API server takes', () => {
  const message = '斬'.repeat(maxMessage + 1)
  expect(stamp([{ ...ready, message }], undefined, 1, morning)[0]?.message).toHaveLength(maxMessage)
})
