import { describe, expect, it } from 'vitest'
import { type Scope, templateProblems } from '../../../functions/core/template.ts'

const message: Scope = { type: 'message', groups: [] }

/** What is said of one string, beside other text so that it is not about being empty. */
const saidOf = (written: string, scope: Partial<Scope> = {}) =>
  templateProblems({ text: `-${written}` }, 'p', { ...message, ...scope }).map((problem) => problem.message)

const problemOf = (written: string, scope?: Partial<Scope>) => saidOf(written, scope).join('\n')

it('tells the path of the string', () => {
  expect(templateProblems([{ 'a b': [{ text: '{{{' }] }], 'spec.rules[0].reply', message)).toEqual([
    { path: 'spec.rules[0].reply[0][a b][0].text', message: "{{{ is not a template; a literal { is {{'{'}}" },
  ])
})

it('finds every problem in a string', () => expect(saidOf('{{a}} {{user.id}} {{b | upper | json}}')).toHaveLength(3))

describe('a template is well-formed, or it is said', () => {
  it.each([
    ['{{{user.id}}', "{{{ is not a template; a literal { is {{'{'}}"],
    ['hi {{user.id', "{{ is never closed by }}; a literal {{ is {{'{{'}}"],
    ['{{}}', '{{}} is not a template'],
    ['{{user.id + 1}}', '{{user.id + 1}} is not a template: + 1 is not expected there'],
    ['{{user.id | }}', '{{user.id | }} is not a template'],
    ['{{user.id | default }}', 'default takes text; 0 given'],
    ['{{user.id | default: }}', '{{user.id | default: }} is not a template'],
    ['{{user.id | default: "x, }} and so on', 'a string is never closed by ": "x, }} and so on'],
    ['{{user.id | truncate: 5 6}}', '{{user.id | truncate: 5 6}} is not a template: 6 is not expected there'],
  ])('%j: %s', (written, problem) => expect(problemOf(written)).toBe(problem))
})

describe('a name is known, or it is said which are', () => {
  it.each([
    'user.displayName',
    'user.language',
    'group.name',
    'room.id',
    'chat.id',
    'bot.name',
    'now',
    'match.keyword',
    'event.timestamp',
    'event.message.stickerId',
    'event.source.groupId',
  ])('%s is', (name) => expect(saidOf(`{{${name}}}`)).toEqual([]))

  it.each<[string, Partial<Scope>]>([
    ['data.item', { type: 'postback' }],
    ['data.注文', { type: 'postback' }],
    ['event.postback.params.date', { type: 'postback' }],
    ['event.beacon.dm', { type: 'beacon' }],
    ['event.what.ever', { type: 'somethingNew' }],
    ['user.displayName', { type: 'memberJoined' }],
    ['match.name', { groups: ['name'] }],
  ])('%s is in %j', (name, scope) => expect(saidOf(`{{${name}}}`, scope)).toEqual([]))

  it.each<[string, Partial<Scope>, string]>([
    ['user.displayname', {}, 'user.displayname is not known, did you mean user.displayName?'],
    ['displayName', {}, 'displayName is not known, did you mean user.displayName?'],
    ['postback.data', { type: 'postback' }, 'postback.data is not known, did you mean event.postback.data?'],
    ['constructor', {}, 'constructor is not known; known are: user.displayName, user.id,'],
    ['__proto__.x', {}, '__proto__.x is not known; known are: user.displayName, user.id,'],
    ['event.mesage.text', {}, 'event.mesage.text is not known, did you mean event.message.text?'],
    ['event.postback.data', {}, 'event.postback.data is not known; known are: event.type,'],
    ['data.item', {}, 'data.item: data is for type: postback'],
    ['match.name', {}, 'match.name: no pattern of the rule has a group such as (?<name>…)'],
    ['match.nam', { groups: ['name', 'size'] }, 'match.nam: the named groups are: name, size'],
    ['user.displayName', { type: 'join' }, 'user.displayName: a join event tells of no user'],
    ['x | default: friend', {}, 'x is not known;'],
    ['now | default: friend', {}, 'default: friend is not known;'],
  ])('%s in %j is not', (name, scope, problem) => expect(problemOf(`{{${name}}}`, scope)).toContain(problem))

  it('says that a text stands in quotation marks', () =>
    expect(problemOf('{{now | default: friend}}')).toContain('a text stands in quotation marks: "friend"'))
})

