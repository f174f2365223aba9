import { describe, expect, it } from 'vitest'
import { reconcile } from '../../functions/bot-controller/reconcile.ts'
import { givenUpAt, retryIsDue } from '../../functions/bot-controller/retry.ts'
import type { BotSeen, Service } from '../../functions/bot-controller/see.ts'
import { serviceFor } from '../../functions/bot-controller/wanted.ts'
import { after, complete, defaults, readyService, serviceIn } from './world.ts'

const failedAt = '2026-11-21T08:00:00Z'
const hourLater = new Date('2026-11-21T09:00:00Z')
const never = 'Revision "hello-00002" failed with message: Initial scale was never achieved.'

const verdict = (message: string, at: string, status = 'False') =>
  ['ConfigurationsReady', 'Ready'].map((type) => ({
    type,
    status,
    ...(status === 'False' && { reason: 'RevisionFailed', message }),
    lastTransitionTime: at,
  }))

/** A Bot whose second Revision failed, while the first goes on. */
const failed = (over: Service['status'] = {}, message = never): BotSeen => {
  const conditions = verdict(message, failedAt)
  const told = { latestCreatedRevisionName: 'hello-00002', conditions, ...over }
  return complete({ service: readyService(serviceFor(complete(), defaults), told), appliedGeneration: 1 })
}

const appliedIn = (seen: BotSeen, now: Date) => JSON.stringify(serviceIn(reconcile(seen, defaults, now).steps) ?? {})

describe('a Revision that', () => {
  it.each<[string, BotSeen]>([
    ['never came to its first pod', failed()],
    ['has no node', failed({}, '0/3 nodes are available: 3 Insufficient memory.')],
    ['has no image', failed({}, 'Back-off pulling image "registry.example/linebot:2"')],
    ['is the Bot’s first', failed({ latestReadyRevisionName: '' })],
  ])('%s is made anew an hour after it failed, and not before', (_what, seen) => {
    const early = new Date(hourLater.getTime() - 1)
    expect([retryIsDue(seen, early), retryIsDue(seen, hourLater)]).toEqual([false, true])
    expect(appliedIn(seen, early)).not.toContain(failedAt)
    expect(appliedIn(seen, hourLater)).toContain(failedAt)
  })

  it.each<[string, BotSeen]>([
    ['crashes', failed({}, 'Revision "hello-00002" failed with message: Container failed with: boom.')],
    ['has been Ready before, and has no node now', failed({ latestReadyRevisionName: 'hello-00002' })],
    ['is not the one that is asked for now', failed({ observedGeneration: 0 })],
    ['is starting', failed({ conditions: verdict('', failedAt, 'Unknown') })],
  ])('%s is left alone', (_what, seen) => {
    expect(givenUpAt(seen)).toBeUndefined()
    expect(appliedIn(seen, hourLater)).not.toContain(failedAt)
  })

  it('failed is told with when it is tried again', () => {
    const told = JSON.stringify(reconcile(failed(), defaults, hourLater).steps)
    expect(told).toContain('it is tried again by a sweep, an hour later at the earliest')
    const crashed = failed({}, 'Container failed with: boom')
    expect(JSON.stringify(reconcile(crashed, defaults, hourLater).steps)).not.toContain('tried again')
  })
})

it('a Revision that fails all day is made anew once an hour at most, however often it is looked at', () => {
  const minute = 60_000
  const start = Date.parse('2026-11-21T00:00:00Z')
  let seen = complete()
  const madeAt: number[] = []
  for (let time = start; time < start + 24 * 60 * minute; time += minute) {
    const { steps } = reconcile(seen, defaults, new Date(time))
    if (serviceIn(steps)) madeAt.push(time)
    const next = after(steps, seen)
    // Knative gives it 180 s and 30 s more, and tells of that in the same way for as long as it is asked.
    const made = madeAt.at(-1) ?? 0
    const end = made + 4 * minute
    const given =
      time >= end ? verdict(never, new Date(end).toISOString()) : verdict('', new Date(made).toISOString(), 'Unknown')
    const told = { observedGeneration: 1, latestCreatedRevisionName: `hello-${madeAt.length}`, conditions: given }
    seen = { ...next, ...(next.service && { service: { ...next.service, status: told } }), appliedGeneration: 1 }
  }
  const gaps = madeAt.slice(1).map((time, nth) => (time - (madeAt[nth] ?? 0)) / minute)
  expect(new Set(gaps)).toEqual(new Set([64]))
  expect(gaps).toHaveLength(22)
})
