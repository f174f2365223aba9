import { z } from 'zod'

const items = z.array(z.object({ key: z.string(), path: z.string() })).optional()
const configMap = z.object({ name: z.string(), items })
const volume = z.object({
  name: z.string(),
  configMap: configMap.optional(),
  secret: z.object({ secretName: z.string(), items }).optional(),
  projected: z
    .object({ sources: z.array(z.object({ configMap: configMap.optional(), secret: configMap.optional() })) })
    .optional(),
})

const fromKey = z.object({ name: z.string(), key: z.string() })
const valueFrom = z.union([z.strictObject({ secretKeyRef: fromKey }), z.strictObject({ configMapKeyRef: fromKey })])

const noImages = 'no images are run here, but command: [node, FILE] with the FILE of a ConfigMap that is mounted'

const container = z.object({
  command: z.array(z.string(), { error: noImages }).min(1, { error: noImages }),
  // Strict: a variable from elsewhere would be missing in silence.
  env: z
    .array(z.strictObject({ name: z.string(), value: z.string().default(''), valueFrom: valueFrom.optional() }))
    .default([]),
  envFrom: z.array(z.strictObject({ configMapRef: z.object({ name: z.string() }) })).default([]),
  volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string() })).default([]),
})

const texts = z.record(z.string(), z.string()).default({})

/** What a Revision runs, as far as it is played: the first container, without the image's content but ours. */
const template = z.object({
  metadata: z.object({ labels: texts, annotations: texts }).prefault({}),
  spec: z.object({
    serviceAccountName: z.string().default('default'),
    automountServiceAccountToken: z.boolean().default(true),
    timeoutSeconds: z.number().default(300),
    containers: z.array(container).min(1),
    volumes: z.array(volume).default([]),
  }),
})
export type Template = z.infer<typeof template>
export type Volume = z.infer<typeof volume>
export type Variable = z.infer<typeof container>['env'][number]

/** Throws a ZodError that names what cannot be played. */
export const readTemplate = (raw: unknown): Template => template.parse(raw)

/** Of a Knative Service; its template is read apart, because it may ask for what is not played. */
export const serviceShape = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string(), uid: z.string(), generation: z.number() }),
  spec: z.object({ template: z.unknown() }),
  status: z
    .looseObject({
      conditions: z
        .array(z.looseObject({ type: z.string(), status: z.string(), lastTransitionTime: z.string() }))
        .default([]),
    })
    .prefault({}),
})
export type Service = z.infer<typeof serviceShape>

/** Milliseconds that a Revision is kept without requests; 60 s where nothing says otherwise. */
export function windowOf({ metadata: { annotations } }: Template): number {
  const [, count = '60', unit = 's'] = /^(\d+)(s|m|h)$/.exec(annotations['autoscaling.knative.dev/window'] ?? '') ?? []
  return Number(count) * (unit === 's' ? 1000 : unit === 'm' ? 60_000 : 3_600_000)
}

/** Milliseconds that a Revision has to become ready. */
export function deadlineOf({ metadata: { annotations } }: Template): number {
  return Number.parseInt(annotations['serving.knative.dev/progress-deadline'] ?? '600', 10) * 1000
}

export const minScaleOf = ({ metadata: { annotations } }: Template): number =>
  Number(annotations['autoscaling.knative.dev/min-scale'] ?? '0')
