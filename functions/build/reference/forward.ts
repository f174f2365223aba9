import { headersFor } from '../../core/forward/event.ts'
import { code, table } from './markdown.ts'

/** What the target of a rule's `forward` gets, and what it may answer. */
export function forwardSection(): string[] {
  const headers = headersFor(
    {
      type: 'message',
      webhookEventId: '01FZ74A0TDDPYRVKNK77XKC3ZR',
      timestamp: 1_767_240_000_000,
      source: { type: 'group', groupId: 'C4af4980629', userId: 'U4af4980629' },
    },
    { namespace: 'demo', bot: 'shop', rule: 'shop-ask/0', id: '' },
  )
  return [
    '## What a forward sends and takes',
    'A `POST` with LINE’s event as its body, just as LINE sent it: a CloudEvent 1.0 in binary mode. `ce-id` is LINE’s `webhookEventId`, the same whenever the event comes again: who must not act twice looks there. `ce-subject` is the group, room or user; `ce-rule` is the Event and the place of the rule in it, from 0. What LINE does not tell is left out. A Bot gets LINE’s own webhook instead, and answers LINE itself.',
    table(
      ['Header', 'Example'],
      Object.entries(headers).map(([name, value]) => [code(name), code(value)]),
    ),
    'What it answers with a status 2xx is said, by its content type:',
    table(['Content type', 'What it holds'], answers),
    'Of more than five messages the first five are said. All else is a failure, and `failed` is said where the rule has it: another status (redirects are not followed), another content type such as `text/html`, more than 1 MiB, and messages that LINE would refuse.',
  ]
}

const answers = [
  ['`application/json`, `…+json`', '`{"messages": […]}`, `[…]`, one [message](messages.md), or a string'],
  ['`text/plain`', 'a text, in the charset that it names, else UTF-8; one too long for LINE becomes several messages'],
  ['a CloudEvent, binary or `application/cloudevents+json`', 'one of these as its data; no batch'],
  ['none', 'JSON of these forms, else a text'],
  ['any, with an empty body (as of a 204)', 'nothing is said; so with `null` and `[]`'],
]
