import { describe, expect, it } from 'vitest'
import { compile } from '../../functions/core/compile.ts'
import { type EventResource, eventSchema } from '../../functions/core/resources/event.ts'
import { linearRegex } from '../../functions/edge/linear-regex.ts'

const everyone = { type: 'mention', mentionee: { type: 'all' } }
const mention = [{ type: 'textV2', text: '{all}!', substitution: { all: everyone } }]
const urls = { originalContentUrl: 'https://a.test/a.mp4', previewImageUrl: 'https://a.test/a.png' }
const film = [{ type: 'video', ...urls, trackingId: 'a' }]
const hi = [{ type: 'text', text: 'hi' }]
const event = (rules: unknown[], type = 'message'): EventResource =>
  eventSchema.parse({
    apiVersion: 'linebot.dev/v1alpha1',
    kind: 'Event',
    metadata: { name: 'rathalos' },
    spec: { type, rules },
  })
const problemsOf = (...rules: unknown[]) => compile(event(rules), linearRegex).problems

const linesOf = (of: EventResource) =>
  compile(of, linearRegex).problems.map(({ path, message }) => `${path}: ${message}`)

const broken = () => {
  throw new TypeError('ours')
}

describe('compile', () => {
  it('fills in what is meant and leaves out what means nothing', () => {
    expect(compile(event([{ keywords: ['火龍', 'Rathalos'], in: [], content: [], reply: hi }]), linearRegex)).toEqual({
      rules: [
        {
          event: 'rathalos',
          index: 0,
          type: 'message',
          match: 'Exact',
          keywords: ['火龍', 'Rathalos'],
          priority: 0,
          replies: [hi],
        },
      ],
      problems: [],
    })
  })

  it('keeps filters, priorities and every reply to pick from', () => {
    const filters = { in: ['group'], content: ['text'], mentioned: false, priority: 7, match: 'Fuzzy' }
    const { rules } = compile(event([{ ...filters, oneOf: [{ reply: hi }, { reply: [...hi, ...hi] }] }]), linearRegex)
    expect(rules).toEqual([
      { event: 'rathalos', index: 0, type: 'message', keywords: [], replies: [hi, [...hi, ...hi]], ...filters },
    ])
  })

  it('takes a postback’s data for keywords', () => {
    expect(compile(event([{ data: ['buy'], reply: hi }], 'postback'), linearRegex).rules).toMatchObject([
      { type: 'postback', keywords: ['buy'] },
    ])
  })

  it('leaves a rule with a problem out and keeps the others at their places', () => {
    const { rules, problems } = compile(
      event([
        { reply: hi },
        { reply: [{ type: 'template', altText: 'a'.repeat(1501), template: { type: 'confirm' } }] },
        { reply: hi },
      ]),
      linearRegex,
    )
    expect(rules.map(({ index }) => index)).toEqual([0, 2])
    expect(problems.map(({ path, message }) => `${path}: ${message}`)).toContain(
      'spec.rules[1].reply[0].altText: 1501 UTF-16 units, at most 1500',
    )
  })

  it.each([
    [{ keywords: ['a', ' \u3000'], reply: hi }, 'keywords[1]', 'nothing is left of it but space: write a word'],
    [{ keywords: ['x', '(?=a)'], match: 'Regex', reply: hi }, 'keywords[1]', 'looks around'],
    [{ keywords: ['a'], content: ['image'], reply: hi }, 'content', 'add text'],
    [
      { oneOf: [{ reply: hi }, { reply: [{ type: 'text', text: '{{user.nam}}' }] }] },
      'oneOf[1].reply[0].text',
      'user.nam is not known',
    ],
    [{ oneOf: [{ reply: hi }, { reply: [{ type: 'text' }] }] }, 'oneOf[1].reply[0].text', 'missing'],
  ])('says of %j what is wrong at %s', (rule, path, message) => {
    expect(problemsOf(rule)).toEqual([{ path: `spec.rules[0].${path}`, message: expect.stringContaining(message) }])
  })

  it('says of a postback’s data where it stands', () => {
    expect(compile(event([{ data: [' '], reply: hi }], 'postback'), linearRegex).problems).toMatchObject([
      { path: 'spec.rules[0].data[0]' },
    ])
  })

  it.each([
    ['message', 'keywords'],
    ['messageEdited', 'keywords'],
    ['postback', 'data'],
  ])('takes no empty list for the default reply: %s with %s: [] is left out, the rest works', (type, member) => {
    const { rules, problems } = compile(event([{ [member]: [], reply: hi }, { reply: hi }], type), linearRegex)
    expect(rules.map(({ index }) => index)).toEqual([1])
    expect(problems).toEqual([
      {
        path: `spec.rules[0].${member}`,
        message: `an empty list: write what to listen for, or leave ${member} out, and the rule answers whatever no other does`,
      },
    ])
  })

  it('takes keywords beside content that holds text', () => {
    expect(problemsOf({ keywords: ['a'], content: ['image', 'text'], reply: hi })).toEqual([])
  })

  it('takes keywords that are there twice, or too short to be fuzzy', () => {
    expect(problemsOf({ keywords: ['火', '火', ' 火'], match: 'Fuzzy', reply: hi })).toEqual([])
  })

  it('is not exhausted by a message that is nested without end', () => {
    let contents: object = {}
    for (let level = 0; level < 50_000; level++) contents = { contents: [contents] }
    // The API server would not take it so deep, so the schema need not either.
    const deep = event([{ reply: [{ type: 'flex', altText: 'a', contents: {} }] }])
    Object.assign(deep.spec.rules[0]?.reply?.[0] ?? {}, { contents })
    expect(compile(deep, linearRegex).problems).toEqual([
      { path: 'spec.rules[0].reply', message: 'more than 100 levels deep' },
    ])
  })

  it('leaves out a rule that no ConfigMap could hold', () => {
    const page = { type: 'box', layout: 'vertical', contents: [{ type: 'text', text: '斬'.repeat(8000) }] }
    const reply = Array.from({ length: 5 }, () => ({
      type: 'flex',
      altText: 'a',
      contents: { type: 'bubble', body: page },
    }))
    const oneOf = Array.from({ length: 8 }, () => ({ reply }))
    const { rules, problems } = compile(event([{ oneOf }, { reply: hi }]), linearRegex)
    expect(rules.map(({ index }) => index)).toEqual([1])
    expect(problems).toEqual([
      { path: 'spec.rules[0]', message: expect.stringMatching(/^96\d{4} bytes as JSON, at most 900000$/) },
    ])
  })

  it.each<[string, object, string, string[]]>([
    [
      'a type that is misspelt',
      { reply: hi },
      'folow',
      [
        'spec.type: `folow` is no event type of LINE that is known (one that is new there can be forwarded, without keywords, late and failed); did you mean follow?',
      ],
    ],
    ['a new type that is forwarded', { forward: { to: { uri: 'http://a' } } }, 'comet', []],
    [
      'a type without token',
      { reply: hi },
      'unsend',
      ['spec.rules[0].reply: unsend brings no reply token, so nothing can be said: use forward'],
    ],
    [
      'one of many for it',
      { oneOf: [{ reply: hi }, { reply: hi }] },
      'unfollow',
      ['spec.rules[0].oneOf: unfollow brings no reply token, so nothing can be said: use forward'],
    ],
    ['a type without token that is forwarded', { forward: { to: { uri: 'http://a' } } }, 'unsend', []],
    [
      'words for who cannot be told',
      { forward: { to: { uri: 'http://a' }, late: hi } },
      'leave',
      ['spec.rules[0].forward.late: leave brings no reply token, so nothing can be said: leave it out'],
    ],
    [
      'a chat where it never happens',
      { in: ['user'], reply: hi },
      'join',
      ['spec.rules[0].in: user: join happens in group and room only'],
    ],
    [
      'a chat for what has none',
      { in: ['user'], forward: { to: { uri: 'http://a' } } },
      'delivery',
      ['spec.rules[0].in: user: delivery belongs to no chat: leave it out'],
    ],
    ['a chat where it may happen', { in: ['user', 'group'], reply: hi }, 'join', []],
    [
      'an edited picture',
      { content: ['image'], reply: hi },
      'messageEdited',
      ['spec.rules[0].content: an edited message is always text: leave content out'],
    ],
    [
      'a mention in a chat with one',
      { in: ['user'], mentioned: true, reply: hi },
      'message',
      ['spec.rules[0].in: user: nobody can be mentioned there: write group or room too'],
    ],
    ['a chat with one where nobody is mentioned', { in: ['user'], mentioned: false, reply: hi }, 'message', []],
    [
      'a group’s name in a chat with one',
      { in: ['user'], reply: [{ type: 'text', text: 'Hi {{group.name}}' }] },
      'message',
      ['spec.rules[0].reply[0].text: group.name: there is no group in: user'],
    ],
    ['a group’s name for groups too', { reply: [{ type: 'text', text: 'Hi {{group.name}}' }] }, 'message', []],
    [
      'the keyword that was said',
      { keywords: ['a'], reply: [{ type: 'text', text: '{{match.keyword}}' }] },
      'message',
      [],
    ],
    ['keywords for edits', { keywords: ['火龍'], mentioned: true, reply: hi }, 'messageEdited', []],
    [
      'a mention where it may be said to one alone',
      { reply: mention },
      'message',
      ['spec.rules[0].reply[0].substitution: mentions are for groups and rooms: write in: [group, room]'],
    ],
    ['a mention in groups', { in: ['group', 'room'], reply: mention }, 'message', []],
    ['a mention for who mentioned the bot', { mentioned: true, reply: mention }, 'message', []],
    ['a mention for who came in', { reply: mention }, 'join', []],
    [
      'a film that is followed where groups may see it',
      { reply: film },
      'message',
      ['spec.rules[0].reply[0].trackingId: not in groups and rooms: leave it out, or write in: [user]'],
    ],
    ['a film that is followed, in chats with one', { in: ['user'], reply: film }, 'message', []],
    ['a film that is followed, for a new friend', { reply: film }, 'follow', []],
  ])('says of %s what is wrong', (_, rule, type, said) => {
    expect(linesOf(event([rule], type))).toEqual(said)
  })

  it('says what is wrong with a type once, however many rules there are', () => {
    expect(linesOf(event([{ reply: hi }, { reply: hi }], 'mesage'))).toHaveLength(1)
  })

  it.each<[string, object, string[]]>([
    ['message', { key: 'message.stickerId', operator: 'In', values: ['1'] }, []],
    ['follow', { key: 'follow.isUnblocked', operator: 'NotIn', values: ['true'] }, []],
    ['message', { key: 'message.mention.mentionees.3.userId', operator: 'Exists' }, []],
    ['message', { key: 'message.mention', operator: 'Exists' }, []],
    [
      'message',
      { key: 'message.mention', operator: 'In', values: ['x'] },
      ['key: message.mention holds more than one value: name one, as in message.mention.mentionees.0.index'],
    ],
    ['postback', { key: 'data.action', operator: 'Exists' }, []],
    [
      'message',
      { key: 'data.action', operator: 'Exists' },
      ['key: data.NAME is in a postback’s data, and message has none'],
    ],
    [
      'beacon',
      { key: 'beacon.tpye', operator: 'Exists' },
      ['key: beacon has no beacon.tpye; did you mean beacon.type?'],
    ],
    [
      'message',
      { key: 'stickerId', operator: 'Exists' },
      ['key: message has no stickerId; did you mean message.stickerId?'],
    ],
    [
      'unfollow',
      { key: 'nothing.like.this', operator: 'Exists' },
      [
        'key: unfollow has no nothing.like.this; known are: type, mode, timestamp, webhookEventId, deliveryContext.isRedelivery, source.type, source.userId, source.groupId, source.roomId',
      ],
    ],
    ['message', { key: 'message.type', operator: 'In' }, ['values: In needs at least one']],
    [
      'message',
      { key: 'message.type', operator: 'Exists', values: ['text'] },
      ['values: Exists takes none: leave them out'],
    ],
  ])('of a %s judges where: %j', (type, requirement, said) => {
    const of = event([{ where: [requirement], forward: { to: { uri: 'http://a' } } }], type)
    expect(linesOf(of)).toEqual(said.map((line) => `spec.rules[0].where[0].${line}`))
  })

  const exists = (key: string) => ({ where: [{ key, operator: 'Exists' }], reply: hi })
  it.each<[object, string, string[]]>([
    [{ ...exists('message.text'), content: ['image', 'file'] }, 'message', ['message.text in content: image, file']],
    [{ ...exists('message.stickerId'), keywords: ['a'] }, 'message', ['message.stickerId in content: text']],
    [{ ...exists('message.mention'), content: ['image'] }, 'message', ['message.mention in content: image']],
    [{ ...exists('source.groupId'), in: ['user', 'room'] }, 'message', ['source.groupId in chats with user, room']],
    [exists('source.roomId'), 'follow', ['source.roomId in chats with user']],
    [{ ...exists('message.text'), content: ['image', 'text'] }, 'message', []],
    [{ ...exists('message.mention'), content: ['text'] }, 'message', []],
    [{ ...exists('source.groupId'), in: ['user', 'group'] }, 'message', []],
    [{ where: [{ key: 'message.text', operator: 'DoesNotExist' }], content: ['image'], reply: hi }, 'message', []],
  ])('says of %j in a %s what can never hold', (written, type, said) => {
    expect(linesOf(event([written], type))).toEqual(
      said.map((what) => `spec.rules[0].where[0].key: never holds: there is no ${what}`),
    )
  })

  it('keeps where and schedule, and says what is wrong with a schedule at its path', () => {
    const where = [{ key: 'message.text', operator: 'Exists' }]
    const schedule = { timeZone: 'Asia/Taipei', times: [{ from: '22:00', until: '02:00' }] }
    expect(compile(event([{ where, schedule, reply: hi }]), linearRegex).rules).toMatchObject([{ where, schedule }])
    expect(linesOf(event([{ schedule: { timeZone: 'Taipei' }, reply: hi }]))).toEqual([
      'spec.rules[0].schedule.timeZone: Taipei is no time zone of the IANA database; did you mean Asia/Taipei?',
    ])
  })

  const knative = { apiVersion: 'serving.knative.dev/v1', kind: 'Service', name: 'llm' }
  const broker = { apiVersion: 'eventing.knative.dev/v1', kind: 'Broker', name: 'orders' }
  const bot = { apiVersion: 'linebot.dev/v1alpha1', kind: 'Bot', name: 'other' }
  const brokerUrl = (name: string) => (name === 'orders' ? 'http://ingress/demo/orders' : undefined)
  const forwarded = (to: object) =>
    compile({ ...event([{ forward: { to } }]), metadata: { name: 'e', namespace: 'demo' } }, linearRegex, brokerUrl)

  it.each<[object, object]>([
    [{ ref: knative }, { url: 'http://llm.demo.svc.cluster.local/' }],
    [{ ref: { ...knative, apiVersion: 'v1' } }, { url: 'http://llm.demo.svc.cluster.local/' }],
    [{ ref: knative, uri: '/v1/line?x=1' }, { url: 'http://llm.demo.svc.cluster.local/v1/line?x=1' }],
    [{ ref: knative, uri: 'v1' }, { url: 'http://llm.demo.svc.cluster.local/v1' }],
    [{ ref: broker }, { url: 'http://ingress/demo/orders' }],
    [{ ref: bot }, { url: 'http://other.demo.svc.cluster.local/', bot: true }],
    [{ uri: 'https://example.com/line' }, { url: 'https://example.com/line' }],
  ])('forwards to %j as %j', (to, found) => {
    expect(forwarded(to)).toMatchObject({ problems: [], rules: [{ replies: [], forward: { to: found } }] })
  })

  it('keeps how long to wait, and what to say then', () => {
    const forward = { to: { uri: 'http://a/' }, late: hi, failed: [...hi, ...hi] }
    expect(compile(event([{ forward }]), linearRegex).rules[0]?.forward).toEqual({
      to: { url: 'http://a/' },
      timeoutSeconds: 20,
      late: hi,
      failed: [...hi, ...hi],
    })
  })

  it.each<[object, string]>([
    [{ uri: 'ftp://a' }, 'uri: ftp://a is no http or https URL'],
    [{ uri: '/path' }, 'uri: /path is no http or https URL'],
    [
      { ref: knative, uri: 'https://example.com' },
      'uri: https://example.com is no path: beside ref it is added to its URL',
    ],
    [{ ref: knative, uri: '//example.com' }, 'uri: //example.com is no path: beside ref it is added to its URL'],
    [{ ref: bot, uri: '/v1' }, 'uri: a Bot has no paths: leave uri out'],
    [{ ref: broker, uri: '/v1' }, 'uri: a Broker has no paths: leave uri out'],
    [{ ref: { ...knative, kind: 'Servce' } }, 'ref.kind: Servce cannot be asked; did you mean Service?'],
    [
      { ref: { ...knative, apiVersion: 'serving.knative.dev/v1beta1' } },
      'ref.apiVersion: serving.knative.dev/v1beta1 Service cannot be asked; write serving.knative.dev/v1 or v1',
    ],
    [{ ref: { ...knative, name: 'a.b@evil' } }, 'ref.name: a.b@evil: no Service has such a name'],
    [{ ref: { ...broker, name: '../x' } }, 'ref.name: ../x: no Broker has such a name'],
    [
      { ref: { ...broker, name: 'gone' } },
      'ref: Broker gone is not there, or has no address yet: create it, or see `kubectl describe broker gone`',
    ],
  ])('leaves out a rule that forwards to %j', (to, said) => {
    const { rules, problems } = forwarded(to)
    expect([rules, problems.map(({ path, message }) => `${path}: ${message}`)]).toEqual([
      [],
      [`spec.rules[0].forward.to.${said}`],
    ])
  })

  it('takes a Broker to be there where nobody can ask', () => {
    expect(compile(event([{ forward: { to: { ref: broker } } }]), linearRegex).rules[0]?.forward?.to.url).toBe(
      'http://broker-ingress.knative-eventing.svc.cluster.local/default/orders',
    )
  })

  it.each(['late', 'failed'])('judges the messages of forward.%s as a reply', (member) => {
    const messages = [{ type: 'text', text: '{{no.such}}' }, { type: 'text' }]
    const paths = compile(event([{ forward: { to: { uri: 'http://a' }, [member]: messages } }]), linearRegex).problems
    expect(new Set(paths.map(({ path }) => path))).toEqual(
      new Set(['[0].text', '[1].text'].map((path) => `spec.rules[0].forward.${member}${path}`)),
    )
  })

  it('lets a fault of ours through', () => {
    expect(() => compile(event([{ keywords: ['a'], match: 'Regex', reply: hi }]), broken)).toThrow('ours')
  })
})
