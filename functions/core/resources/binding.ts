import { z } from 'zod'
import { apiVersion } from '../names.ts'
import { conditions, labelSelector, metadata, observedGeneration, problem, withRules } from './parts.ts'

export const bindingSpec = z.strictObject({
  selector: labelSelector.describe('Which Events of the namespace belong to it; `{}` = all.'),
  priority: z.int().min(-1000).max(1000).default(0).describe('Rules of a binding with a higher priority win.'),
})

export const bindingStatus = z.strictObject({
  observedGeneration: observedGeneration.optional(),
  conditions: conditions.optional(),
  events: z.int().min(0).optional().describe('Events selected.'),
  rules: z
    .strictObject({
      count: z.int().min(0).describe('Rules in force.'),
      hash: z.string().max(64).describe('Hash of all rules in force.'),
      configMaps: z.array(z.string().max(253)).max(100).describe('ConfigMaps that hold them.'),
    })
    .optional()
    .describe('The rules in force.'),
  rejected: z
    .array(problem.extend({ event: z.string().max(253).describe('The Event.') }))
    .max(50)
    .optional()
    .describe('Rules left out, and why (the first 50).'),
  bots: z.array(z.string().max(253)).max(1000).optional().describe('Bots that use it (the first 1000).'),
})

export const bindingSchema = withRules(
  z.looseObject({
    apiVersion: z.literal(apiVersion),
    kind: z.literal('EventBinding'),
    metadata,
    spec: bindingSpec.describe('Which Events, and how they rank.'),
    status: bindingStatus.optional().describe('What became of them.'),
  }),
  {
    rule: 'self.metadata.name.size() <= 40',
    message: 'metadata.name: at most 40 characters, or names made from it would be cut',
  },
).describe('The set of Events that Bots use, chosen by labels.')

export type EventBinding = z.output<typeof bindingSchema>
export type EventBindingStatus = z.output<typeof bindingStatus>
