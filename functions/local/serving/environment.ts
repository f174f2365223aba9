import { basename, join, relative } from 'node:path'
import { z } from 'zod'
import { mountPath, systemNamespace } from '../../core/names.ts'
import { destination } from '../broker/destination.ts'
import { dataOf } from './files.ts'
import type { ServingOptions, Whose } from './start.ts'
import type { Template, Variable } from './template.ts'

/** A SinkBinding as far as it is played: a Service by its name. */
export const sinkBinding = z.object({
  kind: z.literal('SinkBinding'),
  metadata: z.object({ namespace: z.string() }),
  spec: z.strictObject({
    subject: z.strictObject({
      apiVersion: z.literal('serving.knative.dev/v1'),
      kind: z.literal('Service'),
      name: z.string(),
    }),
    sink: destination,
  }),
})
type SinkBinding = z.infer<typeof sinkBinding>

type World = Pick<ServingOptions, 'objects' | 'resolve' | 'apiServer' | 'tokenFor'> & {
  readonly bindings: readonly SinkBinding[]
}

/** Where a function finds on a laptop what the image has at these paths. */
const directories: Readonly<Record<string, string>> = {
  [mountPath.rules]: 'LINEBOT_RULES',
  [mountPath.channel]: 'LINEBOT_CHANNEL',
}

/** All variables of a Revision's process but its ports. Throws an Error that names what it needs and is not there. */
export function environmentFor(
  { namespace, service, revision = '' }: Whose,
  { spec }: Template,
  mounts: ReadonlyMap<string, string>,
  { objects, resolve, bindings, apiServer, tokenFor }: World,
): Record<string, string> {
  const container = spec.containers[0]
  const shared = (container?.envFrom ?? []).flatMap(({ configMapRef }) =>
    [...dataOf(objects, namespace, 'ConfigMap', configMapRef.name)].map(([name, value]) => [name, value.toString()]),
  )
  const bound = bindings.find(
    ({ metadata, spec: { subject } }) => metadata.namespace === namespace && subject.name === service,
  )
  const sink = bound && resolve(bound.spec.sink, namespace)
  return {
    PATH: process.env.PATH ?? '',
    NODE_ENV: 'production',
    K_SERVICE: service,
    K_REVISION: revision,
    ...Object.fromEntries(shared),
    ...Object.fromEntries((container?.env ?? []).map((one) => [one.name, valueOf(one, namespace, objects)])),
    ...(sink !== undefined && { K_SINK: sink }),
    ...(spec.automountServiceAccountToken &&
      namespace === systemNamespace && {
        LINEBOT_API_SERVER: apiServer,
        LINEBOT_API_TOKEN: tokenFor(spec.serviceAccountName),
      }),
    ...Object.fromEntries(
      [...mounts].flatMap(([path, directory]) => (directories[path] ? [[directories[path], directory]] : [])),
    ),
  }
}

function valueOf({ value, valueFrom }: Variable, namespace: string, objects: World['objects']): string {
  if (!valueFrom) return value
  const [kind, { name, key }] =
    'secretKeyRef' in valueFrom
      ? (['Secret', valueFrom.secretKeyRef] as const)
      : (['ConfigMap', valueFrom.configMapKeyRef] as const)
  const found = dataOf(objects, namespace, kind, name).get(key)
  if (!found) throw new Error(`${kind} ${name} has no ${key}`)
  return found.toString()
}

/** Where the image has Node: ours, and those that have it in their PATH. */
const nodes = ['/nodejs/bin/node', 'node']

/** The arguments, with what is mounted, and else our image's files, where they are here. Throws an Error where the command is another. */
export function argsFor({ spec }: Template, functions: string, mounts: ReadonlyMap<string, string>): string[] {
  const [node = '', ...args] = spec.containers[0]?.command ?? []
  if (!nodes.includes(node)) throw new Error(`local mode runs ${nodes.join(' or ')} only, not ${node}`)
  return args.map((one) => {
    const mount = [...mounts].find(([path]) => one.startsWith(`${path}/`))
    if (mount) return join(mount[1], relative(mount[0], one))
    return one.startsWith('/app/') ? join(functions, basename(one)) : one
  })
}
