import { z } from 'zod'
import { apiVersion, lateLabel } from '../names.ts'
import { conditions, labelSelector, metadata, observedGeneration, withRules } from './parts.ts'
import { schedule } from './schedule.ts'

const stringMap = z.record(z.string(), z.string().max(16384))

/** Kubernetes' own volumes, as far as one of their fields is refused. */
const volume = z.looseObject({
  projected: z
    .looseObject({
      sources: z
        .array(
          withRules(
            z.looseObject({
              serviceAccountToken: z
                .looseObject({})
                .optional()
                .describe('Refused: a bot’s pod has no Kubernetes permissions.'),
            }),
            {
              rule: '!has(self.serviceAccountToken)',
              message: 'serviceAccountToken is refused: a bot’s pod has no Kubernetes permissions; leave it out',
            },
          ),
        )
        .max(100)
        .optional()
        .describe('Secrets and ConfigMaps; never a token.'),
    })
    .optional()
    .describe('Several sources in one directory.'),
})

const template = z
  .strictObject({
    metadata: z
      .strictObject({
        labels: stringMap.optional().describe('Labels for the pod.'),
        annotations: stringMap.optional().describe('Annotations for the pod, Knative’s among them.'),
      })
      .optional()
      .describe('Added to what the pod carries.'),
    spec: withRules(
      z.looseObject({
        serviceAccountName: z
          .string()
          .max(253)
          .optional()
          .describe('Refused: a bot’s pod has no Kubernetes permissions.'),
        volumes: z.array(volume).max(100).optional().describe('What containers may mount, besides the bot’s own.'),
      }),
      {
        rule: '!has(self.serviceAccountName)',
        message: 'serviceAccountName is refused: a bot’s pod has no Kubernetes permissions; leave it out',
      },
    )
      .optional()
      .describe(
        'A pod spec. The container named `bot` is ours: its image, resources, env … are merged under what the controller sets; other containers are added.',
      ),
  })
  .describe(
    'Passed through to the pod, under what the controller owns. What Knative’s feature flags refuse is reported in status.',
  )

const scale = withRules(
  z.strictObject({
    min: z.int().min(0).max(100).default(0).describe('Pods kept warm; 0 lets the bot sleep (also `kubectl scale`).'),
    max: z.int().min(1).max(1000).default(10).describe('Most pods at once.'),
    concurrency: z.int().min(1).max(1000).default(100).describe('Most webhooks one pod works on at once.'),
    idleSeconds: z
      .int()
      .min(6)
      .max(3600)
      .default(60)
      .describe('Seconds without a webhook before pods go (Knative’s window).'),
  }),
  { rule: 'self.min <= self.max', message: 'min must be at most max' },
)

const lateAnswers = z.strictObject({
  policy: z
    .enum(['Say', 'Button', 'Push'])
    .default('Say')
    .describe(
      'Say: a word, and the answer is dropped. Button: a word and a button that fetches the answer with a fresh reply token, free of charge. Push: the answer is sent when it is there, in 1:1 chats and within `push.monthlyBudget`; else as Button.',
    ),
  text: z
    .string()
    .min(1)
    .max(1500)
    .optional()
    .describe(
      'Say: what is said, unless the rule has words of its own (`forward.late`). Button: what stands above the button, after such words. Push: used only where it does as Button. At most 160 characters as people see them; absent = an English sentence.',
    ),
  label: z
    .string()
    .min(1)
    .max(200)
    .default(lateLabel)
    .describe('On the button; at most 20 characters as people see them.'),
  expired: z
    .string()
    .min(1)
    .max(5000)
    .optional()
    .describe(
      'What to say to a tap on the button when the answer is gone and the question is not known any more; absent = an English sentence.',
    ),
})

