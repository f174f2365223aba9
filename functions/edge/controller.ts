import { Hono } from 'hono'
import type { Change } from '../core/change.ts'
import type { Ref } from '../core/object.ts'
import type { Outcome } from '../core/plan.ts'
import { type Ring, read } from './doorbell.ts'
import type { Log } from './log.ts'
import { makeTurns, type Turn } from './turns.ts'

/** Why everything is looked at: the hour has come, or the source has begun to listen again. */
export type Sweep = 'hourly' | 'restart'

/** What makes one controller differ from another. A key names what a run writes. */
export interface Controller {
  /** The keys that a change may concern. */
  keysOf(change: Change): Promise<readonly string[]>
  /** Sees, plans and acts for one key. `fresh`: what was remembered of the outside world is asked again. */
  reconcile(key: string, turn: Turn, fresh: boolean): Promise<Outcome>
  /** Whether the change is of an object that this controller's own sweep rings for. */
  sweeps(change: Change): boolean
  /**
   * Tells of every object for which a run would write something now, as soon as it is found. Writes nothing. `lost`: a
   * change of the cluster did not come here; else it is news from outside, or an hour has passed. Of those for which an
   * hour has passed some may be left to the next sweep.
   */
  unsettled(sweep: Sweep, found: (ref: Ref, lost: boolean) => Promise<void>): Promise<void>
}

export interface ControllerOptions {
  readonly log: Log
  /** Rings the doorbell for one object. */
  readonly ring: (change: Change) => Promise<void>
  readonly count: {
    reconcile(result: Outcome['ended'], ms: number): void
    /** One object with a change that was lost. */
    found(sweep: Sweep): void
    /** It came to its end. */
    swept(sweep: Sweep): void
  }
  /** Hears that some work has ended. */
  readonly worked: () => void
}

/**
 * A controller as an HTTP function. It answers 204 (settled or refused: status says why), 503 (ring again) or 400 (not
 * a CloudEvent we know), always with an empty body: a bare source drops a 500, and a Broker takes a body for an error.
 */
export function controllerApp(controller: Controller, { log, ring, count, worked }: ControllerOptions): Hono {
  const fresh = new Set<string>()
  const runs = makeTurns<Outcome>(async (key, turn) => {
    const started = performance.now()
    const outcome = await controller.reconcile(key, turn, fresh.delete(key)).catch(again)
    const ms = performance.now() - started
    count.reconcile(outcome.ended, ms)
    const because = outcome.ended === 'settled' ? {} : { because: outcome.because }
    log.info(`run ${outcome.ended}`, { key, ...because, ms: Math.round(ms) })
    worked()
    return outcome
  })
  const sweeps = makeTurns<Outcome, Sweep>(async (sweep) => {
    let found = 0
    await controller.unsettled(sweep, async ({ apiVersion, kind, namespace = '', name }, lost) => {
      found++
      if (lost) count.found(sweep)
      await ring({ apiVersion, kind, namespace, name })
    })
    count.swept(sweep)
    log.info('swept', { sweep, found })
    worked()
    return { ended: 'settled' }
  })

  /** Whatever is not settled is to be rung again. */
  const answer = async (rung: Ring): Promise<Outcome> => {
    // The hour rings again where the Broker's patience ends before a long sweep does: that one is the answer to both.
    if (rung.means === 'sweep') return rung.hourly ? sweeps.join('hourly') : sweeps.ring('restart')
    const keys = await controller.keysOf(rung.change)
    if (rung.found && controller.sweeps(rung.change)) for (const key of keys) fresh.add(key)
    const outcomes = await Promise.all(keys.map((key) => runs.ring(key)))
    const ageMs = Date.now() - (rung.at ?? Number.NEGATIVE_INFINITY)
    return outcomes.find((outcome) => isDueAgain(outcome, ageMs)) ?? { ended: 'settled' }
  }

  const app = new Hono()
  app.get('/healthz', (c) => c.body(null, 204))
  app.post('/', async (c) => {
    const rung = read(c.req.header(), await c.req.text())
    if (!rung) return c.body(null, 400)
    const outcome = await answer(rung).catch(again)
    if (outcome.ended === 'settled') return c.body(null, 204)
    log.warn('to be rung again', { rung, because: outcome.because })
    return c.body(null, 503)
  })
  app.onError((error, c) => {
    log.error('unexpected', { error: String(error) })
    return c.body(null, 503)
  })
  return app
}

const isDueAgain = (outcome: Outcome, ageMs: number): boolean =>
  outcome.ended === 'again' || (outcome.ended === 'refused' && ageMs < (outcome.mendingMs ?? 0))

const again = (error: unknown): Outcome => ({
  ended: 'again',
  because: error instanceof Error ? error.message : String(error),
})
