import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { ConfigMap, Secret } from '../../core/kinds.ts'
import type { Objects } from '../apiserver/store.ts'
import type { Template, Volume } from './template.ts'

const withData = z.object({ data: z.record(z.string(), z.string()).default({}) })

interface Mounted {
  readonly kind: 'ConfigMap' | 'Secret'
  readonly name: string
  readonly items?: readonly { readonly key: string; readonly path: string }[] | undefined
}

function mountedBy({ configMap, secret, projected }: Volume): Mounted[] {
  return [
    ...(configMap ? [{ kind: 'ConfigMap' as const, ...configMap }] : []),
    ...(secret ? [{ kind: 'Secret' as const, name: secret.secretName, items: secret.items }] : []),
    ...(projected?.sources ?? []).flatMap((one) => [
      ...(one.configMap ? [{ kind: 'ConfigMap' as const, ...one.configMap }] : []),
      ...(one.secret ? [{ kind: 'Secret' as const, ...one.secret }] : []),
    ]),
  ]
}

/** The values of a ConfigMap or Secret. Throws an Error that names the one that is not there. */
export function dataOf(objects: Objects, namespace: string, kind: 'ConfigMap' | 'Secret', name: string) {
  const found = objects.get({ ...(kind === 'Secret' ? Secret : ConfigMap), namespace, name })
  if (!found) throw new Error(`${kind} ${name} is missing`)
  const entries = Object.entries(withData.parse(found).data)
  return new Map(entries.map(([key, text]) => [key, Buffer.from(text, kind === 'Secret' ? 'base64' : 'utf8')]))
}

/**
 * Writes what the template mounts under `directory`, as it is now, and says which directory stands for which path.
 * Throws an Error that names what is missing.
 */
export function writeMounts(
  { spec }: Template,
  objects: Objects,
  namespace: string,
  directory: string,
): ReadonlyMap<string, string> {
  const mounts = spec.containers[0]?.volumeMounts ?? []
  const made = mounts.map(({ name, mountPath }) => {
    const to = join(directory, name)
    mkdirSync(to, { recursive: true, mode: 0o700 })
    const volume = spec.volumes.find((one) => one.name === name)
    for (const mounted of volume ? mountedBy(volume) : []) writeOne(mounted, objects, namespace, to)
    return [mountPath, to] as const
  })
  return new Map(made)
}

function writeOne({ kind, name, items }: Mounted, objects: Objects, namespace: string, to: string): void {
  const data = dataOf(objects, namespace, kind, name)
  for (const { key, path } of items ?? [...data.keys()].map((one) => ({ key: one, path: one }))) {
    const content = data.get(key)
    if (!content) throw new Error(`${kind} ${name} has no ${key}`)
    writeFileSync(join(to, path), content, { mode: 0o600 })
  }
}