export const botSpec = z.strictObject({
  channel: z
    .strictObject({
      secretName: z
        .string()
        .min(1)
        .max(253)
        .describe(
          'Secret in the same namespace with `channelSecret`, and either `channelId` (preferred: tokens are issued when needed) or `channelAccessToken`; `channelSecretPrevious` is accepted too while a secret is being changed.',
        ),
    })
    .describe('The LINE channel this bot speaks for.'),
  selector: labelSelector
    .optional()
    .describe('Which EventBindings this bot uses; absent = the one with the bot’s name.'),
  delivery: z
    .enum(['FrontDoor', 'Direct'])
    .default('FrontDoor')
    .describe(
      'FrontDoor: acknowledged at once by the shared front door, the bot may sleep. Direct: LINE calls the bot itself; sensible with `scale.min: 1`.',
    ),
  webhook: z
    .strictObject({
      register: z.boolean().default(true).describe('Set the webhook URL at LINE, and test it.'),
      url: z
        .string()
        .max(500)
        .regex(/^https?:\/\/[!-~]+$/)
        .optional()
        .describe(
          'The public URL, where the name is made elsewhere; else made from the front door’s, or the bot’s own.',
        ),
    })
    .prefault({})
    .describe('The webhook at LINE.'),
  scale: scale.prefault({}).describe('How many pods, and for how long.'),
  groups: z
    .strictObject({
      answer: z
        .enum(['Always', 'WhenMentioned'])
        .default('Always')
        .describe('In groups and rooms: answer always, or only when the bot is mentioned or the prefix is written.'),
      prefix: z
        .string()
        .min(1)
        .max(20)
        .optional()
        .describe(
          'Text that also counts as a mention; before keywords are compared it is cut off, with a comma or the like after it.',
        ),
    })
    .prefault({})
    .describe('How the bot behaves in groups and rooms.'),
  lateAnswers: lateAnswers.prefault({}).describe('When what a rule forwards to has not answered in time.'),
  push: z
    .strictObject({
      monthlyBudget: z
        .int()
        .min(0)
        .max(1_000_000_000)
        .default(0)
        .describe(
          'The bot pushes only while LINE counts fewer messages than this for the channel this month, whoever sent them; 0 = never.',
        ),
    })
    .prefault({})
    .describe('Messages that cost quota. Replies never do.'),
  quietHours: schedule
    .optional()
    .describe('When the bot says nothing at all; events without a reply token are forwarded as ever.'),
  template: template.optional(),
  logLevel: z.enum(['Debug', 'Info', 'Warn', 'Error']).default('Info').describe('Least level that the bot logs.'),
  suspend: z
    .boolean()
    .default(false)
    .describe('Webhooks are acknowledged and counted, not answered; reconciling goes on.'),
})

const channelStatus = z.strictObject({
  userId: z.string().max(100).optional().describe('The bot’s user ID: a webhook’s destination.'),
  basicId: z.string().max(100).optional().describe('What people search for, as in `@123abcde`.'),
  displayName: z.string().max(200).optional().describe('The bot’s name at LINE.'),
  chatMode: z.string().max(32).optional().describe('`chat`: Chat is on at LINE; `bot`: off.'),
  markAsReadMode: z.string().max(32).optional().describe('`auto` or `manual`.'),
  endpoint: z.string().max(500).optional().describe('The webhook URL that LINE has.'),
  active: z.boolean().optional().describe('Whether “Use webhook” is on in LINE’s console.'),
  test: z
    .strictObject({
      success: z.boolean().describe('Whether LINE got its 200.'),
      time: z.iso.datetime().describe('When it was tested.'),
      statusCode: z.int().min(-999).max(999).optional().describe('What LINE got; 0 or negative = no answer.'),
      reason: z.string().max(200).optional().describe('LINE’s word for what happened.'),
      detail: z.string().max(500).optional().describe('LINE’s sentence for it.'),
    })
    .optional()
    .describe('LINE’s last test of the webhook.'),
  quota: z.int().min(0).optional().describe('Messages a month that may be pushed; absent = no limit.'),
  consumption: z.int().min(0).optional().describe('Messages pushed this month, as LINE last said.'),
  asked: z
    .string()
    .max(64)
    .optional()
    .describe('Hash of what LINE was last asked about; LINE is asked again when it changes, and in a sweep.'),
})

export const botStatus = z.strictObject({
  observedGeneration: observedGeneration.optional(),
  conditions: conditions.optional(),
  url: z.string().max(500).optional().describe('The webhook URL that LINE is given.'),
  address: z
    .strictObject({ url: z.string().max(500).optional().describe('Its URL.') })
    .optional()
    .describe('The bot’s own address in the cluster, so that a Bot can be a Trigger’s subscriber.'),
  channel: channelStatus.optional().describe('What LINE says of the channel.'),
  rules: z
    .strictObject({
      count: z.int().min(0).describe('How many.'),
      hash: z.string().max(64).describe('Hash of them all.'),
      bindings: z
        .array(z.string().max(253))
        .max(1000)
        .optional()
        .describe('The EventBindings in use (the first 1000).'),
    })
    .optional()
    .describe('The rules the bot answers by.'),
  latestReadyRevision: z.string().max(253).optional().describe('The Revision that answers.'),
  serviceGeneration: z
    .int()
    .min(0)
    .optional()
    .describe('Generation of the Knative Service as last applied; another one means somebody else changed it.'),
  replicas: z.int().min(0).max(1000).optional().describe('Pods kept warm, as applied.'),
})

export const botSchema = withRules(
  z.looseObject({
    apiVersion: z.literal(apiVersion),
    kind: z.literal('Bot'),
    metadata,
    spec: botSpec.describe('What the bot should be.'),
    status: botStatus.optional().describe('What the bot is.'),
  }),
  {
    rule: 'self.metadata.name.size() <= 40',
    message: 'metadata.name: at most 40 characters, or names made from it would be cut',
  },
  {
    rule: "self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
    message: 'metadata.name: lower-case letters, digits and -, beginning with a letter (a Service gets this name)',
  },
).describe('One LINE channel, run as one Knative Service that sleeps while nobody talks to it.')

export type Bot = z.output<typeof botSchema>
export type BotStatus = z.output<typeof botStatus>
export type ChannelStatus = z.output<typeof channelStatus>
