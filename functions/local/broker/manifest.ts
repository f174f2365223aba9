import { z } from 'zod'
import { destination } from './destination.ts'
import { filters } from './filter.ts'

const metadata = z.object({
  name: z.string(),
  namespace: z.string(),
  annotations: z.record(z.string(), z.string()).optional(),
})

export const broker = z.object({ kind: z.literal('Broker'), metadata })

/** ISO 8601 → milliseconds, as far as deliveries use it: PT2S, PT0.2S, PT1M30S. */
const duration = z
  .string()
  .regex(/^PT(?=.)(\d+M)?(\d+(\.\d+)?S)?$/)
  .transform((text) => {
    const [, minutes = '0', seconds = '0'] = /^PT(?:(\d+)M)?(?:([\d.]+)S)?$/.exec(text) ?? []
    return (Number(minutes) * 60 + Number(seconds)) * 1000
  })

/** All four, always: a Trigger's delivery replaces the Broker's as a whole. */
const delivery = z.strictObject({
  retry: z.int().min(0),
  backoffPolicy: z.literal('exponential'),
  backoffDelay: duration,
  timeout: duration,
})

/** A Trigger as far as it is played: anything else in it is refused, not ignored. */
export const trigger = z.object({
  kind: z.literal('Trigger'),
  metadata,
  spec: z.strictObject({ broker: z.string(), filters, subscriber: destination, delivery }),
})
export type Trigger = z.infer<typeof trigger>
