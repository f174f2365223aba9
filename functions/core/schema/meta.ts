import type { Problem } from '../problem.ts'
import { isObject } from '../shape.ts'
import { hint } from './nearest.ts'
import { member } from './path.ts'

/** Members of metav1.ObjectMeta. */
const known = [
  'name',
  'generateName',
  'namespace',
  'labels',
  'annotations',
  'ownerReferences',
  'finalizers',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'selfLink',
]

/** All that is wrong with what a person writes in metadata: name, namespace, labels, annotations, unknown fields. */
export function judgeMeta(metadata: unknown): Problem[] {
  if (!isObject(metadata)) return [{ path: 'metadata', message: 'required: write metadata with a name' }]
  const { name, namespace, labels, annotations } = metadata
  return [
    ...Object.keys(metadata)
      .filter((key) => !known.includes(key))
      .map((key) => ({ path: member('metadata', key), message: `unknown field${hint(key, known)}` })),
    ...judgeName(name),
    ...(typeof (namespace ?? '') === 'string' ? [] : [{ path: 'metadata.namespace', message: 'must be a string' }]),
    ...judgeMap(labels, 'metadata.labels', labelValueProblem),
    ...judgeMap(annotations, 'metadata.annotations', () => undefined),
  ]
}

/** RFC 1123 subdomain, at most 253 characters: what a custom resource may be called. */
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
const qualifiedPart = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/

function judgeName(name: unknown): Problem[] {
  const path = 'metadata.name'
  if (name === undefined || name === null || name === '') return [{ path, message: 'required, and missing' }]
  if (typeof name !== 'string') return [{ path, message: 'must be a string: put it in quotes' }]
  if (name.length <= 253 && subdomain.test(name)) return []
  return [{ path, message: 'lower-case letters, digits, - and ., beginning and ending with a letter or digit' }]
}

function judgeMap(map: unknown, path: string, judgeValue: (value: string) => string | undefined): Problem[] {
  if (map === undefined || map === null) return []
  if (!isObject(map)) return [{ path, message: 'must be a mapping of names to strings' }]
  return Object.entries(map).flatMap(([key, value]) => {
    const message =
      keyProblem(key) ?? (value === null ? undefined : (stringProblem(value) ?? judgeValue(String(value))))
    return message === undefined ? [] : [{ path: member(path, key), message }]
  })
}

function keyProblem(key: string): string | undefined {
  const [name, prefix, ...more] = key.split('/').toReversed()
  const prefixed = prefix === undefined || (prefix.length <= 253 && subdomain.test(prefix))
  if (more.length === 0 && prefixed && qualifiedPart.test(name ?? '')) return undefined
  return 'a name is at most 63 letters, digits, -, _ and ., with or without a domain and / before it'
}

const stringProblem = (value: unknown) => (typeof value === 'string' ? undefined : 'must be a string: put it in quotes')

const labelValueProblem = (value: string) =>
  value === '' || qualifiedPart.test(value)
    ? undefined
    : 'a label’s value is at most 63 letters, digits, -, _ and ., beginning and ending with a letter or digit'
