import { z } from 'zod'
import type { Kind } from '../../core/object.ts'
import { destination } from '../broker/destination.ts'

const selector = z.strictObject({
  matchLabels: z.record(z.string(), z.string()).optional(),
  matchExpressions: z
    .array(
      z.strictObject({
        key: z.string(),
        operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']),
        values: z.array(z.string()).optional(),
      }),
    )
    .optional(),
})

/** An ApiServerSource as far as it is played: anything else in it is refused, not ignored. */
export const apiServerSource = z.object({
  kind: z.literal('ApiServerSource'),
  metadata: z.object({ name: z.string(), namespace: z.string() }),
  spec: z.strictObject({
    serviceAccountName: z.string(),
    mode: z.literal('Reference'),
    namespaceSelector: selector,
    resources: z.array(z.strictObject({ apiVersion: z.string(), kind: z.string(), selector: selector.optional() })),
    sink: destination,
  }),
})
export type ApiServerSource = z.infer<typeof apiServerSource>

/** Cron is played as far as “every minute” and “every hour at minute N”. */
export const pingSource = z.object({
  kind: z.literal('PingSource'),
  metadata: z.object({ name: z.string(), namespace: z.string() }),
  spec: z.strictObject({ schedule: z.string().regex(/^(\*|[1-5]?\d) \* \* \* \*$/), sink: destination }),
})

/** The plural as Knative's source guesses it. */
export const kindOf = ({ apiVersion, kind }: { apiVersion: string; kind: string }): Kind => ({
  apiVersion,
  kind,
  plural: `${kind.toLowerCase()}s`,
})