describe('a filter is known, and takes what it takes', () => {
  it.each([
    ['upcas', 'upcas is no filter, did you mean upcase?'],
    [
      'toString',
      'toString is no filter; filters are: default, truncate, date, upcase, downcase, strip, url_encode, json',
    ],
    ['upcase: 1', 'upcase takes nothing; 1 given'],
    ['truncate', 'truncate takes length, ending (optional); 0 given'],
    ['truncate: 1, "", 3', 'truncate takes length, ending (optional); 3 given'],
    ['truncate: 0', 'truncate: the length is a whole number from 1, not "0"'],
    ['truncate: -1', 'truncate: the length is a whole number from 1, not "-1"'],
    ['truncate: 1.5', 'truncate: the length is a whole number from 1, not "1.5"'],
    ['truncate: user.id', 'truncate: write the length itself, in quotation marks, not user.id'],
    ['date: ""', 'date: the format is empty; write one such as "%Y-%m-%d %H:%M"'],
    ['date: "YYYY-MM-DD"', 'date: the format "YYYY-MM-DD" has no letter behind a %; write one such as "%Y-%m-%d"'],
    ['date: "%Y %E"', 'date: %E means nothing; after % stands one of Y y EY Ey m d '],
    ['date: "%Y %Q"', 'date: %Q means nothing; after % stands one of Y y EY Ey m d '],
    ['date: "100%"', 'date: % means nothing; after % stands one of Y y EY Ey m d '],
    ['date: "%Y", "Asia/Taipe"', 'date: Asia/Taipe is no time zone of the IANA database; did you mean Asia/Taipei?'],
    ['date: "%Y", "here"', 'date: here is no time zone of the IANA database; write one such as Asia/Taipei or UTC'],
    ['date: "%Y", "CST"', 'date: CST stands for more than one time zone; write Asia/Taipei, Asia/Shanghai or '],
    ['date: "%a", "UTC", "jp"', 'date: "jp" is no language, did you mean ja?'],
    ['date: "%a", "UTC", "JP-jp"', 'date: "JP-jp" is no language, did you mean ja?'],
    ['date: "%a", "UTC", "tw"', 'date: "tw" is no language, did you mean zh-TW?'],
    ['date: "%a", "UTC", "zh_TW"', 'date: "zh_TW" is no language, did you mean zh-TW?'],
    ['date: "%a", "UTC", "xx"', 'date: "xx" is no language; write one such as "ja" or "zh-TW"'],
    ['date: "%a", "UTC", "japanese"', 'date: "japanese" is no language; write one such as "ja" or "zh-TW"'],
    ['date: "%a", "UTC", "_"', 'date: "_" is no language; write one such as "ja" or "zh-TW"'],
  ])('%s: %s', (filter, problem) => expect(problemOf(`{{now | ${filter}}}`)).toContain(problem))

  it.each([
    'date: "%F %T %-d %^a %%", "Asia/Tokyo", "ja"',
    'truncate: "5", ""',
    'date: "%R", "+09:00"',
    'date: "%Ey %EY", "Asia/Bangkok", "th"',
    'strip | json',
  ])('%s is right', (filter) => expect(saidOf(`{{now | ${filter}}}`)).toEqual([]))
})

