import { dateLetters, dateShorthands, formatDate } from '../../core/template/date.ts'
import { filters } from '../../core/template/filters.ts'
import { names } from '../../core/template/names.ts'
import { namesFor, render } from '../../core/template.ts'
import { cell, code, table } from './markdown.ts'

const incoming = {
  type: 'postback',
  timestamp: 1_790_000_000_000,
  source: { type: 'group', groupId: 'C4af4980629', userId: 'U8189cf6745' },
  postback: { data: 'order=Earl Grey&size=large', params: { date: '2026-12-24' } },
} as const

/** What the page's examples are filled with. */
const told = namesFor(incoming, {
  bot: 'shop',
  now: new Date('2026-10-03T16:05:00Z'),
  profile: {
    displayName: 'Kai Nakamura',
    language: 'ja',
    pictureUrl: 'https://profile.line-scdn.net/0h1',
    statusMessage: '',
  },
  group: { groupName: 'Tea friends' },
  match: {
    rule: { event: 'order', index: 0, type: 'postback', match: 'Regex', keywords: [], priority: 0, replies: [] },
    binding: 'shop',
    keyword: 'order=(?<item>.+)',
    groups: { item: 'Earl Grey' },
  },
})

/** Templates that the page shows, each with the member that holds it. A test holds that none has a problem. */
export const templateExamples: readonly { readonly template: string; readonly member: string }[] = [
  'Hi {{user.displayName | default: "friend"}}!',
  '{{user.statusMessage | default: user.displayName | default: "friend"}}',
  '{{user.displayName | truncate: 6}}, hello',
  '{{user.displayName | truncate: 6, ""}}, hello',
  '{{user.displayName | upcase}}, {{user.displayName | downcase}}',
  '{{match.item | strip}} for {{group.name}}',
  '{{now | date: "%Y-%m-%d %H:%M", "Asia/Taipei"}}',
  '{{now | date: "%-m月%-d日(%a)", "Asia/Tokyo", "ja"}}',
  'On {{event.postback.params.date | date: "%m/%d"}}',
  'A {{data.size}} {{data.order}}',
  '{"item": {{data.order | json}}}',
  'item={{data.order | url_encode}}',
  "{{'{{'}} stands for itself }}",
]
  .map((template) => ({ template, member: 'text' }))
  .concat([{ template: 'https://tea.example.com/?item={{data.order}}', member: 'uri' }])

/** What one of them becomes. */
export const shown = (template: string, member: string): string =>
  render([{ [member]: template }], told)[0]?.[member] ?? ''

const moment = '2026-03-05T14:07:08.009Z'

const eraExamples = () =>
  ['th', 'ja', 'zh-TW']
    .map(
      (language) =>
        `${code(formatDate(moment, '%EY', 'UTC', language))} and ${code(formatDate(moment, '%Ey', 'UTC', language))} in ${code(language)}`,
    )
    .join(', ')

export const templatesPage = (): string[] => [
  '# Templates',
  'Any string of a message may hold templates: `{{ name | filter: "argument", 2 | filter }}`, in the words of Liquid. They are filled in when the message is sent. A template is data, never code: what a user is called or writes is not read again.',
  'What is not known or not well-formed is an error when the Event is applied: it is in the status, and `linebot validate` says it too.',
  table(
    ['Written', 'Becomes'],
    templateExamples.map(({ template, member }) => [code(template), code(shown(template, member))]),
  ),
  '## Names',
  table(
    ['Name', 'Stands for', 'Example'],
    Object.entries(names).map(([name, { about }]) => [code(name), cell(about), code(told(name) || '(nothing)')]),
  ),
  [
    '- `event.PATH`: what LINE’s event carries there, as in `event.postback.params.date`; [the paths of each type](event.md#lines-event-types).',
    '- `data.NAME`: a postback’s data, read as a JSON object or else as a query string.',
    '- `match.NAME`: the named group `(?<NAME>…)` of the Regex that matched, as the user wrote it: of `３０２号室` it is `３０２`, though the Regex saw `302`.',
    '- `user.…` is who did it; in `memberJoined` the first of those who joined. `join` tells of no user, so they are errors there.',
  ].join('\n'),
  '## Filters',
  'They are applied from left to right. Arguments are texts in quotation marks, of either kind, and numbers; a text may also be the name of a value.',
  table(
    ['Filter', 'Arguments', 'Gives'],
    Object.entries(filters).map(([name, { about, params }]) => [
      code(name),
      params.map((param) => (param.optional ? `*${param.name}*` : param.name)).join(', '),
      cell(about),
    ]),
  ),
  'Arguments in *italics* may be left out.',
  '### Letters of `date`',
  `For ${code(moment)}. \`%-d\` is not filled up, \`%_d\` with spaces, \`%0e\` with zeros, and \`%^a\` is in capitals. Years by an era: ${eraExamples()}.`,
  table(
    ['Letter', 'Example', 'Letter', 'Example'],
    pairs(
      [...dateLetters, ...dateShorthands].map((letter) => [code(`%${letter}`), code(formatDate(moment, `%${letter}`))]),
    ),
  ),
  '## Where a value stands',
  [
    "- **In a text** it is what it is. A literal `{{` is `{{'{{'}}`.",
    "- **In a textV2** its braces are doubled, as LINE wants it, so that no value becomes a mention or an emoji. `{name}` with one brace is LINE’s placeholder; a brace to be shown is `{{'{'}}`.",
    '- **In a URI** (`uri`, `linkUri`, `altUri.desktop`, and every URL) it is percent-encoded. It stands after the host and what ends it, as in `https://tea.example.com/{{…}}`, where it can change neither; anything else is an error. Or the URI begins with the value: then it is looked at when it is sent, and only https, http, line and tel are opened, only https is loaded.',
    '- **In `data`** of a postback it is what it is: write `url_encode` in a query string and `json` in JSON, or a value with `&` or `"` in it would be read as something else.',
  ].join('\n'),
  '## When there is no value',
  [
    '- A name without a value is written as nothing. LINE refuses an empty text, and with it the whole reply. So a text of which nothing may be left is an error when it is applied: write `default`.',
    '- `quoteToken` is left out when it is empty: `quoteToken: "{{event.message.quoteToken}}"` quotes where there is something to quote.',
    '- A message that a value spoils all the same, such as a URI with another scheme, is left out and logged (`a message was left out`); the others are sent.',
  ].join('\n'),
]

const pairs = (rows: readonly (readonly string[])[]): string[][] => {
  const half = Math.ceil(rows.length / 2)
  return rows.slice(0, half).map((row, i) => [...row, ...(rows[half + i] ?? ['', ''])])
}
