/** Fields that are ours and that the cluster holds to limits of its own, and what mends it. Knative 1.23. */
const limits: readonly (readonly [field: RegExp, mend: string])[] = [
  [
    /\btemplate\.spec\.timeoutSeconds\b/,
    "set spec.template.spec.timeoutSeconds to what is allowed, or raise max-revision-timeout-seconds in Knative's config-defaults",
  ],
  [
    /\btemplate\.spec\.containerConcurrency\b/,
    "change spec.scale.concurrency, or raise container-concurrency-max-limit in Knative's config-defaults",
  ],
  [
    /\bautoscaling\.knative\.dev\/(min|max)-scale\b/,
    "change spec.scale.min and spec.scale.max, or raise max-scale-limit in Knative's config-autoscaler",
  ],
]

/** What is to be changed, by Knative's words of what it refuses. */
export function mendFor(refusal: string): string {
  const ours = limits.flatMap(([field, mend]) => (field.test(refusal) ? mend : []))
  return ours.length > 0 ? ours.join('; ') : 'change spec.template'
}
