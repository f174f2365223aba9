import { binding, bot, event, hello, secret, text, type Written } from './objects.ts'
import type { Flow } from './world.ts'

/** What people do: from a settled beginning, one deed. */
export interface Scenario {
  readonly name: string
  readonly begin: readonly Written[]
  readonly deed: (flow: Flow) => Promise<void>
}

/** Another answer, and a rule that is refused. */
const anew = {
  rules: [
    { keywords: ['('], match: 'Regex', reply: [text('never')] },
    { keywords: ['rathalos'], reply: [text('another answer')] },
  ],
}
const bothBindings = { selector: { matchLabels: { for: 'hello' } } }

export const scenarios: readonly Scenario[] = [
  { name: 'a Bot comes with all that it needs', begin: [], deed: (flow) => flow.apply(...hello()) },
  { name: 'an Event changes', begin: hello(), deed: (flow) => flow.apply(event('rathalos', anew)) },
  {
    name: 'an Event goes, and another leaves by its label',
    begin: [...hello(), event('tigrex')],
    deed: async (flow) => {
      await flow.remove(event('rathian'))
      await flow.apply(event('tigrex', {}, {}))
    },
  },
  {
    name: 'the channel secret is changed, with the one before beside it',
    begin: hello(),
    deed: (flow) => flow.apply(secret({ channelSecretPrevious: 'f'.repeat(32) })),
  },
  {
    name: 'the Secret goes',
    begin: hello(),
    deed: (flow) => flow.remove(secret()),
  },
  {
    name: 'a second EventBinding is used too',
    begin: [
      secret(),
      bot(bothBindings),
      binding({}, 'hello', { for: 'hello' }),
      event('rathalos'),
      event('rathian', {}, { bot: 'more' }),
    ],
    deed: (flow) =>
      flow.apply(binding({ selector: { matchLabels: { bot: 'more' } }, priority: 5 }, 'more', { for: 'hello' })),
  },
  {
    name: 'two Bots share a binding, and one of them goes',
    begin: [
      ...hello().slice(0, 1),
      bot({ selector: {} }),
      bot({ selector: {}, webhook: { register: false } }, 'twin'),
      ...hello().slice(2),
    ],
    deed: (flow) => flow.remove(bot({}, 'twin')),
  },
  { name: 'the EventBinding goes', begin: hello(), deed: (flow) => flow.remove(binding()) },
  {
    name: 'the Bot is suspended and asks for more',
    begin: hello(),
    deed: (flow) => flow.apply(bot({ suspend: true, scale: { min: 1 } })),
  },
  {
    name: 'the Bot takes its webhooks itself',
    begin: hello(),
    deed: (flow) => flow.apply(bot({ delivery: 'Direct' })),
  },
  { name: 'the Bot goes', begin: hello(), deed: (flow) => flow.remove(bot()) },
  {
    name: 'everything changes at once',
    begin: hello(),
    deed: async (flow) => {
      await flow.apply(event('rathalos', anew), event('tigrex'), secret({ channelSecretPrevious: 'f'.repeat(32) }))
      await flow.remove(event('rathian'))
      await flow.apply(bot({ groups: { answer: 'WhenMentioned' } }))
    },
  },
]
