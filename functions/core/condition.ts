/** Conditions as Kubernetes' API conventions and kstatus have them. */
export interface Condition {
  readonly type: string
  readonly status: 'True' | 'False' | 'Unknown'
  /** CamelCase, stable: people and alerts match on it. */
  readonly reason: string
  /** For a person: what is so, and what to do next. */
  readonly message: string
  readonly observedGeneration: number
  readonly lastTransitionTime: string
}

/** A condition as a check finds it, before it is compared with what stood there. */
export type Finding = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>

/**
 * The findings as conditions. `lastTransitionTime` moves only when `status` flips, so that an unchanged world
 * gives an identical list; a type that is no longer found is dropped.
 */
export function stamp(
  findings: readonly Finding[],
  before: readonly Condition[] | undefined,
  observedGeneration: number,
  now: Date,
): Condition[] {
  return findings.map((finding) => {
    const old = before?.find(({ type }) => type === finding.type)
    const lastTransitionTime = old?.status === finding.status ? old.lastTransitionTime : rfc3339(now)
    return { ...finding, observedGeneration, lastTransitionTime }
  })
}

/** metav1.Time has whole seconds; the API server would cut a fraction off and the next comparison would differ. */
export const rfc3339 = (time: Date): string => `${time.toISOString().slice(0, 19)}Z`
