import { CloudEvent, HTTP } from 'cloudevents'
import { describe, expect, it } from 'vitest'
import { answerIn } from '../../../functions/core/forward/answer.ts'

const text = (words: string) => ({ type: 'text', text: words })
const json = (value: unknown) => ({ contentType: 'application/json', body: JSON.stringify(value) })
const nonsense = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`member${i}`, 0]))
const quickReply = { items: [{ type: 'action', action: { type: 'message', label: 'yes', text: 'yes' } }] }

describe('an answer', () => {
  it.each<[string, { contentType?: string; body: string }, unknown[]]>([
    ['messages', json({ messages: [text('a'), text('b')] }), [text('a'), text('b')]],
    ['a list', json([text('a')]), [text('a')]],
    ['one message', json(text('a')), [text('a')]],
    ['a string', json('a'), [text('a')]],
    ['text', { contentType: 'text/plain; charset=utf-8', body: 'a' }, [text('a')]],
    ['text that looks like JSON', { contentType: 'text/plain', body: '{"a":1}' }, [text('{"a":1}')]],
    ['text without a type', { body: 'a' }, [text('a')]],
    ['JSON without a type', { body: '{"messages":[{"type":"text","text":"a"}]}' }, [text('a')]],
    [
      'JSON of a type of its own',
      { contentType: 'application/vnd.a+json', body: '["a"]'.replace('"a"', '{"type":"text","text":"a"}') },
      [text('a')],
    ],
    ['nothing', { body: '' }, []],
    ['blanks', { contentType: 'text/plain', body: ' \n' }, []],
    ['null', json(null), []],
    ['no messages', json({ messages: [] }), []],
    ['an empty list', json([]), []],
    ['an empty string', json(''), []],
  ])('of %s is what is said', (_what, answer, messages) => {
    expect(answerIn(answer)).toEqual({ messages, problems: [], leftOut: 0 })
  })

  it.each<[string, unknown, string | undefined]>([
    ['messages', { messages: [text('a')] }, undefined],
    ['text', 'a', 'text/plain'],
    ['bytes', Buffer.from(JSON.stringify([text('a')])), 'application/json'],
    ['nothing', undefined, undefined],
  ])('may be a CloudEvent of the SDK with %s as its data', (_what, data, datacontenttype) => {
    const event = new CloudEvent({ type: 't', source: 's', data, ...(datacontenttype && { datacontenttype }) })
    const messages = data === undefined ? [] : [text('a')]
    const { headers, body } = HTTP.structured(event)
    expect(answerIn({ contentType: String(headers['content-type']), body: String(body) }).messages).toEqual(messages)
  })

  it.each<[string, { contentType?: string; body: string }, string]>([
    ['HTML', { contentType: 'text/html', body: '<p>' }, 'answer: text/html is neither application/json nor text/plain'],
    [
      'broken JSON',
      { contentType: 'application/json', body: '{' },
      'answer: no JSON, although its content type says so',
    ],
    ['a number', json(1), 'answer: neither messages nor text'],
    ['something else', json({ answer: 42 }), 'answer: neither `messages` nor a message, which has a `type`'],
    [
      'a batch',
      { contentType: 'application/cloudevents-batch+json', body: '[]' },
      'answer: one CloudEvent, not a batch of them',
    ],
    [
      'a broken CloudEvent',
      { contentType: 'application/cloudevents+json', body: '[]' },
      'answer: not the JSON of a CloudEvent',
    ],
    ['an empty text', json([text('a'), text('')]), 'answer[1].text: empty, at least 1 of UTF-16 units'],
  ])('of %s is refused with its path', (_what, answer, problem) => {
    const { messages, problems } = answerIn(answer)
    expect(messages).toEqual([])
    expect(problems.map(({ path, message }) => `${path}: ${message}`)).toEqual([problem])
  })

  it('of more than five messages is its first five', () => {
    const all = [1, 2, 3, 4, 5, 6, 7].map((number) => text(String(number)))
    expect(answerIn(json(all))).toEqual({ messages: all.slice(0, 5), problems: [], leftOut: 2 })
  })

  it('of a text too long is several, with the quick reply on the last', () => {
    const { messages } = answerIn(json({ ...text('火'.repeat(5001)), quickReply }))
    expect(messages).toEqual([text('火'.repeat(5000)), { ...text('火'), quickReply }])
  })

  it('with an altText or a label that is too long is cut, as a rule’s reply is, and not refused', () => {
    const template = { type: 'buttons', text: 'a', actions: [{ type: 'message', label: 'L'.repeat(21), text: 'a' }] }
    const { messages, problems } = answerIn(json({ type: 'template', altText: 'A'.repeat(1501), template }))
    expect(problems).toEqual([])
    expect(messages).toEqual([
      {
        type: 'template',
        altText: `${'A'.repeat(1499)}…`,
        template: { ...template, actions: [{ type: 'message', label: `${'L'.repeat(19)}…`, text: 'a' }] },
      },
    ])
  })

  it('with data that is too long is refused, for nobody knows what is cut off', () => {
    const action = { type: 'postback', label: 'a', data: 'd'.repeat(301) }
    const template = { type: 'buttons', text: 'a', actions: [action] }
    expect(answerIn(json({ type: 'template', altText: 'a', template })).problems).toMatchObject([
      { path: 'answer[0].template.actions[0].data' },
    ])
  })

  it('has its quick reply on the last message, for LINE shows no other', () => {
    const { messages } = answerIn(json([{ ...text('a'), quickReply }, text('b')]))
    expect(messages).toEqual([text('a'), { ...text('b'), quickReply }])
  })

  it('is data, never a template', () => {
    expect(answerIn(json('{{user.id}}')).messages).toEqual([text('{{user.id}}')])
  })

  it.each<[string, object, string]>([
    ['a number', { type: 'sticker', packageId: '{{x}}', stickerId: '1' }, 'answer[0].packageId'],
    [
      'what is said',
      {
        ...text('a'),
        quickReply: {
          items: [{ type: 'action', action: { type: 'message', label: 'a', text: `{{'${'a'.repeat(300)}'}}` } }],
        },
      },
      'answer[0].quickReply.items[0].action.text',
    ],
    [
      'a URL',
      { type: 'image', originalContentUrl: '{{x}}', previewImageUrl: 'https://a.example' },
      'answer[0].originalContentUrl',
    ],
  ])('with what looks like a template for %s is refused, for LINE refuses it', (_what, message, path) => {
    expect(answerIn(json(message)).problems.map((one) => one.path)).toEqual([path])
  })

  it('keeps the braces of a textV2 as LINE reads them', () => {
    const message = {
      type: 'textV2',
      text: '{{{who}}}',
      substitution: { who: { type: 'emoji', productId: 'a', emojiId: 'b' } },
    }
    expect(answerIn(json(message)).messages).toEqual([message])
  })

  it.each<[string, object]>([
    ['very many', { type: 'flex', altText: 'a', contents: { type: 'bubble', ...nonsense } }],
    ['very long', { type: 'x'.repeat(100_000) }],
  ])('with %s mistakes is refused in few words, for they are logged', (_what, message) => {
    const { problems } = answerIn(json(message))
    expect(problems.length).toBeGreaterThan(0)
    expect(JSON.stringify(problems).length).toBeLessThan(5000)
  })
})
