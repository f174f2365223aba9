import { z } from 'zod'
import { maxMessage } from '../condition.ts'

/**
 * Schema parts that more than one kind uses. Every string and list is bounded: the API server accepts a CEL rule
 * only where it can bound its cost, and etcd holds about 1.5 MiB an object.
 */

/** A rule that the API server checks in CEL, and our own runtime check with the same text. */
export interface CelRule {
  readonly rule: string
  readonly message: string
}

/** Attaches CEL rules to a schema; they travel into the CRD as `x-kubernetes-validations`. */
export const withRules = <S extends z.ZodType>(schema: S, ...rules: CelRule[]): S =>
  schema.meta({ ...schema.meta(), 'x-kubernetes-validations': rules })

const labelKey = z.string().max(317)
const labelValue = z.string().max(63)

export const labelSelector = z
  .strictObject({
    matchLabels: z
      .record(z.string(), labelValue)
      .optional()
      .describe('Labels that must all be there with these values.'),
    matchExpressions: z
      .array(
        z.strictObject({
          key: labelKey.describe('The label.'),
          operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']).describe('How the label relates to the values.'),
          values: z.array(labelValue).max(100).optional().describe('For In and NotIn; empty for the others.'),
        }),
      )
      .max(32)
      .optional()
      .describe('Requirements that must all hold.'),
  })
  .describe('Label selector; empty selects everything in the namespace.')

const conditionSchema = z.strictObject({
  type: z.string().max(316).describe('What it is about: Ready, or what Ready rests on.'),
  status: z.enum(['True', 'False', 'Unknown']).describe('Whether it holds.'),
  reason: z.string().max(1024).describe('Why, in one CamelCase word.'),
  message: z.string().max(maxMessage).describe('What is so, and what to do next.'),
  observedGeneration: z.int().min(0).describe('The generation of spec that this condition speaks of.'),
  lastTransitionTime: z.iso.datetime().describe('When status last changed.'),
})

export const conditions = z
  .array(conditionSchema)
  .max(16)
  .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['type'] })
  .describe('What holds and what does not, each with what to do next.')

export const observedGeneration = z.int().min(0).describe('The generation of spec that this status speaks of.')

/** A path in an object and what is wrong there, as a status lists it. */
export const problem = z.strictObject({
  path: z.string().max(1024).describe('Where, as in `spec.rules[0].reply[1].altText`.'),
  message: z.string().max(4096).describe('What is wrong, the limit and the value.'),
})

/** metadata as far as a kind's schema speaks of it; the API server has a schema of its own for the rest. */
export const metadata = z.looseObject({ name: z.string() })
