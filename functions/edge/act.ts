import { Notice } from '../core/kinds.ts'
import type { Obj } from '../core/object.ts'
import type { Step } from '../core/plan.ts'
import type { Cluster } from './cluster.ts'
import type { Log } from './log.ts'

/** A step that the API server refused, and why. */
export interface Failure {
  readonly step: Step
  readonly error: Error
}

/**
 * Carries out the steps in their order. One that fails holds up the later ones for the same object, because a status
 * must not name what could not be written, and no others. Returns what failed.
 * `applied` hears of every object that an apply came back with.
 */
export async function act(
  cluster: Cluster,
  steps: readonly Step[],
  log: Log,
  applied?: (object: Obj) => void,
): Promise<Failure[]> {
  const failures: Failure[] = []
  const broken = new Set<string>()
  for (const step of steps) {
    const { kind, namespace, name } = step.serves
    const served = `${kind} ${namespace}/${name}`
    if (broken.has(served)) continue
    try {
      await carryOut(cluster, step, log, applied)
      log.info(sentence(step), { for: served })
    } catch (error) {
      broken.add(served)
      failures.push({ step, error: errorOf(error) })
      log.warn(`${sentence(step)}: failed`, { for: served, error: String(error) })
    }
  }
  return failures
}

/** Which of the applies the API server would refuse now. Nothing is written. */
export async function rehearse(cluster: Cluster, steps: readonly Step[]): Promise<Failure[]> {
  const failures: Failure[] = []
  for (const step of steps) {
    if (step.do !== 'apply') continue
    try {
      await cluster.tryApply(step.kind, step.object, step.manager)
    } catch (error) {
      failures.push({ step, error: errorOf(error) })
    }
  }
  return failures
}

const errorOf = (error: unknown) => (error instanceof Error ? error : new Error(String(error)))

async function carryOut(cluster: Cluster, step: Step, log: Log, applied?: (object: Obj) => void) {
  switch (step.do) {
    case 'apply': {
      // Not inside the optional call: without a listener its argument would not be evaluated.
      const object = await cluster.apply(step.kind, step.object, step.manager)
      applied?.(object)
      return
    }
    case 'status':
      await cluster.apply(step.kind, step.object, step.manager, 'status')
      for (const notice of step.notices) await tell(cluster, notice, step.manager, log)
      return
    case 'remove':
      await cluster.remove(step.ref, step.uid)
  }
}

/** A Notice that cannot be written fails nothing: status says the same. */
async function tell(cluster: Cluster, notice: Obj, manager: string, log: Log): Promise<void> {
  try {
    await cluster.apply(Notice, notice, manager)
  } catch (error) {
    log.debug('a Notice was not written', { notice: notice.metadata.name, error: String(error) })
  }
}

function sentence(step: Step): string {
  const { kind, namespace, name } =
    step.do === 'remove' ? step.ref : { kind: step.object.kind, ...step.object.metadata }
  const verb = { apply: 'applied', status: 'status told', remove: 'removed' }[step.do]
  return `${kind} ${namespace}/${name} ${verb}`
}
