import type { Problem } from '../problem.ts'
import type { Rule } from '../rule.ts'

/**
 * Bytes of rules in one ConfigMap. A ConfigMap's data may have 1 MiB (Kubernetes' own limit); the rest is room for
 * its metadata and for the frame around the rules.
 */
export const shardBytes = 900_000

/** UTF-8 bytes of the rule as JSON, with the comma. */
export const sizeOf = (rule: Rule): number => Buffer.byteLength(JSON.stringify(rule)) + 1

/** A rule is never cut in two: one that no ConfigMap holds could be put nowhere. */
export function sizeProblems(rule: Rule, path: string): Problem[] {
  const bytes = sizeOf(rule)
  return bytes <= shardBytes ? [] : [{ path, message: `${bytes} bytes as JSON, at most ${shardBytes}` }]
}
