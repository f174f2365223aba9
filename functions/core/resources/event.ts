import { z } from 'zod'
import { apiVersion } from '../names.ts'
import { chatTypes, contentTypes, eventTypes, matchKinds } from '../rule.ts'
import { message } from './message.ts'
import { conditions, metadata, observedGeneration, problem, withRules } from './parts.ts'

const keyword = z.string().min(1).max(300)
const messages = z.array(message).min(1).max(5)

export const rule = withRules(
  z.strictObject({
    keywords: z.array(keyword).max(1000).optional().describe('For messages: any of these; none = every message.'),
    data: z
      .array(keyword)
      .max(1000)
      .optional()
      .describe('For postbacks: any of these data strings; none = every postback.'),
    match: z
      .enum(matchKinds)
      .default('Exact')
      .describe(
        'How keywords or data are compared, after NFKC, case, width and surrounding space are made equal (a Regex sees case folded too).',
      ),
    content: z
      .array(z.enum(contentTypes))
      .max(7)
      .optional()
      .describe('For messages: these kinds of content; absent = text where there are keywords, else every kind.'),
    in: z.array(z.enum(chatTypes)).max(3).optional().describe('Only in these kinds of chat; absent = all.'),
    mentioned: z
      .boolean()
      .optional()
      .describe('For messages in groups and rooms: only when the bot is mentioned (true), or only when not (false).'),
    priority: z.int().min(-1000).max(1000).default(0).describe('A higher one wins.'),
    reply: messages.optional().describe('1–5 LINE message objects; their strings may hold templates.'),
    oneOf: z
      .array(z.strictObject({ reply: messages.describe('1–5 LINE message objects.') }))
      .min(2)
      .max(10)
      .optional()
      .describe('Several replies, one of them picked at random.'),
  }),
  { rule: 'has(self.reply) != has(self.oneOf)', message: 'write either reply or oneOf' },
  {
    rule: "self.match != 'Regex' || (has(self.keywords) && size(self.keywords) > 0) || (has(self.data) && size(self.data) > 0)",
    message: 'match: Regex needs keywords or data',
  },
)

export const eventSpec = withRules(
  z.strictObject({
    type: z.enum(eventTypes).describe('The LINE webhook event type.'),
    rules: z
      .array(rule)
      .min(1)
      .max(100)
      .describe('What to do; among all rules that match, one is chosen, always the same.'),
  }),
  {
    rule: "self.type == 'message' || self.rules.all(r, !has(r.keywords) && !has(r.content) && !has(r.mentioned))",
    message: 'keywords, content and mentioned are for type: message',
  },
  { rule: "self.type == 'postback' || self.rules.all(r, !has(r.data))", message: 'data is for type: postback' },
)

export const eventStatus = z.strictObject({
  observedGeneration: observedGeneration.optional(),
  conditions: conditions.optional(),
  accepted: z.int().min(0).optional().describe('Rules in force.'),
  problems: z.array(problem).max(50).optional().describe('What is wrong with the rules left out (the first 50).'),
  bindings: z.array(z.string().max(253)).max(1000).optional().describe('EventBindings that use it.'),
  shadowed: z
    .array(
      z.strictObject({
        keyword: z.string().max(300).describe('The keyword, as written.'),
        path: z.string().max(1024).describe('Where the keyword stands.'),
        by: z.string().max(1024).describe('The rule that always wins over it.'),
      }),
    )
    .max(50)
    .optional()
    .describe('Keywords that never win, because another rule has them (the first 50).'),
})

export const eventSchema = z
  .looseObject({
    apiVersion: z.literal(apiVersion),
    kind: z.literal('Event'),
    metadata,
    spec: eventSpec.describe('When, and what then.'),
    status: eventStatus.optional().describe('What became of it.'),
  })
  .describe('What a bot does when something happens: someone writes a word, presses a button, or becomes a friend.')

/** An Event of ours; a plain `Event` would be the DOM's, or Kubernetes' own. */
export type EventResource = z.output<typeof eventSchema>
export type EventStatus = z.output<typeof eventStatus>
export type EventRule = z.output<typeof rule>
