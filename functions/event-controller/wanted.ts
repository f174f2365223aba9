import { shardBytes, sizeOf } from '../core/compile/size.ts'
import { annotation, label } from '../core/names.ts'
import type { Obj, OwnerReference } from '../core/object.ts'
import { hashOf } from '../core/plan.ts'
import type { Rule, RuleFile } from '../core/rule.ts'
import type { RulesSeen } from './see.ts'

/** The rules in as few files as hold them, in their order; at least one file, even without rules. */
export function shards(binding: string, priority: number, rules: readonly Rule[], maxBytes = shardBytes): RuleFile[] {
  const files: { bytes: number; rules: Rule[] }[] = [{ bytes: 0, rules: [] }]
  for (const rule of rules) {
    const bytes = sizeOf(rule)
    let last = files.at(-1)
    if (!last || last.bytes + bytes > maxBytes) files.push((last = { bytes: 0, rules: [] }))
    last.rules.push(rule)
    last.bytes += bytes
  }
  return files
    .filter((file, i) => i === 0 || file.rules.length > 0)
    .map((file) => ({ binding, priority, rules: file.rules }))
}

/** What the rules of a binding are called: the same content has the same name, another content another one. */
export function named(namespace: string, files: readonly RuleFile[]): { hash: string; configMaps: Obj[] } {
  const hash = hashOf(files)
  const configMaps = files.map((file, i) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      namespace,
      name: `${file.binding}-rules-${hash}${i === 0 ? '' : `-${i}`}`,
      labels: { [label.binding]: file.binding, [label.rules]: hash },
    },
    immutable: true,
    data: { 'rules.json': JSON.stringify(file) },
  }))
  return { hash, configMaps }
}

/**
 * Who owns a ConfigMap of rules: every Bot that mounts it or is about to, and the binding while they are its rules of
 * today. It goes with the last of them; none is its controller, so it is shared.
 */
export function ownersOf(
  hash: string,
  current: { binding: Obj; bots: readonly string[] } | undefined,
  seen: RulesSeen,
): OwnerReference[] {
  const naming = botsNaming(hash, seen)
  const bots = seen.bots.filter(({ metadata: { name } }) => naming.has(name) || current?.bots.includes(name))
  return [...(current ? [current.binding] : []), ...bots].map(({ apiVersion, kind, metadata: { name, uid = '' } }) => ({
    apiVersion,
    kind,
    name,
    uid,
  }))
}

/** Bots that have a Revision which mounts the rules of this hash: taking them away would kill its next cold start. */
export function botsNaming(hash: string, { revisions }: RulesSeen): Set<string> {
  const naming = revisions.filter(({ metadata }) => metadata.annotations?.[annotation.rules]?.split(',').includes(hash))
  return new Set(naming.flatMap(({ metadata }) => metadata.labels?.[label.bot] ?? []))
}