describe('a text that may become empty', () => {
  const said = (text: string, scope: Partial<Scope> = {}, member = 'text') =>
    templateProblems({ [member]: text }, 'p', { ...message, ...scope })

  it.each([
    '{{user.displayName}}',
    ' {{user.displayName}}{{group.name}}\n',
    "{{user.displayName}}{{''}}",
    '{{user.displayName | default: ""}}',
    '{{user.displayName | default: group.name}}',
    '{{user.displayName | default: "x" | strip}}',
    '{{event.message.text}}',
    '{{match.keyword}}',
    '{{group.id}}',
    '{{event.source.type | strip}}',
  ])('is a problem: %j', (text) =>
    expect(said(text)).toEqual([{ path: 'p.text', message: expect.stringMatching(/^nothing may be left of it/) }]),
  )

  it.each<[string, Partial<Scope>]>([
    ['{{event.message.stickerId}}', { content: ['sticker', 'text'] }],
    ['{{event.message.title}}', { content: ['location'] }],
    ['{{event.beacon.dm}}', { type: 'beacon' }],
    ['{{event.joined.members.1.userId}}', { type: 'memberJoined' }],
    ['{{event.source.userId}}', { type: 'memberJoined' }],
    ['{{group.id}}', { chats: ['group', 'room'] }],
    ['{{group.name}}', { chats: ['group'] }],
  ])('is a problem: %j in %j', (text, scope) => expect(said(text, scope)).toHaveLength(1))

  it('is told how to be mended', () =>
    expect(said('{{ user.displayName | upcase }}')[0]?.message).toBe(
      'nothing may be left of it, and LINE refuses an empty text: write what stands for it then, as in {{ user.displayName | upcase | default: "…"}}',
    ))

  it.each<[string, Partial<Scope>]>([
    ['{{user.displayName}}!', {}],
    ['{{user.displayName | default: "friend"}}', {}],
    ['{{user.displayName | default: "friend" | truncate: 20 | upcase}}', {}],
    ['{{user.displayName | json}}', {}],
    ['{{user.displayName}}{{bot.name}}', {}],
    ['{{now | date: "%F"}}', {}],
    ['{{user.id}}', {}],
    ['{{user.id}}', { type: 'memberJoined' }],
    ['{{chat.id}}', { type: 'join' }],
    ['{{event.message.text}}', { content: ['text'] }],
    ['{{event.postback.data}}', { type: 'postback' }],
    ['{{match.keyword}}', { keywords: true }],
    ['{{event.beacon.hwid}}', { type: 'beacon' }],
    ['{{event.message.stickerId}}', { content: ['sticker'] }],
    ['{{event.message.packageId}}', { content: ['sticker'] }],
    ['{{event.message.contentProvider.type}}', { content: ['image', 'video'] }],
    ['{{event.message.fileName}}', { content: ['file'] }],
    ['{{event.joined.members.0.userId}}', { type: 'memberJoined' }],
    ['{{group.id}}', { chats: ['group'] }],
    ['{{event.source.roomId}}', { chats: ['room'] }],
  ])('%j in %j does not', (text, scope) => expect(said(text, scope)).toEqual([]))

  it('does not matter where it is then left out', () =>
    expect(said('{{event.message.quoteToken}}', {}, 'quoteToken')).toEqual([]))
})

describe('a value in a URI', () => {
  const said = (uri: string, member = 'uri') =>
    templateProblems({ [member]: uri }, 'p', { ...message, type: 'postback' })

  it.each([
    'https://a.example/{{data.x}}',
    'https://a.example?q={{data.x}}',
    'https://a.example:8443/#{{data.x}}',
    'http://a.example/{{data.x}}',
    'line://app/{{data.x}}',
    'tel:{{data.x}}',
    "https://{{'a.example/'}}{{data.x}}",
    '{{data.x | default: "https://a.example/"}}',
    '{{user.pictureUrl}}/small',
  ])('may stand so: %s', (uri) => expect(said(uri)).toEqual([]))

  it.each([
    'https://{{data.x}}/',
    'https://{{data.x}}.a.example/',
    'https://a.example{{data.x}}',
    'https://a.example:{{data.x}}/',
    'https://a.example\\{{data.x}}/',
    'https:{{data.x}}',
    'line://{{data.x}}',
    'java{{data.x}}',
  ])('may not decide about the host: %s', (uri) => {
    const problem = { path: 'p.uri', message: expect.stringContaining('a value could change the host') }
    expect(said(uri)).toEqual([problem])
    expect(said(uri, 'text')).toEqual([])
  })
})

it('a template does not stand in a placeholder', () => {
  const said = (text: string) =>
    templateProblems({ type: 'textV2', text }, 'p', message).map((problem) => problem.message)
  expect(said('{user}{{user.id}}}')).toEqual([])
  expect(said('{user{{user.id}}}')).toEqual([expect.stringContaining('inside a {placeholder}')])
})
