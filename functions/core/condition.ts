import { cutToUnits } from './line/cut.ts'

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

/** UTF-16 units of a message; Kubernetes' own bound counts code points, which are never more. */
export const maxMessage = 32_768

/** A condition as a check finds it, before it is compared with what stood there. */
export type Finding = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>

/**
 * The findings as conditions. `lastTransitionTime` moves only when `status` flips, so that an unchanged world
 * gives an identical list; a type that is no longer found is dropped. A message that quotes very much is cut.
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
    const message = cutToUnits(finding.message, maxMessage)
    return { ...finding, message, observedGeneration, lastTransitionTime }
  })
}

/** What `Ready` says, of ours or of Knative's. */
export const readyOf = <One extends { readonly type: string }>(conditions: readonly One[] | undefined) =>
  conditions?.find(({ type }) => type === 'Ready')

/** metav1.Time has whole seconds; the API server would cut a fraction off and the next comparison would differ. */
export const rfc3339 = (time: Date): string => `${time.toISOString().slice(0, 19)}Z`
