import { z } from 'zod'
import { eventTypes } from '../events.ts'
import { apiVersion } from '../names.ts'
import { chatTypes, contentTypes, matchKinds } from '../rule.ts'
import { message } from './message.ts'
import { conditions, metadata, observedGeneration, problem, withRules } from './parts.ts'
import { schedule } from './schedule.ts'

const keyword = z.string().min(1).max(300)
const messages = z.array(message).min(1).max(5)

const requirement = z.strictObject({
  key: z
    .string()
    .min(1)
    .max(300)
    .describe(
      'A path into LINE’s event, as in `follow.isUnblocked` or `message.stickerId`; `data.NAME` is in a postback’s data, read as JSON or as a query string.',
    ),
  operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']).describe('How the value there relates to the values.'),
  values: z.array(z.string().max(500)).max(100).optional().describe('For In and NotIn; empty for the others.'),
})

const forward = z.strictObject({
  to: withRules(
    z.strictObject({
      ref: z
        .strictObject({
          apiVersion: z.string().min(1).max(317).describe('Group and version, as in `serving.knative.dev/v1`.'),
          kind: z.string().min(1).max(63).describe('Service (Knative’s or Kubernetes’ own), Broker or Bot.'),
          name: z.string().min(1).max(253).describe('Its name, in the Event’s namespace.'),
        })
        .optional()
        .describe('Something in the same namespace; it may be made after the Event.'),
      uri: z
        .string()
        .min(1)
        .max(2000)
        .optional()
        .describe('An http or https URL; beside the `ref` of a Service it may be a path there.'),
    }),
    { rule: 'has(self.ref) || has(self.uri)', message: 'write ref or uri' },
  ).describe('Who is asked.'),
  timeoutSeconds: z.int().min(1).max(25).default(20).describe('How long to wait for its answer.'),
  late: messages
    .optional()
    .describe('1–5 LINE message objects for when it takes longer; absent = as the Bot’s lateAnswers says.'),
  failed: messages
    .optional()
    .describe('1–5 LINE message objects for when it fails, or LINE refuses its answer; absent = nothing is said.'),
})

export const rule = withRules(
  z.strictObject({
    keywords: z
      .array(keyword)
      .max(1000)
      .optional()
      .describe(
        'For messages, edited ones too: any of these; absent = every message that no other rule takes. An empty list is an error.',
      ),
    data: z
      .array(keyword)
      .max(1000)
      .optional()
      .describe(
        'For postbacks: any of these data strings; absent = every postback that no other rule takes. An empty list is an error.',
      ),
    match: z
      .enum(matchKinds)
      .default('Exact')
      .describe(
        'How keywords or data are compared with the text: Exact with all of it, Prefix with its beginning, Contains anywhere, Regex anywhere but where ^ and $ stand, Fuzzy with all of it but the marks around the message (`菜單！` is 菜單; a keyword keeps its own). Before that NFKC, case, width, curly quotes and space are made equal; for a Regex too, and line breaks are a space. Fuzzy forgives one typing error in keywords of 4–7 characters, two from 8, none in shorter ones; for it alone katakana are hiragana.',
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
    where: z
      .array(requirement)
      .max(16)
      .optional()
      .describe('Only when LINE’s event has such values; all of these must hold.'),
    schedule: schedule.optional().describe('Only at these times; absent = always.'),
    priority: z.int().min(-1000).max(1000).default(0).describe('A higher one wins.'),
    reply: messages.optional().describe('1–5 LINE message objects; their strings may hold templates.'),
    oneOf: z
      .array(z.strictObject({ reply: messages.describe('1–5 LINE message objects.') }))
      .min(2)
      .max(10)
      .optional()
      .describe('Several replies, one of them picked at random.'),
    forward: forward
      .optional()
      .describe(
        'Who is asked for the answer: it gets LINE’s event as a CloudEvent and gives back messages or text; the page of Event in docs/reference says in which forms.',
      ),
  }),
  {
    rule: '(has(self.reply) ? 1 : 0) + (has(self.oneOf) ? 1 : 0) + (has(self.forward) ? 1 : 0) == 1',
    message: 'write exactly one of reply, oneOf and forward',
  },
  {
    rule: "self.match != 'Regex' || (has(self.keywords) && size(self.keywords) > 0) || (has(self.data) && size(self.data) > 0)",
    message: 'match: Regex needs keywords or data',
  },
)

/** What the API server says of the whole spec, for in a rule it cannot see the type. */
export const typeRules = [
  {
    rule: "self.type in ['message', 'messageEdited'] || self.rules.all(r, !has(r.keywords) && !has(r.content) && !has(r.mentioned))",
    message: 'keywords, content and mentioned are for type: message and messageEdited',
  },
  { rule: "self.type == 'postback' || self.rules.all(r, !has(r.data))", message: 'data is for type: postback' },
]

export const eventSpec = withRules(
  z.strictObject({
    type: z
      .string()
      .max(64)
      .regex(/^[A-Za-z][A-Za-z0-9]{0,63}$/)
      .describe(
        `The LINE webhook event type: ${eventTypes.join(', ')}. One that is not known here takes rules with \`forward\` only.`,
      ),
    rules: z
      .array(rule)
      .min(1)
      .max(100)
      .describe(
        'What to do; among all rules that match, one is chosen, always the same. What decides, in this order: the higher priority of the EventBinding, then of the rule; `match` (Exact before Prefix, Contains, Regex and Fuzzy, rules without keywords last); fewer typing errors; the longer keyword; more filters (`content`, `in`, `mentioned`, `schedule`, each of `where`); the names of Event and EventBinding; the earlier place.',
      ),
  }),
  ...typeRules,
)

export const eventStatus = z.strictObject({
  observedGeneration: observedGeneration.optional(),
  conditions: conditions.optional(),
  accepted: z.int().min(0).optional().describe('Rules in force.'),
  problems: z.array(problem).max(50).optional().describe('What is wrong with the rules left out (the first 50).'),
  bindings: z.array(z.string().max(253)).max(1000).optional().describe('EventBindings that use it (the first 1000).'),
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
  .describe(
    'What a bot does when something happens: someone writes a word, presses a button, or becomes a friend. All Bots of a namespace share the names of its Events: begin one with its Bot’s name.',
  )

/** An Event of ours; a plain `Event` would be the DOM's, or Kubernetes' own. */
export type EventResource = z.output<typeof eventSchema>
export type EventStatus = z.output<typeof eventStatus>
export type EventRule = z.output<typeof rule>
